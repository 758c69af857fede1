package casella.store.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Proves who is set aside for a dead process and who never is: innocents of a kill, of a power loss, of a hung disk, of
/// many deaths at once.
final class SuspectsTest {
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(2);
    private static final AccountId CARLA = new AccountId(3);
    private static final Duration WRITTEN = Duration.ofSeconds(30);
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
        var process = UnderWay.open(file(), BOOT, now);
        for (AccountId account : accounts) process.begin(account, Work.OPENING, now);
        now = now.plusSeconds(seconds);
        process.beat(now);
        return left(process, boot);
    }

    private Path file() {
        return folder.resolve("under-way");
    }

    /// What a process leaves that dies now.
    private UnderWay.Left left(UnderWay process, UUID boot) throws IOException {
        assertThat(process.written(WRITTEN)).isTrue();
        process.abandon();
        return left(boot);
    }

    private UnderWay.Left left(UUID boot) throws IOException {
        var next = UnderWay.open(file(), boot, now);
        next.abandon();
        return next.left();
    }

    private UnderWay.Left stops() throws IOException {
        UnderWay.open(file(), BOOT, now).close();
        return left(BOOT);
    }

    private @Nullable AccountId judge(UnderWay.Left left) {
        return suspects.judge(left, now);
    }

    private List<AccountId> aside() {
        // As it is after a restart.
        suspects = Suspects.of(suspects.lines());
        return suspects.aside().stream().map(Suspects.Aside::account).toList();
    }

    @Test
    void theSecondDeathSetsTheAccountAside() throws IOException {
        assertThat(judge(dies(1, ANNA))).isNull();
        assertThat(aside()).isEmpty();

        assertThat(judge(dies(2, ANNA))).isEqualTo(ANNA);

        assertThat(aside()).containsExactly(ANNA);
        assertThat(suspects.aside().getFirst().crashes()).extracting(Crash::seconds).containsExactly(1L, 2L);
        assertThat(suspects.release(ANNA)).isTrue();
        assertThat(aside()).isEmpty();
        assertThat(judge(dies(1, ANNA))).isNull();
    }

    @Test
    void ofManyTheOneCommonToBothIsSetAside() throws IOException {
        assertThat(judge(dies(1, BRUNO, ANNA))).isNull();
        assertThat(judge(dies(1, ANNA, CARLA))).isEqualTo(ANNA);
        assertThat(aside()).containsExactly(ANNA);
    }

    @Test
    void whereTwoAreCommonToBothNobodyIsSetAsideYet() throws IOException {
        assertThat(judge(dies(1, BRUNO, ANNA))).isNull();
        assertThat(judge(dies(1, ANNA, BRUNO))).isNull();
        assertThat(judge(dies(1, ANNA))).isEqualTo(ANNA);
    }

    @Test
    void workThatHadFinishedIsNobodysFault() throws IOException {
        for (int i = 0; i < 3; i++) {
            var process = UnderWay.open(file(), BOOT, now);
            process.end(process.begin(ANNA, Work.OPENING, now));
            assertThat(judge(left(process, BOOT))).isNull();
        }
        assertThat(aside()).isEmpty();
    }

    @Test
    void aPowerLossSaysNothingOfAnAccount() throws IOException {
        for (int i = 0; i < 5; i++) assertThat(judge(dies(UUID.randomUUID(), 1, ANNA))).isNull();
        assertThat(suspects.lines()).isEmpty();
    }

    @Test
    void whoWaitsForAHungDiskIsNotTakenForACrash() throws IOException {
        for (int i = 0; i < 3; i++) assertThat(judge(dies(30, ANNA))).isNull();
        assertThat(judge(dies(30, ANNA))).as("but not for ever").isEqualTo(ANNA);
    }

    @Test
    void theMoreWereWorkedOnTheLessADeathSaysOfEach() throws IOException {
        assertThat(judge(dies(1, some(3, ANNA)))).isNull();
        assertThat(judge(dies(1, some(16, ANNA)))).isNull();
        assertThat(judge(dies(1, some(17, ANNA)))).as("seventeen say nothing").isNull();
        assertThat(judge(dies(1, some(4, ANNA)))).as("two, one, none and one").isEqualTo(ANNA);
    }

    private long stranger = 1_000;

    /// So many accounts with one of them among them, and the others always others.
    private AccountId[] some(int count, AccountId one) {
        var all = new ArrayList<>(List.of(one));
        while (all.size() < count) all.add(new AccountId(stranger++));
        return all.toArray(AccountId[]::new);
    }

    @Test
    void aCrashIsForgottenAfterAWeek() throws IOException {
        judge(dies(1, ANNA));
        now = now.plus(Duration.ofDays(8));
        assertThat(judge(dies(1, ANNA))).isNull();
        now = now.plus(Duration.ofDays(6));
        assertThat(judge(dies(1, ANNA))).isEqualTo(ANNA);
        now = now.plus(Duration.ofDays(30));
        judge(dies(1, BRUNO));
        assertThat(aside()).as("set aside is set aside").containsExactly(ANNA);
        assertThat(suspects.aside().getFirst().crashes()).hasSize(2);
    }

    @Test
    @Timeout(60)
    void whereTheFileHangsWorkGoesOnWithoutMarks() throws Exception {
        var hangs = new CountDownLatch(1);
        var held = ByteBuffer.allocate(8_224);
        UnderWay.Place place = (bytes, position) -> {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            held.put((int) position, bytes, 0, bytes.remaining());
        };
        var process = new UnderWay(place, UnderWay.fresh(BOOT, now), UnderWay.Left.NOTHING);
        for (int i = 0; i < 10_000; i++) process.end(process.begin(ANNA, Work.OPENING, now));
        process.begin(BRUNO, Work.OPENING, now);
        assertThat(process.written(Duration.ofMillis(1))).isFalse();

        hangs.countDown();
        while (!process.written(WRITTEN)) Thread.onSpinWait();
        process.abandon();
        UnderWay.fresh(BOOT, now).get(0, held.array(), 0, 64);
        Files.write(file(), held.array());
        assertThat(left(BOOT).marks())
                .as("what is under way yet")
                .extracting(UnderWay.Mark::account)
                .containsExactly(BRUNO);
    }

    @Test
    void twoCleanStopsForgetACrash() throws IOException {
        judge(dies(1, ANNA));
        judge(stops());
        judge(stops());
        assertThat(judge(dies(1, ANNA))).isNull();
        judge(stops());
        assertThat(judge(dies(1, ANNA))).as("one does not").isEqualTo(ANNA);
        for (int i = 0; i < 5; i++) judge(stops());
        assertThat(aside()).as("set aside is set aside").containsExactly(ANNA);
    }

    @Test
    void moreThanAFewADayAreNotTheAccountsFault() throws IOException {
        for (int i = 0; i < 2 * Suspects.ASIDE_A_DAY; i++) {
            judge(dies(1, new AccountId(100 + i)));
            judge(dies(1, new AccountId(100 + i)));
        }
        assertThat(aside()).hasSize(Suspects.ASIDE_A_DAY);

        now = now.plus(Duration.ofDays(2));
        judge(dies(1, BRUNO));
        assertThat(judge(dies(1, BRUNO))).isEqualTo(BRUNO);
    }

    @Test
    void aMassOfMarksPointsAtNobody() throws IOException {
        for (int round = 0; round < 3; round++) {
            var all = new ArrayList<AccountId>();
            for (int i = 0; i < 1_000; i++) all.add(new AccountId(i));
            assertThat(judge(dies(1, all.toArray(AccountId[]::new)))).isNull();
        }
        assertThat(suspects.lines()).isEmpty();
    }

    @Test
    void aDamagedFileOfMarksKeepsNobodyOut() throws IOException {
        var random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[i % 2 == 0 ? 8_224 : random.nextInt(20_000)];
            random.nextBytes(garbage);
            Files.write(file(), garbage);
            judge(left(BOOT));
        }
        assertThat(aside()).isEmpty();
    }
}
