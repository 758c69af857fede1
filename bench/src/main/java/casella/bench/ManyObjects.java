package casella.bench;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// What does one account cost among very many objects: to list, to erase, in memory?
///
/// Load: mails of 200 bytes of 1,000 objects an account, dealt to the accounts in turn, so that every account lies in
/// every segment; then merged. Expected: after merging a list reads the account's own rows and heads and little else,
/// however many objects there are; memory about 2.2 bytes an object.
final class ManyObjects {
    private static final Duration TIME = Duration.ofHours(3);
    private static final int EACH = 1_000;
    private static final int UNDER_WAY = 2_000;
    private static final int CONTENT_BYTES = 200;

    private final Path folder;
    private final long objects;
    private final PrintStream out;

    ManyObjects(Path folder, long objects, PrintStream out) {
        this.folder = folder;
        this.objects = objects;
        this.out = out;
    }

    void run() {
        long accounts = objects / EACH;
        long before = Busy.heap();
        var config = PackConfig.standard().with(PackConfig.Compacting.WHEN_ASKED);
        try (PackVault vault = PackVault.open("pack", folder, Disk.real(), config)) {
            fill(vault, accounts);
            list(vault, "list, before merging", 3);
        }
        try (PackVault vault = PackVault.open("pack", folder, Disk.real(), config)) {
            var busy = new Busy();
            Vault.Upkeep upkeep = vault.compact(TIME);
            double seconds = busy.seconds();
            out.printf(
                    "merged %,d objects, %,d files in %d runs: %.1f s, %,.0f objects/s, read %,d MB, written %,d MB%n",
                    objects, upkeep.files(), upkeep.runs(), seconds, objects / seconds, busy.read() >> 20,
                    busy.written() >> 20);
            long heap = Busy.heap() - before;
            out.printf(
                    "memory: %.2f bytes an object in indexes, %.2f in all%n",
                            upkeep.indexBytes() / (double) objects,
                    heap / (double) objects);
            for (int account : new int[] {4, 5, 6}) list(vault, "list, merged", account);
            erase(vault, new AccountId(spread(5)), before);
        }
    }

    private void fill(PackVault vault, long accounts) {
        Deque<Ticket<Void>> underWay = new ArrayDeque<>();
        var random = new Random(1);
        byte[] content = new byte[CONTENT_BYTES];
        random.nextBytes(content);
        var busy = new Busy();
        for (long i = 0; i < objects; i++) {
            var account = new AccountId(spread(i % accounts));
            ByteBuffer.wrap(content).putLong(i);
            byte[] hash = new byte[Sha256.BYTES];
            ByteBuffer.wrap(hash).putLong(0, i).putLong(8, random.nextLong());
            var name = new ObjectName(account, Kind.MAIL, i, i, Sha256.wrap(hash));
            underWay.add(vault.put(name, StoredObject.encode(name, new byte[20], content)));
            if (underWay.size() == UNDER_WAY) wait(underWay, UNDER_WAY / 2);
        }
        wait(underWay, underWay.size());
        out.printf("written %,d objects of %,d accounts: %.1f s, %,.0f/s%n", objects, accounts,
                busy.seconds(),
                objects / busy.seconds());
    }

    private static void wait(Deque<Ticket<Void>> underWay, int count) {
        Deadline deadline = Deadline.in(TIME);
        for (int i = 0; i < count; i++) {
            var _ = underWay.remove().await(deadline);
        }
    }

    /// Account ids are random numbers.
    private static long spread(long number) {
        return (number + 1) * 0x9E3779B97F4A7C15L;
    }

    private void list(Vault vault, String what, int account) {
        var busy = new Busy();
        int listed = 0;
        List<Vault.Entry> page = vault.list(new AccountId(spread(account)), Kind.MAIL, null, 10_000, TIME);
        while (!page.isEmpty()) {
            listed += page.size();
            page = vault.list(new AccountId(spread(account)), Kind.MAIL, page.getLast().name(), 10_000, TIME);
        }
        out.printf("%s: %,d objects, %.1f ms, %,d bytes read%n", what, listed, busy.seconds() * 1e3,
                busy.read());
    }

    private void erase(PackVault vault, AccountId account, long before) {
        var busy = new Busy();
        var _ = vault.erase(account).await(Deadline.in(TIME));
        out.printf("erase answered: %.1f ms%n", busy.seconds() * 1e3);
        busy = new Busy();
        Vault.Upkeep upkeep = vault.compact(TIME);
        out.printf(
                "erased from the disk: %.1f s, read %,d MB, written %,d MB, %d accounts left to erase%n",
                        busy.seconds(),
                busy.read() >> 20, busy.written() >> 20, upkeep.erasing());
        if (!vault.list(account, Kind.MAIL, null, 1, TIME)
                .isEmpty()) throw new IllegalStateException("still there");
        long[] heaps = {before, Busy.heap()};
        out.printf("heap before and after: %s MB%n", Arrays.toString(Arrays.stream(heaps).map(b -> b >> 20)
                .toArray()));
    }
}
