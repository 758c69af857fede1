package casella.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The `dns` section.
///
/// @param zoneFile answers come from this file and nothing is asked; for tests and closed networks
/// @param servers resolvers to ask, `address` or `address#port`; empty for the system's
/// @param dnssec whether they are believed when they say that DNSSEC proved an answer
public record DnsConfig(Optional<Path> zoneFile, List<String> servers, boolean dnssec) {
    static final String ABOUT = "Where names are looked up.";

    static DnsConfig read(Section in) {
        Path none = Path.of("");
        Path zone = in.path("zone-file")
                .means("Answers come from this zone file (RFC 1035 §5) and nothing is asked; for tests and closed networks.")
                .orElse(none, "none");
        List<String> servers = in.texts("servers")
                .means("Resolvers to ask, `192.0.2.53` or `192.0.2.53#5353`; none for those of the system.")
                .orElse(List.of());
        for (String server : servers) {
            if (!server.matches("[0-9A-Fa-f.:]+(#\\d{1,5})?")) in.problem("servers", "'" + server + "' is no address");
        }
        boolean dnssec = in.yesNo("dnssec")
                .means("Whether those resolvers check DNSSEC and nobody else can write to the way to them (as on this machine):"
                        + " then their word that an answer is proven counts, and servers of other domains are known by DANE.")
                .orElse(false);
        return new DnsConfig(zone.equals(none) ? Optional.empty() : Optional.of(zone), servers, dnssec);
    }
}
