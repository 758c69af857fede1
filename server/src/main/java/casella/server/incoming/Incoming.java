package casella.server.incoming;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.Delivery;
import casella.dns.Resolver;
import casella.queue.LocalQueue;
import casella.server.config.AccessConfig;
import casella.server.config.Config;
import casella.server.scanning.MailScans;
import casella.smtp.Admittance;
import casella.store.Accounts;
import casella.store.deletion.Erasure;
import casella.wire.Bans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What looks at mail that comes, put together as the configuration wants it.
public final class Incoming implements AutoCloseable {
    private static final String BANS = "bans";

    private final Bans bans;
    private final KeptBans kept;
    private final PeerChecks checks;
    private final Gate gate;
    private Optional<MailScans> scans = Optional.empty();

    private Incoming(Bans bans, KeptBans kept, PeerChecks checks, Gate gate) {
        this.bans = bans;
        this.kept = kept;
        this.checks = checks;
        this.gate = gate;
    }

    /// @param busy says whether mail waits here for accounts that are away
    /// @param cpu for what costs computing
    public static Incoming of(
            Config config, Resolver names, BooleanSupplier busy, Bulkhead cpu,
            Clock clock, Metrics metrics) {
        AccessConfig.Bans wanted = config.access().bans();
        var never = new ArrayList<>(wanted.never());
        never.addAll(config.smtp().trustedPeers());
        var bans = new Bans(wanted.points(), wanted.time(), never, config.access().directory()
                .throttleLoopback(),
                clock, metrics);
        KeptBans kept = KeptBans.open(config.data().folder().resolve(BANS), bans);
        var gate = new Gate(config.incoming(), config.smtp().uncheckedPeers(), names, busy, bans, clock,
                metrics);
        return new Incoming(bans, kept, new PeerChecks(
                names, cpu, clock, metrics, config.mail().hostname(), config.smtp(),
                Strictness.of(config.incoming()), gate::proven), gate);
    }

    /// Returns who says which strangers come in.
    public Admittance admittance() {
        return gate;
    }

    /// Returns who is shut out.
    public Bans bans() {
        return bans;
    }

    /// Has mail be scanned, now and later.
    ///
    /// @throws IOException if a file that the `scanning` section names cannot be read
    public Incoming scans(
            Config config, Accounts accounts, LocalQueue queue, Erasure erasure, Clock clock, Metrics metrics)
            throws IOException {
        MailScans started = MailScans.start(
                config.scanning(), config.data().scans(), accounts, queue, clock, metrics);
        erasure.add(started);
        scans = Optional.of(started);
        return this;
    }

    /// Has all that `delivery` is given be looked at from now on.
    public void looksAt(Delivery delivery) {
        delivery.checks(checks);
        scans.ifPresent(one -> delivery.scans(one.scanning()));
    }

    @Override
    public void close() {
        gate.close();
        kept.close();
        scans.ifPresent(MailScans::close);
    }
}
