package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.testkit.SimulatedDisk;
import casella.testkit.SimulatedDisk.Op;
import casella.testkit.VaultContract.Piece;
import casella.testkit.VaultHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that compaction changes nothing that is served, whatever happens meanwhile, and takes back the space of
/// what is gone.
final class PackCompactionTest {
    private static final Path FOLDER = Path.of("pack");
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    private SimulatedDisk disk = new SimulatedDisk(1);

    private static PackVault open(SimulatedDisk disk) {
        return PackVault.open("pack", FOLDER, disk, new PackConfig(16 << 10, 0.05, Duration.ofSeconds(5)));
    }

    private static void await(Ticket<Void> ticket) {
        var _ = ticket.await(Deadline.in(TIME));
    }

    private static List<Piece> keep(Vault vault, int from, int count) {
        List<Piece> kept = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            Piece piece = Piece.mail(new AccountId(i % 3), i, 200 + i * 7 % 900);
            await(vault.put(piece.name(), piece.object()));
            kept.add(piece);
        }
        return kept;
    }

    private static byte @Nullable [] content(Vault vault, ObjectName name) {
        byte[] object = vault.get(name, 0, 1 << 20, TIME);
        return object == null ? null : StoredObject.read(name, object);
    }

    private static void allThere(Vault vault, List<Piece> pieces) {
        for (Piece piece : pieces) assertThat(content(vault, piece.name())).isEqualTo(piece.content());
    }

    private List<Path> files(String suffix) {
        return disk.files().stream().filter(path -> path.toString().endsWith(suffix)).toList();
    }

    private boolean onDisk(Piece piece) throws IOException {
        byte[] wanted = piece.content();
        for (Path file : disk.files()) if (contains(disk.bytes(file), wanted)) return true;
        return false;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        return Collections.indexOfSubList(boxed(bytes), boxed(wanted)) >= 0;
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> all = new ArrayList<>(bytes.length);
        for (byte b : bytes) all.add(b);
        return all;
    }

    @Test
    void segmentsBecomeOneRunInNameOrderAndServeTheSame() {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 200);
            int before = files(".seg").size();

            Vault.Upkeep done = vault.compact(TIME);

            assertThat(before).isGreaterThan(8);
            assertThat(done.runs()).isLessThanOrEqualTo(2);
            allThere(vault, kept);
            assertThat(vault.figures().objects()).isEqualTo(200);
        }
        try (PackVault vault = open(disk)) {
            assertThat(vault.list(ANNA, Kind.MAIL, null, 1_000, TIME)).hasSize(67);
            assertThat(vault.figures().objects()).isEqualTo(200);
        }
    }

    @Test
    void aRandomHistoryWithCompactionsEndsAsItsModelSays() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        for (int round = 0; round < 6; round++) {
            disk = new SimulatedDisk(seed + round);
            PackVault[] vault = {open(disk)};
            var history = new VaultHistory(seed + round, () -> vault[0]);
            for (int step = 0; step < 8; step++) {
                history.go(40);
                vault[0].compact(TIME);
                history.check();
                if (step % 3 != 2) continue;
                vault[0].close();
                vault[0] = open(disk);
                vault[0].compact(TIME);
                history.check();
            }
            vault[0].close();
        }
    }

    @Test
    void anErasedAccountsBytesAreGoneFromTheDisk() throws IOException {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 120);
            vault.compact(TIME);
            kept.addAll(keep(vault, 120, 30));
            List<Piece> annas = kept.stream().filter(piece -> piece.name().account().equals(ANNA)).toList();
            await(vault.erase(ANNA));
            for (Piece piece : List.of(annas.getFirst(), annas.getLast())) assertThat(onDisk(piece)).isTrue();

            Vault.Upkeep done = vault.compact(TIME);

            assertThat(done.erasing()).isZero();
            for (Piece piece : annas) assertThat(onDisk(piece)).isFalse();
            kept.removeAll(annas);
            allThere(vault, kept);
            assertThat(vault.figures().objects()).isEqualTo(kept.size());
        }
    }

    @Test
    void theSpaceOfDeletedObjectsIsTakenBack() throws IOException {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 200);
            long before = bytesOnDisk();
            for (Piece piece : kept.subList(20, 200)) await(vault.delete(piece.name()));

            vault.compact(TIME);

            assertThat(bytesOnDisk()).isLessThan(before / 4);
            for (Piece piece : kept.subList(20, 200)) assertThat(content(vault, piece.name())).isNull();
            allThere(vault, kept.subList(0, 20));
        }
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path file : disk.files()) bytes += disk.bytes(file).length;
        return bytes;
    }

    @Test
    void aDamagedRecordCostsItselfAndItsBytesAreKept() throws IOException {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 100);
            Piece hit = kept.get(37);
            flip(hit);

            vault.compact(TIME);

            assertThat(content(vault, hit.name())).isNull();
            kept.remove(hit);
            allThere(vault, kept);
            assertThat(vault.figures()).extracting(Vault.Figures::objects, Vault.Figures::quarantined).containsExactly(
                    99L, 1L);
            assertThat(files(".bad")).hasSize(1);
            byte[] end = Arrays.copyOfRange(hit.content(), hit.content().length / 2 + 1, hit.content().length);
            assertThat(contains(disk.bytes(files(".bad").getFirst()), end)).isTrue();
        }
        try (PackVault vault = open(disk)) {
            assertThat(vault.figures().quarantined()).describedAs("remembered").isEqualTo(1);
        }
    }

    /// Turns a bit in the middle of an object's content over.
    private void flip(Piece piece) throws IOException {
        for (Path file : files(".seg")) {
            int at = Collections.indexOfSubList(boxed(disk.bytes(file)), boxed(piece.content()));
            if (at >= 0) disk.flip(file, at + piece.content().length / 2L, 3);
        }
    }

    @Test
    void removalsThatArriveDuringACompactionAreHonoured() {
        List<Piece> kept;
        try (PackVault vault = open(disk)) {
            kept = keep(vault, 0, 150);
        }
        try (PackVault vault = open(disk)) {
            CountDownLatch hung = disk.hang(Op.RENAME); // the run is written and not yet in its place
            Thread compacting = Thread.ofPlatform().start(() -> vault.compact(TIME));
            Deadline deadline = Deadline.in(TIME);
            while (files(".new").isEmpty() && !deadline.over()) Thread.onSpinWait();
            await(vault.delete(kept.get(0).name()));
            await(vault.erase(ANNA));
            Piece late = Piece.mail(ANNA, 900, 300);
            await(vault.put(late.name(), late.object()));
            hung.countDown();
            join(compacting);

            gone(vault, kept);
            assertThat(content(vault, late.name())).isEqualTo(late.content());
            vault.compact(TIME);
            gone(vault, kept);
            assertThat(content(vault, late.name())).isEqualTo(late.content());
        }
        try (PackVault vault = open(disk)) {
            gone(vault, kept);
        }
    }

    private static void gone(PackVault vault, List<Piece> kept) {
        for (Piece piece : kept) {
            boolean gone = piece == kept.getFirst() || piece.name().account().equals(ANNA);
            assertThat(content(vault, piece.name())).isEqualTo(gone ? null : piece.content());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void onANearlyFullDiskCompactionFreesWhatItCanAndPutsAreTakenAgain() {
        disk.capacity(400_000);
        try (PackVault vault = open(disk)) {
            List<Piece> kept = new ArrayList<>();
            @Nullable Throwable refused = null;
            for (int i = 0; i < 2_000 && refused == null; i++) {
                int order = i;
                refused = catchThrowable(() -> kept.addAll(keep(vault, order, 1)));
            }
            assertThat(refused).isInstanceOf(Fault.Exhausted.class);
            vault.compact(TIME);
            allThere(vault, kept);
            // A removal needs room, too: few of them, and all in the oldest segments.
            for (Piece piece : kept.subList(0, 60)) await(vault.delete(piece.name()));
            await(vault.erase(ANNA));

            Piece more = Piece.mail(BRUNO, 5_000, 500);
            Deadline deadline = Deadline.in(TIME);
            do { // what is free is measured every second
                vault.compact(TIME);
                refused = catchThrowable(() -> await(vault.put(more.name(), more.object())));
            } while (refused != null && !deadline.over());
            assertThat(content(vault, more.name())).isEqualTo(more.content());
            for (Piece piece : kept.subList(60, kept.size())) {
                boolean gone = piece.name().account().equals(ANNA);
                assertThat(content(vault, piece.name())).isEqualTo(gone ? null : piece.content());
            }
        }
    }

    @Test
    void aFailingDiskEndsACompactionAndCostsNothing() {
        for (Op op : List.of(Op.CREATE, Op.APPEND, Op.SYNC, Op.SYNC_FOLDER, Op.RENAME, Op.DELETE)) {
            for (int after = 0; after < 4; after++) {
                disk = new SimulatedDisk(after);
                List<Piece> kept;
                try (PackVault vault = open(disk)) {
                    kept = keep(vault, 0, 80);
                }
                try (PackVault vault = open(disk)) {
                    await(vault.delete(kept.get(5).name()));
                    disk.fail(op, after, 1);
                    compact(vault);
                    left(vault, kept);
                    List<Piece> more = keep(vault, 200, 5);
                    allThere(vault, more);
                }
                try (PackVault vault = open(disk)) {
                    vault.compact(TIME);
                    left(vault, kept);
                    assertThat(vault.figures().objects()).isEqualTo(84);
                }
            }
        }
    }

    private static void left(PackVault vault, List<Piece> kept) {
        for (Piece piece : kept) {
            assertThat(content(vault, piece.name())).isEqualTo(piece == kept.get(5) ? null : piece.content());
        }
    }

    @Test
    void powerLossAtAnyOperationOfACompactionLosesNothingAndBringsNothingBack() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var whole = new SimulatedDisk(seed);
        try (PackVault vault = open(whole)) {
            life(vault, seed);
        }
        for (long operation = 0; operation < whole.operations(); operation++) {
            var broken = new SimulatedDisk(seed + operation).powerLossAt(operation);
            Map<ObjectName, @Nullable Piece> model;
            try (PackVault vault = open(broken)) {
                model = life(vault, seed);
            } catch (Fault e) {
                continue; // before the first answer
            }
            String told = "seed " + seed + ", power lost at " + operation;
            var left = broken.afterPowerLoss(seed);
            try (PackVault vault = open(left)) {
                check(vault, model, told);
                vault.compact(TIME);
                check(vault, model, told + ", compacted");
            }
            try (PackVault vault = open(left)) {
                check(vault, model, told + ", opened again");
            }
        }
    }

    private static void check(PackVault vault, Map<ObjectName, @Nullable Piece> model, String told) {
        model.forEach(
                (name, piece) -> {
                    byte[] wanted = piece == null ? null : piece.content();
                    assertThat(content(vault, name)).describedAs("%s: %s", told, name).isEqualTo(wanted);
                });
        assertThat(vault.figures().quarantined()).describedAs(told).isZero();
    }

    /// Puts, deletes, erases and compacts; returns what must be there and, with null, what must not.
    private static Map<ObjectName, @Nullable Piece> life(PackVault vault, long seed) {
        var random = new Random(seed);
        TreeMap<ObjectName, @Nullable Piece> model = new TreeMap<>();
        for (int i = 0; i < 45; i++) {
            Piece piece = Piece.mail(new AccountId(random.nextInt(3)), i, random.nextInt(4_500));
            List<ObjectName> touched = new ArrayList<>();
            try {
                int dice = random.nextInt(20);
                if (dice < 13) {
                    touched.add(piece.name());
                    await(vault.put(piece.name(), piece.object()));
                    model.put(piece.name(), piece);
                } else if (dice < 18) {
                    List<ObjectName> all = List.copyOf(model.keySet());
                    ObjectName old = all.isEmpty() ? piece.name() : all.get(random.nextInt(all.size()));
                    touched.add(old);
                    await(vault.delete(old));
                    model.put(old, null);
                } else {
                    for (ObjectName name : model.keySet()) if (name.account().equals(ANNA)) touched.add(name);
                    await(vault.erase(ANNA));
                    touched.forEach(name -> model.put(name, null));
                }
            } catch (Fault e) {
                model.keySet().removeAll(touched);
            }
            if (i % 15 == 14) compact(vault);
        }
        return model;
    }

    private static void compact(PackVault vault) {
        try {
            vault.compact(TIME);
        } catch (Fault e) {
            // no power, or a disk that fails: what was answered is there all the same
        }
    }

    @Test
    void readsNeverFailWhileSegmentsAreSwapped() throws InterruptedException {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 150);
            var stop = new AtomicBoolean();
            var failed = new AtomicReference<@Nullable Throwable>();
            Thread reader =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            while (!stop.get()) {
                                                allThere(vault, kept);
                                                assertThat(vault.list(BRUNO, Kind.MAIL, null, 1_000, TIME)).hasSize(50);
                                            }
                                        } catch (Throwable e) {
                                            failed.set(e);
                                        }
                                    });
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 40; i++) {
                    Piece more = Piece.mail(new AccountId(9 + i % 2), round * 100 + i, 900);
                    await(vault.put(more.name(), more.object()));
                    if (i % 2 == 0) await(vault.delete(more.name()));
                }
                vault.compact(TIME);
            }
            stop.set(true);
            reader.join();

            assertThat(failed.get()).isNull();
            assertThat(vault.figures().quarantined()).isZero();
        }
    }
}
