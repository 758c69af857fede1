package casella.bench;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.Role;
import casella.store.archive.Archiver;
import casella.store.archive.Archiving;
import casella.store.archive.Holdings;
import casella.store.archive.Journalled;
import casella.store.archive.Reconciliation;
import casella.store.archive.Restorer;
import casella.store.care.Care;
import casella.store.disk.Disk;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// What does the store do a second, without protocols: deliveries, changes, accounts rebuilt, bytes scrubbed?
///
/// Load: 64 callers, each with an account of its own; letters as [Letters] makes them. Everything is synced in two vaults,
/// engine and tail. Expected: limited by the cores; one delivery about four syncs alone, less than one at 64.
final class StoreLoad {
    private static final Duration TIME = Duration.ofMinutes(5);
    private static final int LETTERS = 400;
    private static final int ROUNDS_MAX = 10_000;

    private final Path folder;
    private final double seconds;
    private final PrintStream out;
    private final List<byte[]> letters = Letters.make(LETTERS, 7);
    private final List<Account> accounts = new ArrayList<>();
    private final List<Placement> placements = new ArrayList<>();

    StoreLoad(Path folder, double seconds, PrintStream out) {
        this.folder = folder;
        this.seconds = seconds;
        this.out = out;
    }

    void run(List<Vault> vaults) throws InterruptedException {
        var engine = RocksEngine.open(folder.resolve("engine"), RocksEngineConfig.standard());
        var tail = Tail.open(folder.resolve("tail"));
        var cpu = new Bulkhead("cpu", Runtime.getRuntime().availableProcessors(), 1_024);
        var debt = new Debt(Clock.system(), Metrics.none());
        var copies = new Copies(vaults, Copies.Policy.DEFAULT, debt, Metrics.none());
        var archiver =
                new Archiver(engine, tail, copies, Clock.system(), Metrics.none(), Archiver.Limits.STANDARD);
        var journal = new Journalled(tail, archiver);
        var times = new Accounts.Times(Duration.ofSeconds(30), Duration.ofSeconds(30));
        var all =
                new Accounts(
                        engine, journal, copies, _ -> 1L << 40, Accounts.Founder.none(), times,
                                Clock.system(), cpu,
                        Metrics.none());
        try {
            for (int i = 0; i < 64; i++) accounts.add(all.create(AccountId.random(), Map.of(Role.TRASH,
                    "Trash")));
            for (Account account : accounts) placements.add(deliver(account, 0));
            for (int callers : new int[] {1, 16, 64}) deliveries(callers, engine, tail, vaults);
            for (int callers : new int[] {1, 16, 64}) changes(callers);
            Archiving.start(archiver).close();
            while (archiver.round() > 0) Thread.onSpinWait();
            var doubts = new Reconciliation(copies, Clock.system(), Metrics.none());
            rebuild(new Restorer(engine, journal, Holdings.of(copies, TIME), doubts), vaults);
            var rates = new Care.Rates(1L << 40, 1L << 40);
            var files = folder.resolve("care");
            try (Care care = Care.open(engine, copies, rates, Disk.real(), files, Clock.system(),
                    Metrics.none())) {
                scrub(care.start(all), vaults);
            }
        } finally {
            engine.close();
            tail.close();
            cpu.close();
        }
    }

    private Placement deliver(Account account, int which) {
        byte[] letter = letters.get(which % LETTERS);
        var mail = NewEmail.delivery(letter, Instant.now(), "load@elsewhere.example", "anna@posta.example");
        if (account.add(mail) instanceof Outcome.Kept kept) return kept.placements().getFirst();
        throw new IllegalStateException("not kept");
    }

    private void deliveries(int callers, RocksEngine engine, Tail tail,
            List<Vault> vaults) throws InterruptedException {
        long[] before = syncs(engine, tail, vaults);
        var busy = new Busy();
        Measured measured = many("delivery", callers, caller -> deliver(accounts.get(caller),
                (int) System.nanoTime() & 0xFF));
        double cores = busy.cores();
        long[] after = syncs(engine, tail, vaults);
        var each = new StringBuilder();
        double sum = 0;
        String[] part = {"engine", "tail", vaults.get(0).name(), vaults.get(1).name()};
        for (int i = 0; i < before.length; i++) {
            double one = (after[i] - before[i]) / (double) measured.done();
            sum += one;
            each.append(String.format(java.util.Locale.ROOT, " %s %.2f", part[i], one));
        }
        out.printf(java.util.Locale.ROOT, "%s  %.2f cores busy%n  flushes each: %.2f (%s )%n",
                measured.text(), cores, sum, each);
    }

    private static long[] syncs(RocksEngine engine, Tail tail, List<Vault> vaults) {
        return new long[] {engine.syncs(), tail.syncs(), vaults.get(0).syncs(), vaults.get(1).syncs()};
    }

    private void changes(int callers) throws InterruptedException {
        var busy = new Busy();
        long[] turn = new long[callers];
        Measured measured =
                many(
                        "change of keywords",
                        callers,
                        caller -> {
                            Placement at = placements.get(caller);
                            Keywords seen = Keywords.of(Keywords.SEEN);
                            Keywords.Edit edit =
                                    turn[caller]++ % 2 == 0 ? new Keywords.Edit.Add(seen)
                                            : new Keywords.Edit.Remove(seen);
                            var _ = accounts.get(caller).setKeywords(at.mailbox(), List.of(at.uid()), edit,
                                    null);
                        });
        out.printf(java.util.Locale.ROOT, "%s  %.2f cores busy%n", measured.text(), busy.cores());
    }

    private Measured many(String name, int callers, IntConsumer work) throws InterruptedException {
        var times = new ConcurrentLinkedQueue<Double>();
        var failed = new AtomicLong();
        var done = new CountDownLatch(callers);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (int i = 0; i < callers; i++) {
            int caller = i;
            Thread.ofVirtual()
                    .start(
                            () -> {
                                while (System.nanoTime() < end) {
                                    long began = System.nanoTime();
                                    try {
                                        work.accept(caller);
                                        times.add((System.nanoTime() - began) / 1e6);
                                    } catch (RuntimeException e) {
                                        failed.incrementAndGet();
                                    }
                                }
                                done.countDown();
                            });
        }
        done.await();
        double took = (System.nanoTime() - start) / 1e9;
        return Measured.of(name, callers, failed.get(), took, times.stream().mapToDouble(Double::doubleValue)
                .toArray());
    }

    /// Makes every account's view anew from one vault and the tail, one after another.
    private void rebuild(Restorer restorer, List<Vault> vaults) {
        for (Vault vault : vaults) {
            long emails = 0;
            var busy = new Busy();
            for (Account account : accounts) {
                emails += account.<Long>read(view -> view.emailCount());
                var _ = restorer.rebuild(account.id(), Holdings.of(List.of(vault), TIME), Modseq.NONE);
            }
            double took = busy.seconds();
            out.printf(
                    java.util.Locale.ROOT,
                    "rebuild from %-8s %d accounts, %,d messages: %.1f s, %,.0f messages/s, %.2f cores busy%n",
                    vault.name(), accounts.size(), emails, took, emails / took, busy.cores());
        }
    }

    private void scrub(Care care, List<Vault> vaults) {
        // Passes are noted by whole seconds.
        Instant before = Instant.now().plusSeconds(2);
        while (Instant.now().isBefore(before)) LockSupport.parkNanos(1_000_000);
        var busy = new Busy();
        care.scrubNow();
        for (int round = 0; round < ROUNDS_MAX && !proven(care,
                before); round++) LockSupport.parkNanos(20_000_000);
        long bytes = 0;
        for (Vault vault : vaults) bytes += vault.figures().bytes();
        double took = busy.seconds();
        out.printf(
                java.util.Locale.ROOT, "scrub of both vaults: %,d MB in %.1f s, %.0f MB/s, %.2f cores busy%n",
                        bytes >> 20,
                took, bytes / took / 1e6, busy.cores());
    }

    private static boolean proven(Care care, Instant since) {
        return care.status().vaults().stream()
                .allMatch(one -> one.provenSince() != null && !one.provenSince()
                        .isBefore(since.minusSeconds(1)));
    }
}
