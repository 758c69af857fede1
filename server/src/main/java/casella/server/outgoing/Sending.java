package casella.server.outgoing;

import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.Delivery;
import casella.delivery.Srs;
import casella.delivery.Trace;
import casella.dns.Resolver;
import casella.queue.LocalQueue;
import casella.relay.MtaSts;
import casella.relay.Relay;
import casella.relay.RelayConfig;
import casella.relay.TlsPolicy;
import casella.server.config.Config;
import casella.server.config.RelaySection;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/// Sends what waits for other servers.
public final class Sending {
    private static final int BATCH = 100;
    private static final String POLICIES = "mta-sts";
    private static final Duration IDLE = Duration.ofSeconds(5);

    private Sending() {}

    /// Begins to send.
    ///
    /// @throws IOException if the password of the server that takes all of it cannot be read
    public static Relay start(
            Config config, LocalQueue queue, Resolver resolver, Delivery delivery, Clock clock,
                    Metrics metrics)
            throws IOException {
        String host = config.mail().hostname();
        delivery.forwards(new Srs(SrsKey.open(config.data().keys()), clock));
        delivery.tellsOfSuccess(new Deliveries(host, delivery, clock));
        RelayConfig settings = settings(config);
        MtaSts policies = MtaSts.open(config.data().folder().resolve(POLICIES), resolver, settings, clock);
        return new Relay(queue, resolver, settings, (to, id, report) -> delivery.report(
                to, id, new Trace(host, InetAddress.getLoopbackAddress(), host, "ESMTP", id.toString(),
                        clock.now(), true),
                report), clock, metrics).policies(policies).start();
    }

    private static RelayConfig settings(Config config) throws IOException {
        RelaySection relay = config.relay();
        Optional<RelayConfig.Through> through = Optional.empty();
        if (relay.through().isPresent()) through = Optional.of(through(relay.through().get()));
        return new RelayConfig(
                config.mail().hostname(), relay.port(), relay.connectionsMax(), relay.perDestination(), BATCH,
                        IDLE,
                relay.privateNetworks(), through, relay.perMinute(), relay.perMinuteOf());
    }

    private static RelayConfig.Through through(RelaySection.Through one) throws IOException {
        TlsPolicy tls = one.tls().equals("none") ? new TlsPolicy.None()
                : new TlsPolicy.Verified(one.tls().equals("tls"), one.certificate());
        String password = one.password().isEmpty() ? "" : Files.readString(one.password().get()).strip();
        return new RelayConfig.Through(one.host(), one.port(), tls, one.user(), password);
    }
}
