package casella.bench;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Mailbox;
import casella.store.Role;
import casella.store.View;
import casella.store.archive.Archiver;
import casella.store.archive.Holdings;
import casella.store.archive.Journalled;
import casella.store.archive.LargeAccount;
import casella.store.archive.Reconciliation;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.standby.Claim;
import casella.store.standby.Registry;
import casella.store.standby.Standby;
import casella.store.standby.StandbyViews;
import casella.store.standby.SwitchedEngine;
import casella.store.tail.Tail;
import casella.store.vault.Vault;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// How long does the standby take to open an account, as the account grows?
///
/// Load: one account with a checkpoint over all but the last 999 messages, which lie in a segment, and 100 more in the tail:
/// as much as the archiver ever leaves between two checkpoints. Opened again and again with nothing of it in memory but what
/// vaults and operating system keep; then its mailboxes and the newest 50 messages of INBOX are read. The engine is not asked.
/// Expected: the same at 10,000 and at 1,000,000 messages, but for the list of pages in the checkpoint's head, 62 bytes each.
public final class StandbyBench {
    private static final int WAITING = 100;
    private static final int ARCHIVED = 999;
    private static final int LETTERS = 200;
    private static final int LETTER_BYTES = 2_000;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Path folder;
    private final PrintStream out;
    private final int rounds;

    private StandbyBench(Path folder, PrintStream out, int rounds) {
        this.folder = folder;
        this.out = out;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: FOLDER ROUNDS MESSAGES[,MESSAGES…]");
            System.exit(2);
        }
        Locale.setDefault(Locale.ROOT);
        PrintStream out = System.out;
        out.println(Busy.load());
        var bench = new StandbyBench(Path.of(arguments[0]), out, Integer.parseInt(arguments[1]));
        for (String count : arguments[2].split(",")) bench.measure(Integer.parseInt(count));
        out.println(Busy.load());
        System.exit(0);
    }

    /// Everything that outlives an opening.
    private record Parts(RocksEngine engine, Tail tail, Copies copies, Bulkhead cpu) {
        Archiver archiver(Engine served) {
            return new Archiver(
                    served, tail, copies, Clock.system(), Metrics.none(), Archiver.Limits.STANDARD);
        }

        Accounts accounts(Engine served) {
            var times = new Accounts.Times(TIME, TIME);
            Archiver archiver = archiver(served);
            return new Accounts(
                    served, new Journalled(tail, archiver), copies, _ -> 1L << 50, Accounts.Founder.none(),
                    times, Clock.system(), cpu, Metrics.none());
        }
    }

    private void measure(int messages) throws Exception {
        Path at = folder.resolve("of-" + messages);
        Files.createDirectories(at);
        try (Vault pack = PackVault.open("pack", at.resolve("pack"));
                Vault rocks = RocksVault.open("rocksdb", at.resolve("rocksdb"), RocksVaultConfig.standard());
                var engine = RocksEngine.open(at.resolve("engine"), RocksEngineConfig.standard());
                var tail = Tail.open(at.resolve("tail"));
                var cpu = new Bulkhead("cpu", Runtime.getRuntime().availableProcessors(), 1_024)) {
            var debt = new Debt(Clock.system(), Metrics.none());
            var copies = new Copies(List.of(pack, rocks), Copies.Policy.DEFAULT, debt, Metrics.none());
            var parts = new Parts(engine, tail, copies, cpu);
            AccountId account = made(parts, messages);
            var opened = new double[rounds];
            var read = new double[rounds];
            long pages = 0;
            for (int i = 0; i < rounds; i++) {
                pages = open(parts, account, at.resolve("registry-" + i), opened, read, i, messages);
            }
            out.printf("  opening:       %s%n", text(opened));
            out.printf("  and newest 50: %s%n", text(read));
            out.printf("  pages read by opening and reading: %d%n", pages);
        }
    }

    private AccountId made(Parts parts, int messages) {
        var busy = new Busy();
        Accounts accounts = parts.accounts(parts.engine());
        Account anna = accounts.create(AccountId.random(), Map.of(Role.TRASH, "Trash", Role.SENT, "Sent"));
        parts.archiver(parts.engine()).archive(anna.id());
        List<byte[]> letters = Letters.make(LETTERS, 7).stream()
                .map(letter -> Arrays.copyOf(letter, Math.min(letter.length, LETTER_BYTES)))
                .toList();
        var large = new LargeAccount(parts.copies());
        large.fill(anna.id(), letters, messages - ARCHIVED - WAITING, _ -> {});
        large.follow(anna.id(), letters, ARCHIVED, parts.tail(), WAITING);
        out.printf("%,d messages: made in %.0f s, %s%n", messages, busy.seconds(), large.newest(anna.id()));
        return anna.id();
    }

    private static long open(
            Parts parts, AccountId account, Path folder, double[] opened, double[] read, int round,
            int messages) {
        try (Registry registry = Registry.open(folder)) {
            var holdings = Holdings.of(parts.copies(), TIME);
            var reconciliation = new Reconciliation(parts.copies(), Clock.system(), Metrics.none());
            try (var views =
                    new StandbyViews(registry, parts.tail(), parts.copies(), reconciliation)) {
                Accounts accounts = parts.accounts(new SwitchedEngine(parts.engine(), registry, views));
                var standbyParts = new Standby.Parts(
                        accounts, parts.engine(), parts.tail(), holdings, reconciliation, registry, views,
                        (_, _, _) -> {});
                try (var standby =
                        new Standby(standbyParts, Disk.real(), folder, Clock.system(), Metrics.none())) {
                    long start = System.nanoTime();
                    var _ = standby.open(account, Claim.Reason.OPERATOR);
                    opened[round] = (System.nanoTime() - start) / 1e6;
                    Account anna = accounts.open(account);
                    Mailbox inbox = Objects.requireNonNull(anna.read(view -> view.mailbox(Mailbox.INBOX)));
                    var from = casella.base.Uid.of(Math.max(1, inbox.uidNext() - 50));
                    int shown = anna.read(view -> view.placements(inbox.id(), from, 50)).size();
                    read[round] = (System.nanoTime() - start) / 1e6;
                    long there = anna.<Long>read(View::emailCount);
                    if (shown != 50 || there != messages) throw new IllegalStateException("not all there: "
                            + there);
                    return views.pagesRead();
                }
            }
        }
    }

    private static String text(double[] millis) {
        double first = millis[0];
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return "first %.1f ms, p50 %.1f ms, p99 %.1f ms, most %.1f ms (%d times)".formatted(
                first, sorted[sorted.length / 2], sorted[(int) Math.ceil(sorted.length * 0.99) - 1],
                sorted[sorted.length - 1], sorted.length);
    }
}
