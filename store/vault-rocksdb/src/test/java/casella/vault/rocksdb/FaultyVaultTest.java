package casella.vault.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.vault.StoredObject;
import casella.testkit.FaultyVault;
import casella.testkit.Trouble;
import casella.testkit.VaultContract.Piece;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The faulty vault suffers exactly what it is told, and is a vault again when it is healed.
class FaultyVaultTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final Piece MAIL = Piece.mail(new AccountId(1), 1, 5_000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private FaultyVault vault;

    @BeforeEach
    void open() {
        vault = new FaultyVault(RocksVault.open("rocksdb", folder, RocksVaultConfig.small()));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void wrongAndShortBytesAreFoundByWhoeverChecksThem() {
        put();

        vault.reads(Trouble.wrongBytes(), 1);
        assertThatThrownBy(() -> StoredObject.read(MAIL.name(), bytes())).isInstanceOf(Fault.Corrupt.class);
        vault.reads(Trouble.shortBytes(), 1);
        assertThatThrownBy(() -> StoredObject.read(MAIL.name(), bytes())).isInstanceOf(Fault.Corrupt.class);
        assertThat(StoredObject.read(MAIL.name(), bytes())).isEqualTo(MAIL.content());
    }

    @Test
    void anObjectCanBeMissing() {
        put();

        vault.reads(Trouble.missing(), 1);
        assertThat(vault.get(MAIL.name(), 0, 10, TIME)).isNull();
        assertThat(vault.get(MAIL.name(), 0, 10, TIME)).hasSize(10);
    }

    @Test
    void aPutOfUnknownOutcomeIsThereAndAForgottenOneIsNot() {
        vault.writes(Trouble.forgetting(), 1);
        put();
        assertThat(vault.get(MAIL.name(), 0, 10, TIME)).isNull();

        vault.writes(Trouble.unknownOutcome(), 1);
        assertThatThrownBy(this::put).isInstanceOf(Fault.Unavailable.class);
        assertThat(bytes()).isEqualTo(MAIL.object());
    }

    @Test
    void aHungPutIsDoneWhenTheVaultComesBack() {
        vault.writes(Trouble.hung());
        var ticket = vault.put(MAIL.name(), MAIL.object());
        assertThatThrownBy(() -> ticket.await(Deadline.in(Duration.ofMillis(50))))
                .isInstanceOf(Fault.Unavailable.class);

        vault.heal();
        var _ = ticket.await(Deadline.in(TIME));
        assertThat(bytes()).isEqualTo(MAIL.object());
    }

    private void put() {
        var _ = vault.put(MAIL.name(), MAIL.object()).await(Deadline.in(TIME));
    }

    private byte[] bytes() {
        byte[] bytes = vault.get(MAIL.name(), 0, Integer.MAX_VALUE, TIME);
        return bytes == null ? new byte[0] : bytes;
    }
}
