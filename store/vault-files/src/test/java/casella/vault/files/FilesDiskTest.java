package casella.vault.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that the files vault keeps what it answered when the disk loses power, fails, fills up or hangs.
final class FilesDiskTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Path FOLDER = Path.of("/vault");
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    private static FilesVault open(SimulatedDisk disk) {
        return open(disk, FilesConfig.standard());
    }

    private static FilesVault open(SimulatedDisk disk, FilesConfig config) {
        return FilesVault.open("files", FOLDER, disk, config);
    }

    private static boolean done(Ticket<Void> ticket) {
        try {
            var _ = ticket.await(Deadline.in(TIME));
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    /// What a life of a vault was answered, and what it was not.
    private static final class Life {
        final List<Piece> kept = new ArrayList<>();
        final List<Piece> gone = new ArrayList<>();
        final Set<ObjectName> unknown = new HashSet<>();

        void live(Vault vault) {
            List<Piece> together = new ArrayList<>();
            for (int i = 0; i < 3; i++) together.add(Piece.mail(ANNA, i, 700 + i));
            together.add(Piece.of(ANNA, Kind.SEGMENT, 7, new byte[] {1, 2}));
            List<Ticket<Void>> tickets = new ArrayList<>();
            for (Piece piece : together) tickets.add(vault.put(piece.name(), piece.object()));
            for (int i = 0; i < tickets.size(); i++) answered(together.get(i), done(tickets.get(i)), kept);
            put(vault, Piece.mail(BRUNO, 9, 300));
            Piece first = together.getFirst();
            boolean was = kept.remove(first);
            answered(first, done(vault.delete(first.name())), gone);
            if (!was) gone.remove(first);
            put(vault, Piece.mail(ANNA, 20, 500));
            List<Piece> brunos = kept.stream().filter(piece -> piece.name().account().equals(BRUNO)).toList();
            kept.removeAll(brunos);
            boolean erased = done(vault.erase(BRUNO));
            for (Piece piece : brunos) answered(piece, erased, gone);
        }

        private void put(Vault vault, Piece piece) {
            answered(piece, done(vault.put(piece.name(), piece.object())), kept);
        }

        private void answered(Piece piece, boolean answered, List<Piece> to) {
            if (answered) to.add(piece);
            else unknown.add(piece.name());
        }

        void check(Vault vault, String told) {
            for (Piece piece : kept) {
                byte @Nullable [] object = vault.get(piece.name(), 0, 1 << 20, TIME);
                assertThat(object).as("%s: %s", told, piece.name()).isEqualTo(piece.object());
            }
            for (Piece piece : gone) {
                assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).as("%s: %s", told, piece.name())
                        .isNull();
            }
            for (ObjectName name : unknown) {
                byte @Nullable [] object = vault.get(name, 0, 1 << 20, TIME);
                if (object != null) StoredObject.read(name, object);
            }
            assertThat(vault.figures().quarantined()).as(told).isZero();
        }
    }

    @Test
    void whatWasAnsweredOutlivesAPowerLossAtEveryOperation() {
        var whole = new SimulatedDisk(1);
        try (var vault = open(whole)) {
            new Life().live(vault);
        }
        assertThat(whole.operations()).isGreaterThan(40);

        for (long at = 0; at < whole.operations(); at++) {
            for (long seed = 0; seed < 5; seed++) {
                var disk = new SimulatedDisk(seed).powerLossAt(at);
                var life = new Life();
                try (var vault = open(disk)) {
                    life.live(vault);
                } catch (Fault.Unavailable e) {
                    assertThat(disk.isOff()).isTrue(); // the power went while it opened
                }
                try (var vault = open(disk.afterPowerLoss(seed))) {
                    life.check(vault, "power loss at " + at + ", seed " + seed);
                }
            }
        }
    }

    @Test
    void whatWasAnsweredOutlivesAnErrorOfEveryKind() {
        for (Op op : List.of(Op.CREATE, Op.APPEND, Op.SYNC, Op.SYNC_FOLDER, Op.RENAME, Op.DELETE)) {
            for (int times : new int[] {1, 3}) {
                var disk = new SimulatedDisk(5);
                var life = new Life();
                try (var vault = open(disk)) {
                    disk.fail(op, 2, times);
                    life.live(vault);
                    life.check(vault, op + " while running");
                }
                try (var vault = open(disk.afterPowerLoss(7))) {
                    life.check(vault, op + " after power loss");
                }
            }
        }
    }

    @Test
    void anErrorOfOneFileCostsNobody() {
        var disk = new SimulatedDisk(5);
        try (var vault = open(disk)) {
            for (Op op : List.of(Op.APPEND, Op.SYNC)) {
                disk.fail(op, 0, 1);
                Piece mail = Piece.mail(ANNA, op.name().length(), 900);
                assertThat(done(vault.put(mail.name(), mail.object()))).as("%s", op).isTrue();
            }
            // It was left, and its object got another.
            assertThat(disk.list(FOLDER.resolve("incoming"))).isEmpty();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskTakesNothingNewAndStillReadsAndRemoves() {
        var disk = new SimulatedDisk(5);
        try (var vault = open(disk)) {
            Piece mail = Piece.mail(ANNA, 1, 900);
            assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();
            disk.capacity(4_000);
            Piece large = Piece.mail(ANNA, 2, 100_000);
            assertThatThrownBy(() -> vault.put(large.name(), large.object()).await(Deadline.in(TIME)))
                    .isInstanceOf(Fault.Exhausted.class);
            disk.capacity(2_000);
            assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();
            assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
            assertThat(done(vault.delete(mail.name()))).isTrue();
            assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isNull();

            disk.capacity(1L << 40);
            Deadline deadline = Deadline.in(TIME);
            boolean taken = false;
            while (!taken && !deadline.over()) taken = done(vault.put(large.name(), large.object()));
            assertThat(taken).isTrue();
        }
    }

    @Test
    void aDiskAlmostFullIsLeftItsLastShare() {
        var disk = new SimulatedDisk(5);
        try (var vault = open(disk)) {
            Piece mail = Piece.mail(ANNA, 1, 100_000);
            assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();
            disk.capacity(105_000); // room for several small mails, and less than a twentieth
            Deadline deadline = Deadline.in(TIME);
            boolean taken = true; // what it knows of the disk may be a tenth of a second old
            for (int i = 2; taken && !deadline.over(); i++) {
                Piece next = Piece.mail(ANNA, i, 10);
                taken = done(vault.put(next.name(), next.object()));
                assertThat(done(vault.delete(next.name()))).isTrue();
            }
            Piece small = Piece.mail(ANNA, 1_000, 10);
            assertThatThrownBy(() -> vault.put(small.name(), small.object()).await(Deadline.in(TIME)))
                    .isInstanceOf(Fault.Exhausted.class);
            assertThat(done(vault.delete(mail.name()))).isTrue();
        }
    }

    @Test
    void aHungDiskHoldsWritersUntilTheirDeadlineAndReadersNot() {
        var disk = new SimulatedDisk(5);
        Piece mail = Piece.mail(ANNA, 1, 900);
        Piece late = Piece.mail(ANNA, 2, 900);
        try (var vault = open(disk)) {
            assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();
            CountDownLatch hung = disk.hang(Op.SYNC);
            Ticket<Void> ticket = vault.put(late.name(), late.object());
            assertThatThrownBy(() -> ticket.await(Deadline.in(Duration.ofMillis(50))))
                    .isInstanceOf(Fault.Unavailable.class);
            assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
            hung.countDown();
            assertThat(done(ticket)).isTrue();
            assertThat(vault.get(late.name(), 0, 1 << 20, TIME)).isEqualTo(late.object());
        }
    }

    @Test
    void aFullDayGoesOnInFoldersOfAMinuteAndListsInOrder() throws Exception {
        var disk = new SimulatedDisk(5);
        var config = new FilesConfig(0.05, 3, 2, Duration.ofSeconds(5));
        List<Piece> mails = new ArrayList<>();
        for (int i = 0; i < 12; i++) mails.add(Piece.mail(ANNA, 11 - i, 50));
        try (var vault = open(disk, config)) {
            for (Piece mail : mails) assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();

            Path day = FOLDER.resolve("accounts/00").resolve(ANNA.toString()).resolve("mail/1970-01/01");
            assertThat(disk.list(day)).contains("0000").hasSizeLessThanOrEqualTo(4);
            List<ObjectName> listed = new ArrayList<>();
            List<Vault.Entry> page = vault.list(ANNA, Kind.MAIL, null, 5, TIME);
            while (!page.isEmpty()) {
                for (Vault.Entry entry : page) listed.add(entry.name());
                page = vault.list(ANNA, Kind.MAIL, page.getLast().name(), 5, TIME);
            }
            assertThat(listed).isSorted().hasSize(12);
            for (Piece mail : mails) {
                assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
            }
            // The same again does not move it.
            for (Piece mail : mails) assertThat(done(vault.put(mail.name(), mail.object()))).isTrue();
            assertThat(vault.figures()).isEqualTo(new Vault.Figures(
                    12, mails.stream().mapToLong(mail -> mail.object().length).sum(), 0));
            for (Piece mail : mails) assertThat(done(vault.delete(mail.name()))).isTrue();
            assertThat(disk.list(FOLDER.resolve("accounts"))).isEmpty();
        }
    }

    @Test
    void anErrorOfTheDiskIsAFailedCopyAndNoReasonToSetAFileAside() throws Exception {
        var disk = new SimulatedDisk(1);
        Piece piece = Piece.mail(ANNA, 1, 5_000);
        try (FilesVault vault = open(disk)) {
            assertThat(done(vault.put(piece.name(), piece.object()))).isTrue();
            Path file = disk.files().stream().filter(path -> path.toString().contains("/accounts/")).findFirst()
                    .orElseThrow();

            disk.unreadable(file, 1);
            assertThatThrownBy(() -> vault.get(piece.name(), 0, 1 << 20, TIME)).isInstanceOf(Fault.Unavailable.class);
            assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).isEqualTo(piece.object());
            // The healer puts it again while the disk still does not give the old one: the good one takes its place.
            disk.unreadable(file, 1_000);
            assertThat(done(vault.put(piece.name(), piece.object()))).isTrue();
            disk.unreadable(file, 0);

            assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).isEqualTo(piece.object());
            assertThat(vault.figures().quarantined()).isZero();
            assertThat(disk.files()).noneMatch(path -> path.toString().contains("/quarantine/"));
            // What is unreadable can still be removed.
            disk.unreadable(file, 1_000);
            assertThat(done(vault.delete(piece.name()))).isTrue();
            assertThat(vault.get(piece.name(), 0, 1 << 20, TIME)).isNull();
        }
    }
}
