package casella.directory;

import static casella.directory.Sample.done;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.directory.Registrar.Allowance;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an allowance is there once however often it is given, is seen at once and after a restart, and never again once ended.
final class AllowanceTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private SqliteDirectory directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private AccountId anna;

    @BeforeEach
    void open() {
        directory = Sample.filled(folder);
        anna = directory.registrar().find("anna@posta.example").orElseThrow().id();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private long quota() {
        if (!(directory.resolve("anna@posta.example") instanceof Resolution.Local local)) throw new AssertionError();
        assertThat(directory.account(anna).orElseThrow().quotaBytes(Plan.FREE)).isEqualTo(local.quotaBytes());
        return local.quotaBytes();
    }

    private List<Allowance> allowance(String cause, long grant, long bytes) {
        return List.of(new Allowance(anna, cause, grant, bytes));
    }

    @Test
    void whatIsGivenTwiceIsThereOnceAndSeenAtOnce() {
        long before = quota();

        assertThat(directory.registrar().allow(allowance("incident-1", 7, 20 * MIB))).containsExactly(anna);
        assertThat(quota()).isEqualTo(before + 20 * MIB);
        assertThat(directory.registrar().allow(allowance("incident-1", 7, 20 * MIB))).containsExactly(anna);
        assertThat(quota()).isEqualTo(before + 20 * MIB);
        assertThat(directory.registrar().allow(allowance("incident-2", 8, 5 * MIB))).containsExactly(anna);
        assertThat(directory.registrar().list("", 10).accounts().getFirst().allowanceBytes()).isEqualTo(25 * MIB);

        directory.close();
        directory = Sample.open(folder);
        assertThat(quota()).isEqualTo(before + 25 * MIB);
    }

    @Test
    void forOneCauseThereIsOneAtATimeAndWhatEndedIsNotGivenAgain() {
        long before = quota();
        assertThat(directory.registrar().allow(allowance("incident-1", 7, 20 * MIB))).containsExactly(anna);

        assertThat(directory.registrar().allow(allowance("incident-1", 8, 30 * MIB))).as("another grant").isEmpty();
        assertThat(quota()).isEqualTo(before + 20 * MIB);
        directory.registrar().endAllowances("incident-1", 8, List.of(anna));
        assertThat(quota()).as("not its own").isEqualTo(before + 20 * MIB);
        directory.registrar().endAllowances("incident-1", 7, List.of(anna));
        assertThat(quota()).isEqualTo(before);
        assertThat(directory.registrar().allow(allowance("incident-1", 7, 20 * MIB))).as("late").isEmpty();
        assertThat(quota()).isEqualTo(before);
        assertThat(directory.registrar().allow(allowance("incident-1", 8, 30 * MIB))).containsExactly(anna);
        assertThat(quota()).isEqualTo(before + 30 * MIB);
    }

    @Test
    void whoIsGoneGetsNothingAndNobodyLogsInAnew() {
        var nobody = new AccountId(17);
        done(directory.registrar().wipe("bruno@virgola.example"));
        AccountId bruno = directory.registrar().find("bruno@virgola.example").orElseThrow().id();

        assertThat(directory.registrar().allow(List.of(
                new Allowance(nobody, "incident-1", 7, MIB), new Allowance(bruno, "incident-1", 7, MIB),
                new Allowance(bruno, "incident-1", 7, 0), new Allowance(anna, "incident-1", 7, 0))))
                .containsExactly(anna);

        assertThat(directory.registrar().account(bruno).orElseThrow().allowanceBytes()).isZero();
        assertThat(directory.account(anna).orElseThrow().allowanceBytes()).isZero();
    }
}
