package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that whatever happens to the pack's files, it serves right bytes or says that it cannot, and goes on.
final class PackDamageTest {
    private static final Path FOLDER = Path.of("pack");
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(1);

    private SimulatedDisk disk = new SimulatedDisk(1);

    private static PackVault open(SimulatedDisk disk) {
        return open(disk, Duration.ofSeconds(5));
    }

    private static PackVault open(SimulatedDisk disk, Duration breakerAge) {
        return PackVault.open("pack", FOLDER, disk, new PackConfig(16 << 10, 0.05, breakerAge));
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

    /// What a reader gets who checks hashes as all readers do: the content, or null where the vault's copy is no good.
    private static byte @Nullable [] content(Vault vault, ObjectName name) {
        for (int tries = 0; ; tries++) {
            try {
                byte[] object = vault.get(name, 0, 1 << 20, TIME);
                return object == null ? null : StoredObject.read(name, object);
            } catch (Fault.Corrupt e) {
                return null;
            } catch (Fault.Unavailable e) {
                if (tries > 10_000) throw e; // an index is being rebuilt
                Thread.onSpinWait();
            }
        }
    }

    private static long readable(Vault vault, List<Piece> pieces) {
        long readable = 0;
        for (Piece piece : pieces) {
            byte[] content = content(vault, piece.name());
            if (content == null) continue;
            assertThat(content).isEqualTo(piece.content());
            readable++;
        }
        return readable;
    }

    private List<Path> files(String suffix) {
        return disk.files().stream().filter(path -> path.toString().endsWith(suffix)).toList();
    }

    @Test
    void segmentsRemovedWhileTheyAreOpenAreLeftAndSaidSo() throws IOException {
        try (PackVault vault = open(disk)) {
            Piece old = Piece.mail(ANNA, 1, 8_000);
            await(vault.put(old.name(), old.object()));
            vault.probe(TIME);
            assertThat(vault.losses()).isZero();
            for (Path file : files("")) disk.delete(file);

            assertThatThrownBy(() -> vault.probe(TIME))
                    .isInstanceOf(Fault.Unavailable.class)
                    .hasMessageContaining("removed");

            vault.probe(TIME);
            Piece fresh = Piece.mail(ANNA, 2, 8_000);
            await(vault.put(fresh.name(), fresh.object()));
            assertThat(vault.losses()).isEqualTo(1);
            assertThat(vault.get(old.name(), 0, 1 << 20, TIME)).isNull();
            assertThat(vault.list(ANNA, Kind.MAIL, null, 10, TIME))
                    .extracting(Vault.Entry::name)
                    .containsExactly(fresh.name());
            assertThat(vault.figures().quarantined()).isPositive();
        }
        try (PackVault vault = open(disk)) {
            assertThat(vault.list(ANNA, Kind.MAIL, null, 10, TIME)).hasSize(1);
            assertThat(vault.losses()).isZero();
        }
    }

    @Test
    void whatWasKeptOfDamageIsForgottenWhenItMustBe() throws IOException {
        Path quarantine = FOLDER.resolve("quarantine");
        Path kept = quarantine.resolve("0001-ab-00.bad");
        open(disk).close();
        disk.makeFolder(quarantine);
        try (var file = disk.create(kept)) {
            file.append(java.nio.ByteBuffer.wrap(new byte[] {1, 2}));
            file.sync();
        }
        try (PackVault vault = open(disk)) {
            assertThat(vault.mayHoldUnread(new AccountId(1))).isTrue();

            vault.forgetEvidence(Duration.ofSeconds(30));

            assertThat(vault.mayHoldUnread(new AccountId(1))).isFalse();
        }
        assertThat(disk.files()).doesNotContain(kept);
    }

    @Test
    void powerLossAtAnyOperationLosesNothingAnswered() {
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
            }
            for (int chance = 0; chance < 2; chance++) {
                String told = "seed " + seed + ", power lost at " + operation + ", chance " + chance;
                try (PackVault vault = open(broken.afterPowerLoss(seed + chance))) {
                    model.forEach(
                            (name, piece) -> {
                                byte[] wanted = piece == null ? null : piece.content();
                                assertThat(content(vault, name)).describedAs("%s: %s", told, name).isEqualTo(wanted);
                            });
                    assertThat(vault.figures().quarantined()).describedAs(told).isZero();
                }
            }
        }
    }

    /// Puts, deletes, erases; returns what must be there and, with null, what must not. What was not answered is in
    /// neither.
    private static Map<ObjectName, @Nullable Piece> life(PackVault vault, long seed) {
        var random = new Random(seed);
        TreeMap<ObjectName, @Nullable Piece> model = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            Piece piece = Piece.mail(new AccountId(random.nextInt(3)), i, random.nextInt(2_500));
            ObjectName old = model.isEmpty() ? piece.name() : model.firstKey();
            int dice = random.nextInt(10);
            List<ObjectName> touched = new ArrayList<>();
            try {
                if (dice < 7) {
                    touched.add(piece.name());
                    await(vault.put(piece.name(), piece.object()));
                    model.put(piece.name(), piece);
                } else if (dice < 9) {
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
        }
        return model;
    }

    @Test
    void aSegmentGarbledWhileItIsWrittenCostsWhatWasInItAndPutsGoOn() throws IOException {
        for (boolean truncate : new boolean[] {false, true}) {
            disk = new SimulatedDisk(3);
            List<Piece> before;
            List<Piece> after;
            try (PackVault vault = open(disk)) {
                before = keep(vault, 0, 10);
                for (Path file : disk.files()) {
                    if (truncate) disk.truncate(file, 100);
                    else disk.garble(file);
                }
                assertThat(readable(vault, before)).isZero();
                assertThat(vault.list(ANNA, Kind.MAIL, null, 100, TIME)).isEmpty();

                after = keep(vault, 10, 40);
                assertThat(readable(vault, after)).isEqualTo(40);
                vault.probe(TIME);
            }
            try (PackVault vault = open(disk)) {
                assertThat(readable(vault, after)).isEqualTo(40);
                assertThat(readable(vault, before)).isZero();
                assertThat(vault.figures().quarantined()).isPositive();
            }
        }
    }

    @Test
    void allFilesGarbledWhileRunningIsSaidAndPutsGoOn() throws IOException {
        List<Piece> after;
        try (PackVault vault = open(disk)) {
            List<Piece> before = keep(vault, 0, 60);
            for (Path file : disk.files()) disk.garble(file);
            assertThat(readable(vault, before)).isZero();
            after = keep(vault, 100, 60);
            assertThat(readable(vault, after)).isEqualTo(60);
        }
        try (PackVault vault = open(disk)) {
            assertThat(readable(vault, after)).isEqualTo(60);
            assertThat(vault.figures().quarantined()).isPositive();
            assertThat(vault.figures().objects()).isEqualTo(60);
        }
    }

    @Test
    void anIndexThatIsLostGarbledOrShortIsMadeAgain() throws IOException {
        List<Piece> kept;
        try (PackVault vault = open(disk)) {
            kept = keep(vault, 0, 60);
        }
        List<Path> indexes = files(".idx");
        assertThat(indexes).hasSizeGreaterThan(2);
        disk.delete(indexes.get(0));
        disk.garble(indexes.get(1));
        disk.truncate(indexes.get(2), 90);

        try (PackVault vault = open(disk)) {
            assertThat(readable(vault, kept)).isEqualTo(60);
            assertThat(vault.figures()).extracting(Vault.Figures::objects, Vault.Figures::quarantined).containsExactly(
                    60L, 0L);
        }
        assertThat(files(".idx")).hasSize(indexes.size());
    }

    @Test
    void anIndexGarbledWhileRunningIsMadeAgain() throws IOException {
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 60);
            sealed();
            for (Path index : files(".idx")) {
                byte[] bytes = disk.bytes(index);
                disk.flip(index, bytes.length - 10, 1);
            }
            assertThat(readable(vault, kept)).isEqualTo(60);
            assertThat(vault.figures().objects()).isEqualTo(60);
        }
    }

    /// Waits until every segment but the one being written has its index.
    private void sealed() {
        Deadline deadline = Deadline.in(TIME);
        while (files(".idx").size() < files(".seg").size() - 1 && !deadline.over()) Thread.onSpinWait();
        assertThat(files(".idx")).hasSize(files(".seg").size() - 1);
    }

    @Test
    void aSegmentTruncatedAfterItWasSealedIsReportedAndTheRestServed() throws IOException {
        List<Piece> kept;
        try (PackVault vault = open(disk)) {
            kept = keep(vault, 0, 60);
        }
        Path segment = files(".seg").get(1);
        disk.truncate(segment, disk.bytes(segment).length / 2);

        try (PackVault vault = open(disk)) {
            long readable = readable(vault, kept);
            assertThat(readable).isBetween(40L, 59L);
            assertThat(vault.figures().quarantined()).isPositive();
            assertThat(vault.figures().objects()).isEqualTo(readable);
        }
        try (PackVault vault = open(disk)) {
            assertThat(vault.figures().quarantined()).describedAs("remembered by the new index").isPositive();
        }
    }

    @Test
    void randomDamageNeverYieldsWrongBytes() throws IOException {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            String told = "seed " + seed + ", round " + round;
            disk = new SimulatedDisk(seed + round).shortReads();
            boolean running = round % 2 == 0;
            PackVault vault = open(disk);
            try {
                List<Piece> kept = keep(vault, 0, 50);
                if (!running) vault.close();
                damage(random);
                if (!running) vault = open(disk);
                readable(vault, kept);
                for (int account = 0; account < 3; account++) {
                    for (Vault.Entry entry : list(vault, new AccountId(account))) {
                        assertThat(kept)
                                .describedAs(told)
                                .anyMatch(
                                        piece ->
                                                piece.name().equals(entry.name())
                                                        && Arrays.equals(piece.receipt(), entry.receipt()));
                    }
                }
                List<Piece> later = keep(vault, 200, 10);
                assertThat(readable(vault, later)).describedAs(told).isEqualTo(10);
            } finally {
                vault.close();
            }
        }
    }

    private static List<Vault.Entry> list(Vault vault, AccountId account) {
        for (int tries = 0; ; tries++) {
            try {
                return vault.list(account, Kind.MAIL, null, 1_000, TIME);
            } catch (Fault.Unavailable e) {
                if (tries > 10_000) throw e; // an index is being rebuilt
                Thread.onSpinWait();
            }
        }
    }

    private void damage(Random random) throws IOException {
        for (int hits = 1 + random.nextInt(20); hits > 0; hits--) {
            Path file = disk.files().get(random.nextInt(disk.files().size()));
            int size = disk.bytes(file).length;
            if (size == 0) continue;
            switch (random.nextInt(6)) {
                case 0 -> disk.garble(file);
                case 1 -> disk.truncate(file, random.nextInt(size));
                default -> disk.flip(file, random.nextInt(size), random.nextInt(8));
            }
        }
    }

    @Test
    void aFullDiskRefusesPutsAndTakesRemovals() {
        disk.capacity(200_000);
        try (PackVault vault = open(disk)) {
            List<Piece> kept = new ArrayList<>();
            @Nullable Throwable refused = null;
            for (int i = 0; i < 500 && refused == null; i++) {
                int order = i;
                refused = catchThrowable(() -> kept.addAll(keep(vault, order, 1)));
                if (refused == null && i > 150) await(vault.delete(kept.getFirst().name()));
            }
            assertThat(refused).isInstanceOf(Fault.Exhausted.class).hasMessage("Disk full");
            await(vault.delete(kept.getLast().name()));
            assertThat(vault.get(kept.getLast().name(), 0, 10, TIME)).isNull();
            assertThat(content(vault, kept.get(100).name())).isEqualTo(kept.get(100).content());
        }
    }

    @Test
    void aHungWriteIsUnknownToItsCallerAndTheNextIsKept() {
        try (PackVault vault = open(disk, Duration.ofMillis(150))) {
            List<Piece> before = keep(vault, 0, 5);
            CountDownLatch hung = disk.hang(Op.SYNC);
            Piece unknown = Piece.mail(ANNA, 99, 100);
            Ticket<Void> ticket = vault.put(unknown.name(), unknown.object());

            assertThat(readable(vault, before)).describedAs("reads go on meanwhile").isEqualTo(5);
            assertThatThrownBy(() -> await(ticket)).isInstanceOf(Fault.Unavailable.class);
            List<Piece> after = keep(vault, 10, 5);
            hung.countDown();

            assertThat(readable(vault, after)).isEqualTo(5);
            await(vault.put(unknown.name(), unknown.object()));
            assertThat(content(vault, unknown.name())).isEqualTo(unknown.content());
        }
    }

    @Test
    void aVaultReopenedAfterACrashCountsTheSame() {
        Vault.Figures before;
        try (PackVault vault = open(disk)) {
            List<Piece> kept = keep(vault, 0, 60);
            for (int i = 0; i < 20; i++) await(vault.delete(kept.get(i).name()));
            await(vault.put(kept.get(30).name(), kept.get(30).object()));
            await(vault.erase(ANNA));
            long bytes = 0;
            long objects = 0;
            for (Piece piece : kept.subList(20, 60)) {
                if (piece.name().account().equals(ANNA)) continue;
                objects++;
                bytes += piece.object().length;
            }
            before = new Vault.Figures(objects, bytes, 0);
            Deadline deadline = Deadline.in(TIME);
            while (!vault.figures().equals(before) && !deadline.over()) Thread.onSpinWait();
            assertThat(vault.figures()).isEqualTo(before);

            try (PackVault crashed = open(disk.afterPowerLoss(1))) {
                assertThat(crashed.figures()).isEqualTo(before);
            }
        }
        try (PackVault closed = open(disk)) {
            assertThat(closed.figures()).isEqualTo(before);
        }
    }
}
