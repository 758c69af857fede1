package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import casella.testkit.SimulatedDisk;
import casella.testkit.VaultContract.Piece;
import casella.testkit.VaultHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that compaction changes nothing that is served, whatever happens meanwhile, and takes back the space of what is
/// gone.
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

            Compacted done = vault.compact(TIME);

            assertThat(before).isGreaterThan(8);
            assertThat(done.runs()).isLessThanOrEqualTo(2);
            assertThat(done.lost()).isZero();
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

            Compacted done = vault.compact(TIME);

            assertThat(done.erasing()).isZero();
            for (Piece piece : annas) assertThat(onDisk(piece)).isFalse();
            kept.removeAll(annas);
            allThere(vault, kept);
            assertThat(vault.figures().objects()).isEqualTo(kept.size());
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
            // no power
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
