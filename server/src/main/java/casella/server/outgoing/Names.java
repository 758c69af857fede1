package casella.server.outgoing;

import casella.base.Clock;
import casella.dns.Resolver;
import casella.dns.StubResolver;
import casella.dns.ZoneFile;
import casella.server.config.DnsConfig;
import java.io.IOException;
import java.util.List;

/// Where names are looked up, as the configuration says.
public final class Names {
    private Names() {}

    /// @throws IOException if the zone file cannot be read
    public static Resolver resolver(DnsConfig config, Clock clock) throws IOException {
        if (config.zoneFile().isPresent()) {
            try {
                return ZoneFile.read(config.zoneFile().get());
            } catch (IOException | IllegalArgumentException e) {
                throw new IOException("dns.zone-file: cannot be read: " + config.zoneFile().get() + " ("
                        + e.getMessage() + ")",
                        e);
            }
        }
        List<StubResolver.Server> servers = config.servers().isEmpty()
                ? StubResolver.ofTheSystem(config.dnssec())
                : config.servers().stream().map(one -> StubResolver.Server.of(one, config.dnssec())).toList();
        return new StubResolver(servers, StubResolver.Patience.USUAL, clock);
    }
}
