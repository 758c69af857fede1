package casella.server;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metric;
import casella.base.Metrics;
import casella.server.config.Config;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.archive.Archiver;
import casella.store.archive.Archiving;
import casella.store.archive.Journalled;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Engine, tail and vaults of one machine, and the accounts over them.
final class Storage implements AutoCloseable {
    /// A vault that failed is not trusted alone for so long.
    private static final Duration DISTRUST = Duration.ofSeconds(30);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Engine engine;
    private final Tail tail;
    private final List<Vault> vaults;
    private final Bulkhead cpu;
    private final Accounts accounts;
    private final List<AccountId> closedAccounts;

    private Storage(Config config, Faces faces, Clock clock, Metrics metrics, Technologies technologies) {
        try {
            this.cpu = opened(new Bulkhead("cpu", Runtime.getRuntime().availableProcessors(), 1_024));
            this.engine = opened(technologies.engine(config.data().engine()));
            this.tail = opened(technologies.tail(config.data().tail()));
            this.vaults =
                    List.of(
                            opened(technologies.pack(config.data().pack())),
                            opened(technologies.rocksdb(config.data().rocksdb())));
            var times = new Accounts.Times(config.store().readTimeout(), config.store().writeTimeout());
            var policy =
                    new Copies.Policy(
                            config.store().ackMin(), config.store().writeTimeout(), config.store().readTimeout(), DISTRUST);
            var copies = new Copies(vaults, policy, new Debt(clock, metrics), metrics);
            var archiver = new Archiver(engine, tail, copies, clock, metrics, Archiver.Limits.STANDARD);
            this.accounts = new Accounts(engine, new Journalled(tail, archiver), copies, faces::quota, faces, times, clock, cpu, metrics);
            opened(faces.follow(accounts));
            this.closedAccounts = accounts.recover();
            opened(Archiving.start(archiver));
            metrics.gauge(Metric.STORE_SYNCS, engine::syncs, "engine");
            metrics.gauge(Metric.STORE_SYNCS, tail::syncs, "tail");
            for (Vault vault : vaults) metrics.gauge(Metric.STORE_SYNCS, vault::syncs, vault.name());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Opens everything and brings engine and tail together. Blocks on files: call it from a platform thread.
    ///
    /// @throws casella.base.Fault if a part cannot be opened; what was opened is closed again
    static Storage open(Config config, Faces faces, Clock clock, Metrics metrics, Technologies technologies) {
        return new Storage(config, faces, clock, metrics, technologies);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    Engine engine() {
        return engine;
    }

    Tail tail() {
        return tail;
    }

    List<Vault> vaults() {
        return vaults;
    }

    Bulkhead cpu() {
        return cpu;
    }

    Accounts accounts() {
        return accounts;
    }

    /// Returns accounts whose engine and tail tell different histories; they are not served.
    List<AccountId> closedAccounts() {
        return closedAccounts;
    }

    @Override
    public void close() {
        Closing.all(Collections.unmodifiableList(opened));
    }
}
