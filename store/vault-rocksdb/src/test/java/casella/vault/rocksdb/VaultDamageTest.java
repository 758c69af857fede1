package casella.vault.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to its files, open or closed: wrong bytes are never taken for an object, the process lives, and the
/// vault takes new mail.
class VaultDamageTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private enum Copy {
        RIGHT,
        WRONG,
        MISSING
    }

    @Test
    void blobsOverwrittenWhileOpenAreFoundWrongAndCanBePutAgain() throws IOException {
        var random = new Random(1);
        List<Piece> mails = filled();
        try (RocksVault vault = open()) {
            for (Path file : Damage.files(folder, ".blob")) Damage.garbage(file, random);
            assertThat(mails).anySatisfy(mail -> assertThat(copy(vault, mail)).isEqualTo(Copy.WRONG));
            for (Piece mail : mails) put(vault, mail);
            for (Piece mail : mails) assertThat(copy(vault, mail)).isEqualTo(Copy.RIGHT);
            assertThat(vault.figures().objects()).isEqualTo(mails.size());
        }
    }

    @Test
    void blobsTruncatedWhileOpenAreFoundWrong() throws IOException {
        List<Piece> mails = filled();
        try (RocksVault vault = open()) {
            for (Path file : Damage.files(folder, ".blob")) Damage.truncate(file, 10);
            assertThat(mails).anySatisfy(mail -> assertThat(copy(vault, mail)).isEqualTo(Copy.WRONG));
            takesNewMail(vault, 30);
        }
    }

    @Test
    void withEveryFileOverwrittenWhileOpenItGoesOnTakingMail() throws IOException {
        damageAll(file -> Damage.garbage(file, new Random(2)));
    }

    @Test
    void withEveryFileTruncatedWhileOpenItGoesOnTakingMail() throws IOException {
        damageAll(file -> Damage.truncate(file, 30));
    }

    private interface Harm {
        void to(Path file) throws IOException;
    }

    private void damageAll(Harm harm) throws IOException {
        List<Piece> mails = filled();
        List<Piece> later;
        try (RocksVault vault = open()) {
            for (Path file : Damage.files(folder, "")) harm.to(file);
            for (Piece mail : mails) assertThat(copy(vault, mail)).isIn(Copy.RIGHT, Copy.WRONG);
            // Enough for flushes and compactions, which meet the damage.
            later = takesNewMail(vault, 200);
            for (int round = 0; round < 6; round++) for (Piece mail : mails) put(vault, mail);
            for (Piece mail : mails) assertThat(copy(vault, mail)).isEqualTo(Copy.RIGHT);
        }
        try (RocksVault vault = open()) {
            for (Piece mail : mails) assertThat(copy(vault, mail)).isIn(Copy.RIGHT, Copy.WRONG);
            for (Piece mail : later) assertThat(copy(vault, mail)).isIn(Copy.RIGHT, Copy.WRONG);
            assertThat(vault.figures().quarantined()).isPositive();
            takesNewMail(vault, 20);
        }
    }

    @Test
    void aFolderOfGarbageIsSetAsideAndMailGoesOn() throws IOException {
        List<Piece> mails = filled();
        for (Path file : Damage.files(folder, "")) Damage.garbage(file, new Random(3));

        try (RocksVault vault = open()) {
            assertThat(vault.figures().quarantined()).isEqualTo(1);
            assertThatThrownBy(() -> vault.get(mails.getFirst().name(), 0, 100, TIME))
                    .isInstanceOf(Fault.Corrupt.class);
            takesNewMail(vault, 20);
        }
        assertThat(folder.resolve("0001.set-aside")).isNotEmptyFile();
        try (RocksVault vault = open()) {
            assertThat(vault.accounts(null, 10, TIME)).containsExactly(BRUNO);
            assertThat(vault.list(BRUNO, Kind.MAIL, null, 100, TIME)).hasSize(20);
        }
    }

    @Test
    void aCompactionThatMeetsDamageSetsTheDatabaseAsideAndNoPutFails() throws IOException {
        List<Piece> mails = filled();
        try (RocksVault vault = open()) {
            for (Path file : Damage.files(folder, ".sst")) Damage.garbage(file, new Random(4));
            List<Piece> later = takesNewMail(vault, 100);
            // The same names again, so that files overlap and compaction has to read the damaged ones.
            for (int round = 0; round < 8; round++) for (Piece mail : mails) put(vault, mail);
            assertThat(vault.figures().quarantined()).isPositive();
            for (Piece mail : later) assertThat(copy(vault, mail)).isEqualTo(Copy.RIGHT);
            for (Piece mail : mails) assertThat(copy(vault, mail)).isEqualTo(Copy.RIGHT);
        }
    }

    @Test
    void randomDamageToAClosedVaultIsNeverServedAndNeverStopsMail() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        List<Piece> mails = filled();
        Path first = folder.resolve("0001");
        for (int round = 0; round < 12; round++) {
            List<Path> files = Damage.files(first, "");
            Path file = files.get(random.nextInt(files.size()));
            int dice = random.nextInt(4);
            if (dice == 0) Files.delete(file);
            else if (dice == 1) Damage.truncate(file, random.nextInt(100));
            else if (dice == 2) Damage.garbage(file, random);
            else Damage.flip(file, random);
            try (RocksVault vault = open()) {
                for (Piece mail : mails) {
                    assertThat(copy(vault, mail)).as("seed %d round %d", seed, round).isNotNull();
                }
                Piece fresh = Piece.mail(BRUNO, round, 3_000);
                put(vault, fresh);
                assertThat(copy(vault, fresh)).as("seed %d round %d", seed, round).isEqualTo(Copy.RIGHT);
            }
        }
    }

    /// Where the manifest names logs, RocksDB ends a process that opens to read without their check.
    @Test
    void aDatabaseOfSeveralLogsThatCannotBeWrittenDoesNotEndTheProcess() throws IOException {
        List<Piece> mails = new ArrayList<>();
        try (RocksVault vault = open()) {
            while (Damage.files(folder, ".log").size() < 3) {
                assertThat(mails).hasSizeLessThan(1_000);
                mails.add(put(vault, Piece.mail(ANNA, mails.size(), 60_000)));
            }
        }
        Files.delete(Damage.files(folder, ".sst").getLast());

        try (RocksVault vault = open()) {
            for (Piece mail : mails) assertThat(copy(vault, mail)).isNotNull();
            takesNewMail(vault, 20);
        }
    }

    @Test
    void aBitFlippedInTheLogCostsOneBlockOfItAndNotAllBehindIt() throws IOException {
        List<Piece> mails = new ArrayList<>();
        try (RocksVault vault = open()) {
            for (int i = 0; i < 50; i++) mails.add(put(vault, Piece.mail(ANNA, i, 2_000)));
        }
        Path log = Damage.files(folder, ".log").getLast();
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);

        try (RocksVault vault = open()) {
            long right = mails.stream().filter(mail -> copy(vault, mail) == Copy.RIGHT).count();
            assertThat(right).isBetween(30L, 49L); // RocksDB gives up the rest of a block of 32 KiB
            assertThat(copy(vault, mails.getLast())).isEqualTo(Copy.RIGHT);
            assertThat(vault.figures().objects()).isEqualTo(right);
            assertThat(vault.figures().quarantined()).isZero();
        }
        assertThat(Damage.files(folder, ".log")).anyMatch(file -> file.toString().contains("/cut-"));
    }

    @Test
    void aDatabaseIsNotBegunAnewOverObjects() throws IOException {
        List<Piece> mails = filled();
        Files.delete(folder.resolve("0001/CURRENT"));

        try (RocksVault vault = open()) {
            assertThatThrownBy(() -> vault.get(mails.getFirst().name(), 0, 100, TIME))
                    .isInstanceOf(Fault.Corrupt.class);
        }
        assertThat(Damage.files(folder.resolve("0001"), ".blob")).isNotEmpty();
    }

    @Test
    void anObjectDamagedBeforeItComesIsRefused() {
        Piece mail = Piece.mail(ANNA, 1, 500);
        byte[] damaged = mail.object().clone();
        damaged[70] ^= 1;
        try (RocksVault vault = open()) {
            assertThatThrownBy(() -> vault.put(mail.name(), damaged).await(Deadline.in(TIME)))
                    .isInstanceOf(Fault.Corrupt.class);
            assertThat(copy(vault, mail)).isEqualTo(Copy.MISSING);
        }
    }

    @Test
    void aVaultInUseElsewhereIsUnavailableAndNotSetAside() {
        try (RocksVault vault = open()) {
            assertThatThrownBy(this::open).isInstanceOf(Fault.Unavailable.class);
            put(vault, Piece.mail(ANNA, 1, 10));
        }
        assertThat(folder.resolve("0002")).doesNotExist();
    }

    private RocksVault open() {
        return RocksVault.open("rocksdb", folder, RocksVaultConfig.small());
    }

    /// Fills a vault with mails whose blobs lie in files, and closes it.
    private List<Piece> filled() {
        var mails = new ArrayList<Piece>();
        try (RocksVault vault = open()) {
            for (int i = 0; i < 60; i++) mails.add(
                    put(vault, Piece.mail(ANNA, i, i % 3 == 0 ? 60_000 : 9_000 + i)));
        }
        open().close(); // recovery writes what was only in the log
        assertThat(Damage.files(folder, ".blob")).isNotEmpty();
        return mails;
    }

    private static Piece put(RocksVault vault, Piece piece) {
        var _ = vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
        return piece;
    }

    private static List<Piece> takesNewMail(RocksVault vault, int count) {
        var mails = new ArrayList<Piece>();
        for (int i = 0; i < count; i++) {
            Piece mail = put(vault, Piece.mail(BRUNO, i, 15_000));
            assertThat(copy(vault, mail)).isEqualTo(Copy.RIGHT);
            mails.add(mail);
        }
        return mails;
    }

    /// Reads as the rest of the store does: bytes that fail their hash are a wrong copy.
    private static Copy copy(RocksVault vault, Piece piece) {
        try {
            byte @Nullable [] bytes = vault.get(piece.name(), 0, Integer.MAX_VALUE, TIME);
            if (bytes == null) return Copy.MISSING;
            assertThat(StoredObject.read(piece.name(), bytes)).isEqualTo(piece.content());
            return Copy.RIGHT;
        } catch (Fault.Corrupt | Fault.Unavailable e) {
            return Copy.WRONG;
        }
    }
}
