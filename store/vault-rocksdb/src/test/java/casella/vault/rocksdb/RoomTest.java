package casella.vault.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.disk.Disk;
import casella.testkit.SimulatedDisk;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/// Proves that the vault leaves the last share of a disk to removals and to others, what it has still to write counted
/// in, and takes mail again when there is room.
final class RoomTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final AccountId ANNA = new AccountId(1);
    private static final int FILLED = 100 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final SimulatedDisk disk = new SimulatedDisk(5);

    @SuppressWarnings("NullAway.Init") // set before each test
    private RocksVault vault;

    @BeforeEach
    void open() throws IOException {
        try (Disk.File file = disk.create(Path.of("/filler"))) {
            file.append(ByteBuffer.allocate(FILLED));
        }
        var config = new RocksVaultConfig(
                2L << 20, 64L << 20, 2, 1L << 20, 4, 1_000, 2, 0.05, Duration.ofMillis(200), Duration.ZERO);
        vault = RocksVault.open("rocksdb", folder, config, () -> {}, disk);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private boolean taken(Piece piece) {
        try {
            vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
            return true;
        } catch (Fault.Exhausted e) {
            return false;
        }
    }

    /// What the vault knows of the disk may be a second old.
    private void until(boolean taken, int first) {
        Deadline deadline = Deadline.in(TIME);
        for (int i = first; !deadline.over(); i++) {
            if (taken(Piece.mail(ANNA, i, 10)) == taken) return;
        }
        throw new AssertionError("still " + (taken ? "full" : "taking mail"));
    }

    @Test
    void whatWasSetAsideIsNotCarriedOverIntoTheLastShare() {
        Piece mail = Piece.mail(ANNA, 1, 10_000);
        assertThat(taken(mail)).isTrue();
        vault.generations().setAside(new RocksDBException("by a test"), 1, mail.object().length);
        disk.capacity(FILLED + (FILLED >> 6));
        until(false, 1_000);

        vault.forgetEvidence(TIME);
        assertThat(folder.resolve("0001.forget")).doesNotExist();

        disk.capacity(2L * FILLED);
        until(true, 100_000);
        vault.forgetEvidence(TIME);
        assertThat(folder.resolve("0001.forget")).exists();
        assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
    }

    @Test
    void aDiskAlmostFullIsLeftItsLastShare() {
        Piece mail = Piece.mail(ANNA, 1, 10_000);
        assertThat(taken(mail)).isTrue();

        disk.capacity(FILLED + (FILLED >> 6));

        until(false, 1_000);
        Piece more = Piece.mail(ANNA, 2, 10);
        assertThatThrownBy(() -> vault.put(more.name(), more.object()).await(Deadline.in(TIME)))
                .isInstanceOf(Fault.Exhausted.class)
                .hasMessageContaining("Disk full");
        assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isEqualTo(mail.object());
        vault.delete(mail.name()).await(Deadline.in(TIME));
        assertThat(vault.get(mail.name(), 0, 1 << 20, TIME)).isNull();

        disk.capacity(2L * FILLED);
        until(true, 100_000);
    }

    @Test
    void whatIsInMemoryWillBeWrittenOnceMore() {
        // A tenth of it is free.
        disk.capacity(FILLED / 9L * 10);
        until(true, 1);

        for (int i = 0; i < 12; i++) {
            Piece large = Piece.mail(ANNA, 100 + i, 1 << 20);
            if (!taken(large)) break;
        }

        until(false, 1_000);
    }
}
