package casella.bench;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Role;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.Rows;
import casella.store.tail.Tail;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one delivery costs, in counts that no machine changes: syncs, hops to the engine, rows read and written. A number
/// that has to go up here is a decision; one that goes down is to be set lower.
class DeliveryCostTest {
    private static final int DELIVERIES = 20;

    private final Counting engine = new Counting();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Tail tail;

    @SuppressWarnings("NullAway.Init") // set before each test
    private PackVault pack;

    @SuppressWarnings("NullAway.Init") // set before each test
    private RocksVault rocks;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Account account;

    @BeforeEach
    void open() {
        engine.inner = RocksEngine.open(folder.resolve("engine"), RocksEngineConfig.small());
        tail = Tail.open(folder.resolve("tail"));
        pack = PackVault.open("pack", folder.resolve("pack"));
        rocks = RocksVault.open("rocksdb", folder.resolve("rocksdb"), RocksVaultConfig.small());
        var debt = new Debt(Clock.system(), Metrics.none());
        var copies = new Copies(List.of(pack, rocks), Copies.Policy.DEFAULT, debt, Metrics.none());
        // A slow machine is no failure here.
        var times = new Accounts.Times(Duration.ofSeconds(30), Duration.ofSeconds(30));
        var accounts =
                new Accounts(
                        engine,
                        tail,
                        copies,
                        _ -> 1L << 30,
                        Accounts.Founder.none(),
                        times,
                        Clock.system(),
                        cpu,
                        Metrics.none());
        account = accounts.create(AccountId.random(), Map.of(Role.TRASH, "Trash"));
        // The first one makes files.
        deliver(Letters.make(1, 1).getFirst());
    }

    @AfterEach
    void close() {
        engine.close();
        tail.close();
        pack.close();
        rocks.close();
        cpu.close();
    }

    @Test
    void aDeliveryAloneCostsOneSyncOfEachPart() {
        long[] before = {engine.syncs(), tail.syncs(), pack.syncs(), rocks.syncs()};

        for (byte[] letter : Letters.make(DELIVERIES, 2)) deliver(letter);

        assertThat(engine.syncs() - before[0]).isEqualTo(DELIVERIES);
        assertThat(tail.syncs() - before[1]).isEqualTo(DELIVERIES);
        assertThat(pack.syncs() - before[2]).isEqualTo(DELIVERIES);
        assertThat(rocks.syncs() - before[3]).isEqualTo(DELIVERIES);
    }

    @Test
    void aDeliveryCostsOneHopToTheEngineAndFewRows() {
        byte[] letter = Letters.make(1, 3).getFirst();
        engine.forget();

        deliver(letter);

        assertThat(engine.hops).as("hops to read").hasValue(1);
        assertThat(engine.gets).as("rows read by key").hasValueLessThanOrEqualTo(5);
        assertThat(engine.scans).as("ranges read, one a Message-ID").hasValueLessThanOrEqualTo(1);
        assertThat(engine.writes).as("batches written").hasValue(1);
        assertThat(engine.rows).as("rows written and removed").hasValueLessThanOrEqualTo(18);
    }

    @Test
    void aMailboxOfAnySizeCostsADeliveryTheSame() {
        for (byte[] letter : Letters.make(3 * DELIVERIES, 4)) deliver(letter);
        engine.forget();

        deliver(Letters.make(1, 5).getFirst());

        assertThat(engine.gets).hasValueLessThanOrEqualTo(5);
        assertThat(engine.scanned).as("rows a scan met").hasValueLessThanOrEqualTo(1);
    }

    private void deliver(byte[] letter) {
        Outcome.Added outcome =
                account.add(NewEmail.delivery(letter, Instant.now(), "load@elsewhere.example", "anna@posta.example"));
        assertThat(outcome).isInstanceOf(Outcome.Kept.class);
    }

    /// Counts what goes to an engine.
    private static final class Counting implements Engine {
        @SuppressWarnings("NullAway.Init") // set before each test
        Engine inner;

        final AtomicInteger hops = new AtomicInteger();
        final AtomicInteger gets = new AtomicInteger();
        final AtomicInteger scans = new AtomicInteger();
        final AtomicInteger scanned = new AtomicInteger();
        final AtomicInteger writes = new AtomicInteger();
        final AtomicInteger rows = new AtomicInteger();

        void forget() {
            for (AtomicInteger count : List.of(hops, gets, scans, scanned, writes, rows)) count.set(0);
        }

        @Override
        public String technology() {
            return inner.technology();
        }

        @Override
        public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
            hops.incrementAndGet();
            return inner.read(account, time, below -> reading.read(new CountingRows(below)));
        }

        @Override
        public Ticket<Outcome> write(AccountId account, Batch batch) {
            writes.incrementAndGet();
            rows.addAndGet(batch.puts().size() + batch.deletes().size());
            return inner.write(account, batch);
        }

        @Override
        public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
            return inner.accounts(after, limit, time);
        }

        @Override
        public Ticket<Outcome> erase(AccountId account) {
            return inner.erase(account);
        }

        @Override
        public void probe(Duration time) {
            inner.probe(time);
        }

        @Override
        public long syncs() {
            return inner.syncs();
        }

        @Override
        public void close() {
            inner.close();
        }

        private final class CountingRows implements Rows {
            private final Rows below;

            CountingRows(Rows below) {
                this.below = below;
            }

            @Override
            public byte @Nullable [] get(byte[] key) {
                gets.incrementAndGet();
                return below.get(key);
            }

            @Override
            public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
                scans.incrementAndGet();
                below.scan(
                        from,
                        until,
                        backwards,
                        (key, value) -> {
                            scanned.incrementAndGet();
                            return visitor.row(key, value);
                        });
            }
        }
    }
}
