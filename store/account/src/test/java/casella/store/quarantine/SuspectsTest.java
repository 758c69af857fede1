package casella.store.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves who is set aside for a dead process and who never is: innocents of a kill, of a power loss, of a hung disk, of
/// many deaths at once.
final class SuspectsTest {
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);
    private static final AccountId CARLA = new AccountId(3);
    private static final UUID BOOT = new UUID(7, 8);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Suspects suspects = new Suspects();
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    /// A process that lives `seconds` with that work under way, and dies.
    private UnderWay.Left dies(long seconds, AccountId... accounts) throws IOException {
        return dies(BOOT, seconds, accounts);
    }

    private UnderWay.Left dies(UUID boot, long seconds, AccountId... accounts) throws IOException {
        Path file = folder.resolve("under-way");
        var process = UnderWay.open(file, BOOT, now);
        for (AccountId account : accounts) process.begin(account, Work.OPENING, now);
        now = now.plusSeconds(seconds);
        process.beat(now);
        return UnderWay.open(file, boot, now).left();
    }

    private UnderWay.Left stops() throws IOException {
        Path file = folder.resolve("under-way");
        UnderWay.open(file, BOOT, now).close();
        return UnderWay.open(file, BOOT, now).left();
    }

    private List<AccountId> aside() {
        // As it is after a restart.
        suspects = Suspects.of(suspects.lines());
        return suspects.aside().stream().map(Suspects.Aside::account).toList();
    }

    @Test
    void theSecondDeathSetsTheAccountAside() throws IOException {
        assertThat(suspects.judge(dies(1, ANNA))).isNull();
        assertThat(aside()).isEmpty();

        assertThat(suspects.judge(dies(2, ANNA))).isEqualTo(ANNA);

        assertThat(aside()).containsExactly(ANNA);
        assertThat(suspects.aside().getFirst().crashes()).extracting(Crash::seconds).containsExactly(1L, 2L);
        assertThat(suspects.release(ANNA)).isTrue();
        assertThat(aside()).isEmpty();
        assertThat(suspects.judge(dies(1, ANNA))).isNull();
    }

    @Test
    void ofManyTheOneCommonToBothIsSetAside() throws IOException {
        assertThat(suspects.judge(dies(1, BRUNO, ANNA))).isNull();
        assertThat(suspects.judge(dies(1, ANNA, CARLA))).isEqualTo(ANNA);
        assertThat(aside()).containsExactly(ANNA);
    }

    @Test
    void whereTwoAreCommonToBothNobodyIsSetAsideYet() throws IOException {
        assertThat(suspects.judge(dies(1, BRUNO, ANNA))).isNull();
        assertThat(suspects.judge(dies(1, ANNA, BRUNO))).isNull();
        assertThat(suspects.judge(dies(1, ANNA))).isEqualTo(ANNA);
    }

    @Test
    void workThatHadFinishedIsNobodysFault() throws IOException {
        for (int i = 0; i < 3; i++) {
            Path file = folder.resolve("under-way");
            var process = UnderWay.open(file, BOOT, now);
            process.end(process.begin(ANNA, Work.OPENING, now));
            assertThat(suspects.judge(UnderWay.open(file, BOOT, now).left())).isNull();
        }
        assertThat(aside()).isEmpty();
    }

    @Test
    void aPowerLossSaysNothingOfAnAccount() throws IOException {
        for (int i = 0; i < 5; i++) assertThat(suspects.judge(dies(UUID.randomUUID(), 1, ANNA))).isNull();
        assertThat(suspects.lines()).isEmpty();
    }

    @Test
    void whoWaitsForAHungDiskIsNotTakenForACrash() throws IOException {
        for (int i = 0; i < 3; i++) assertThat(suspects.judge(dies(30, ANNA))).isNull();
        assertThat(suspects.judge(dies(30, ANNA))).as("but not for ever").isEqualTo(ANNA);
    }

    @Test
    void twoCleanStopsForgetACrash() throws IOException {
        suspects.judge(dies(1, ANNA));
        suspects.judge(stops());
        suspects.judge(stops());
        assertThat(suspects.judge(dies(1, ANNA))).isNull();
        suspects.judge(stops());
        assertThat(suspects.judge(dies(1, ANNA))).as("one does not").isEqualTo(ANNA);
        for (int i = 0; i < 5; i++) suspects.judge(stops());
        assertThat(aside()).as("set aside is set aside").containsExactly(ANNA);
    }

    @Test
    void moreThanAFewADayAreNotTheAccountsFault() throws IOException {
        for (int i = 0; i < 2 * Suspects.ASIDE_A_DAY; i++) {
            suspects.judge(dies(1, new AccountId(100 + i)));
            suspects.judge(dies(1, new AccountId(100 + i)));
        }
        assertThat(aside()).hasSize(Suspects.ASIDE_A_DAY);

        now = now.plus(Duration.ofDays(2));
        suspects.judge(dies(1, BRUNO));
        assertThat(suspects.judge(dies(1, BRUNO))).isEqualTo(BRUNO);
    }

    @Test
    void aMassOfMarksPointsAtNobody() throws IOException {
        for (int round = 0; round < 3; round++) {
            var all = new ArrayList<AccountId>();
            for (int i = 0; i < 1_000; i++) all.add(new AccountId(i));
            assertThat(suspects.judge(dies(1, all.toArray(AccountId[]::new)))).isNull();
        }
        assertThat(suspects.lines()).isEmpty();
    }

    @Test
    void aDamagedFileOfMarksKeepsNobodyOut() throws IOException {
        var random = new Random(5);
        Path file = folder.resolve("under-way");
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[i % 2 == 0 ? 8_224 : random.nextInt(20_000)];
            random.nextBytes(garbage);
            Files.write(file, garbage);
            suspects.judge(UnderWay.open(file, BOOT, now).left());
        }
        assertThat(aside()).isEmpty();
    }
}
