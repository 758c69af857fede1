package casella.continuity.reopen;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Admission.Answer;
import casella.base.Admission.Door;
import casella.base.Metrics;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Proves that a storm is damped while the store is slow, and that nobody is asked to wait otherwise.
final class CrowdTest {
    private final SteppedClock clock = new SteppedClock();
    private final Crowd crowd = new Crowd(clock, new SplittableRandom(3));
    private long next;

    /// So many different owners ask in each of `seconds`; returns how many came in in the last of them.
    private int storm(int seconds, int perSecond, boolean slow) {
        int in = 0;
        for (int second = 0; second < seconds; second++) {
            in = 0;
            for (int i = 0; i < perSecond; i++) {
                if (crowd.ask(new AccountId(next++), Door.IMAP) instanceof Answer.In) in++;
            }
            clock.step(Duration.ofSeconds(1));
            crowd.look(slow);
        }
        return in;
    }

    @Test
    void whileTheStoreAnswersEverybodyComesIn() {
        assertThat(storm(20, 5_000, false)).isEqualTo(5_000);
        assertThat(crowd.calm()).isTrue();
        assertThat(crowd.perSecond()).isZero();
    }

    @Test
    void whenItIsSlowFewerComeInEachTimeAndMoreWhenItIsNot() {
        storm(20, 400, false);
        storm(1, 400, true);
        assertThat(crowd.calm()).isFalse();
        int half = storm(2, 400, true);
        assertThat(half).isBetween(100, 201);
        int few = storm(13, 400, true);
        assertThat(few).isLessThan(half / 2 + 5);
        assertThat(crowd.waiting()).isPositive();

        int more = storm(60, 400, false);
        assertThat(more).isGreaterThan(few + 100);
        storm(300, 10, false);
        assertThat(crowd.calm()).as("nobody waits any more").isTrue();
    }

    @Test
    void aSlowStoreAndNoLogInsIsNoStorm() {
        storm(30, 1, true);
        assertThat(crowd.calm()).isTrue();
    }

    @Test
    void whoWouldComeInWithinAMomentWaitsForItAndTheOthersHearTheirPlace() throws Exception {
        var doors = new Doors(crowd, Metrics.none());
        assertThat(doors.ask(new AccountId(9), Door.IMAP)).isEqualTo(Admission.IN);
        storm(20, 100, false);
        storm(3, 200, true);
        for (int i = 0; i < 300; i++) crowd.ask(new AccountId(next++), Door.IMAP);
        var far = (Answer.NotYet) doors.ask(new AccountId(10), Door.IMAP);
        assertThat(far.place()).isGreaterThan(100);
        assertThat(far.estimate()).isGreaterThan(Duration.ofSeconds(2));

        storm(9, 0, false);
        assertThat(crowd.calm()).isFalse();
        assertThat(crowd.waiting()).as("all were called").isZero();
        int tokens = 0;
        while (crowd.ask(new AccountId(next++), Door.IMAP) instanceof Answer.In) tokens++;
        assertThat(tokens).isPositive();
        var answer = new Answer[1];
        Thread waiter = Thread.ofVirtual().start(() -> answer[0] = doors.ask(new AccountId(11), Door.IMAP));
        // It waits in real time while the clock of the test goes on.
        for (int i = 0; i < 100 && waiter.isAlive(); i++) {
            waiter.join(Duration.ofMillis(50));
            storm(1, 0, false);
        }
        waiter.join();
        assertThat(answer[0]).isEqualTo(Admission.IN);
    }
}
