package casella.incident.availability;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.continuity.cohort.Cohort;
import casella.incident.Desk;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the record says what was measured, through kills, stops, a clock that goes back and a desk that does not answer.
final class RecorderTest {
    private static final Member ANY = new Member("posta", "free", false, new Cohort.Slice(7));
    private static final AccountId ANNA = new AccountId(1);
    private static final AccountId BRUNO = new AccountId(-2);
    private static final AccountId NOBODY = new AccountId(99);

    private final SteppedClock clock = new SteppedClock();
    private final Map<Conditions.Standing, Long> standing = new HashMap<>();
    private boolean free = true;
    private @TempDir Path folder = Path.of("");
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;
    private Recorder recorder = new Recorder(() -> desk, clock, 1_000);

    private final Recorder.Owners owners = new Recorder.Owners() {
        @Override
        public Optional<AccountId> of(String address) {
            if (address.equals("away@posta.example")) throw new Fault.Unavailable("away", Map.of());
            return address.equals("anna@posta.example") ? Optional.of(ANNA) : Optional.empty();
        }

        @Override
        public boolean exists(AccountId account) {
            return !account.equals(NOBODY);
        }
    };

    @BeforeEach
    void begin() {
        desk = opened();
        recorder = new Recorder(() -> desk, clock, 1_000);
        recorder.takeUp();
    }

    @AfterEach
    void end() {
        desk.close();
    }

    private Desk opened() {
        return Desk.open(folder.resolve("desk"));
    }

    /// A second passes, and the recorder looks.
    private void second() {
        clock.step(Duration.ofSeconds(1));
        look();
    }

    private void look() {
        recorder.step(_ -> new Conditions.Now(Map.copyOf(standing), free), owners);
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) second();
    }

    private void killedAndStarted() {
        desk.close();
        desk = opened();
        recorder = new Recorder(() -> desk, clock, 1_000);
        recorder.takeUp();
    }

    private AccountRecord record(AccountId account) {
        return new Availability(desk, clock, true).of(account, ANY, new Span(0, Long.MAX_VALUE));
    }

    private long seconds(AccountId account, Capability capability) {
        return record(account).millis(capability) / 1_000;
    }

    private Set<Cause> causes(AccountId account, Capability capability) {
        var causes = new HashSet<Cause>();
        record(account).away(capability).forEach(away -> causes.addAll(away.causes()));
        return causes;
    }

    @Test
    void aKillIsAGapFromTheLastHeartbeatToTheDoorsForEverybodyAndEverything() {
        second();
        assertThat(record(ANNA).byCapability().values()).allMatch(List::isEmpty);
        clock.step(Duration.ofSeconds(40));
        killedAndStarted();
        look();
        seconds(5);

        for (Capability capability : Capability.values()) {
            assertThat(seconds(ANNA, capability)).as(capability.word()).isEqualTo(40);
            assertThat(causes(BRUNO, capability)).containsExactly(Cause.KILLED);
        }
        assertThat(record(ANNA).away(Capability.PUSH).getFirst().own()).isFalse();
    }

    @Test
    void aStopInOrderIsAGapTooAndGoesOnWhileNoServerRuns() {
        second();
        recorder.doorsOpen(_ -> new Conditions.Now(Map.of(), true), owners);
        recorder.close();
        clock.step(Duration.ofSeconds(10));

        var stopped = new Availability(desk, clock, false).of(ANNA, ANY, new Span(0, Long.MAX_VALUE));
        assertThat(stopped.millis(Capability.READ)).isEqualTo(10_000);
        killedAndStarted();
        look();
        assertThat(causes(ANNA, Capability.READ)).containsExactly(Cause.STOPPED);
        assertThat(seconds(ANNA, Capability.READ)).isEqualTo(10);
    }

    @Test
    void aClockThatWentBackBetweenTwoProcessesMakesNoGap() {
        second();
        clock.jump(Duration.ofHours(-1));
        killedAndStarted();
        look();
        clock.jump(Duration.ofHours(2));
        second();
        var availability = new Availability(desk, clock, true);
        assertThat(availability.scopes(new Span(0, Long.MAX_VALUE)).scopes()).isEmpty();
    }

    @Test
    void aFailedCallLastsUntilOneWorksOrForAMinute() {
        recorder.failed(ANNA, Cause.CALL);
        recorder.failed(BRUNO, Cause.CALL);
        seconds(10);
        assertThat(seconds(ANNA, Capability.READ)).as("it goes on").isEqualTo(10);
        recorder.worked(ANNA, Cause.CONTENT);
        seconds(5);
        recorder.worked(ANNA, Cause.CALL);
        recorder.failed(BRUNO, Cause.CALL);
        seconds(100);

        assertThat(seconds(ANNA, Capability.READ)).isEqualTo(15);
        assertThat(seconds(BRUNO, Capability.READ)).as("a minute after the last").isEqualTo(75);
        assertThat(record(ANNA).away(Capability.READ).getFirst().own()).isTrue();
        assertThat(record(ANNA).millis(Capability.LOG_IN)).isZero();
    }

    @Test
    void whoWaitsAtTheDoorIsAwayUntilLetInThroughAKillAndHoweverLongHeDoesNotAsk() {
        free = false;
        second();
        recorder.failed(ANNA, Cause.HELD);
        recorder.failed(BRUNO, Cause.HELD);
        recorder.failed(NOBODY, Cause.HELD);
        seconds(100);
        clock.step(Duration.ofSeconds(20));
        killedAndStarted();
        look();
        seconds(10);
        assertThat(seconds(ANNA, Capability.LOG_IN)).isEqualTo(130);
        recorder.worked(ANNA, Cause.HELD);
        seconds(10);
        assertThat(seconds(ANNA, Capability.LOG_IN)).isEqualTo(130);
        assertThat(causes(ANNA, Capability.LOG_IN)).containsExactlyInAnyOrder(Cause.HELD, Cause.KILLED);
        assertThat(seconds(BRUNO, Capability.LOG_IN)).isEqualTo(140);
        free = true;
        seconds(10);
        assertThat(seconds(BRUNO, Capability.LOG_IN)).as("nobody is held any more").isEqualTo(141);
        assertThat(seconds(NOBODY, Capability.LOG_IN)).as("a login that is nobody's: the gap alone").isEqualTo(20);
    }

    @Test
    void whatHoldsForAScopeLastsAsLongAsItIsSeen() {
        second();
        var slice = new Conditions.Standing(new Scope.OfCohort(new Cohort.Slice(7), true), Cause.NOT_LET_IN);
        standing.put(slice, clock.now().toEpochMilli() - 5_000);
        seconds(10);
        assertThat(seconds(ANNA, Capability.LOG_IN)).isEqualTo(15);
        standing.clear();
        seconds(10);
        assertThat(seconds(ANNA, Capability.LOG_IN)).isEqualTo(16);
        var pays = new Member("posta", "gold", true, new Cohort.Slice(7));
        assertThat(new Availability(desk, clock, true).of(ANNA, pays, new Span(0, Long.MAX_VALUE))
                .millis(Capability.LOG_IN)).isZero();
    }

    @Test
    void whatAKillLeavesOpenEndsAtTheLastHeartbeatAndTheGapGoesOn() {
        second();
        var vaults = new Conditions.Standing(new Scope.Everybody(), Cause.VAULTS);
        standing.put(vaults, clock.now().toEpochMilli());
        recorder.failed(ANNA, Cause.CONTINUATION);
        seconds(10);
        clock.step(Duration.ofSeconds(30));
        standing.clear();
        killedAndStarted();
        look();
        seconds(50);
        assertThat(seconds(BRUNO, Capability.READ)).isEqualTo(40);
        assertThat(seconds(ANNA, Capability.READ)).isEqualTo(40);
    }

    @Test
    void mailFromAnAccountIsItsOwnersAsTheDirectorySays() {
        recorder.sent("anna@posta.example", false);
        recorder.sent("away@posta.example", false);
        recorder.sent("unknown@posta.example", false);
        seconds(10);
        recorder.sent("anna@posta.example", true);
        seconds(10);
        assertThat(seconds(ANNA, Capability.SEND)).isEqualTo(10);
        assertThat(causes(ANNA, Capability.SEND)).containsExactly(Cause.NOT_SENT);
    }

    @Test
    void aDeskThatDoesNotAnswerIsGivenTheSameAgain() {
        second();
        desk.close();
        recorder.failed(ANNA, Cause.REFUSED);
        seconds(3);
        recorder.worked(ANNA, Cause.REFUSED);
        seconds(3);
        desk = opened();
        look();
        assertThat(seconds(ANNA, Capability.RECEIVE)).isEqualTo(3);
    }

    @Test
    void noMoreThanItMayIsInMemoryAndWhatIsLeftOutIsTheScopes() {
        recorder = new Recorder(() -> desk, clock, 10);
        recorder.takeUp();
        for (int i = 0; i < 100; i++) recorder.failed(new AccountId(i), Cause.CALL);
        seconds(2);
        int known = 0;
        for (int i = 0; i < 100; i++) if (seconds(new AccountId(i), Capability.READ) > 0) known++;
        assertThat(known).isEqualTo(10);
    }

    @Test
    void anErasedAccountIsForgotten() {
        recorder.failed(ANNA, Cause.CALL);
        seconds(2);
        recorder.failed(ANNA, Cause.CONTENT);
        recorder.forget(ANNA);
        assertThat(record(ANNA).millis(Capability.READ)).as("at once").isZero();
        seconds(2);
        recorder.worked(ANNA, Cause.CALL);
        seconds(2);
        assertThat(record(ANNA).millis(Capability.READ)).isZero();
    }
}
