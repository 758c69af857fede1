package casella.store.health;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.store.health.Breaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Proves when an instance is let in, left alone and let back in, on a clock that stands still until told.
final class BreakerTest {
    private final AtomicLong nanos = new AtomicLong(1);
    private final Clock clock = new Clock() {
        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }
    };
    private final Breaker breaker = new Breaker("vault.test", Breaker.Rule.STANDARD, clock);
    private final List<String> replayed = new ArrayList<>();
    private boolean probeFails;
    private boolean replayFails;
    private final Watch watch = new Watch(
            breaker, _ -> fail(probeFails), this::replay, Watch.Pace.STANDARD, clock, Metrics.none());

    private void replay() {
        replayed.add("once");
        fail(replayFails);
    }

    private static void fail(boolean now) {
        if (now) throw new Fault.Unavailable("Away by command of a test", Map.of());
    }

    private void probes(int seconds) {
        for (int i = 0; i < seconds; i++) {
            watch.step();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void oneWithoutRoomAnswersAndIsNotWellUntilThereIsSome() {
        var full = new AtomicBoolean(true);
        Watch.Probe probe = _ -> {
            if (full.get()) throw new Fault.Exhausted("Full by command of a test", Map.of());
        };
        try (var other = new Watch(breaker, probe, () -> {}, Watch.Pace.STANDARD, clock, Metrics.none())) {
            other.step();
            assertThat(breaker.closed()).isTrue();
            assertThat(other.well()).isFalse();

            full.set(false);
            other.step();
            assertThat(other.well()).isTrue();
        }
        probeFails = true;
        watch.step();
        assertThat(watch.well()).as("gone").isFalse();
        probeFails = false;
        watch.step();
        assertThat(breaker.closed()).as("not for long enough").isFalse();
        assertThat(watch.well()).as("it answers").isTrue();
    }

    @Test
    void oneLateAnswerOpensIt() {
        breaker.late("late");
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void oneThatIsKeptOutAnswersAsLongAsItsProbesDo() {
        breaker.late("late");
        assertThat(breaker.answers()).isTrue();
        probeFails = true;
        probes(1);
        assertThat(breaker.answers()).isFalse();
        probeFails = false;
        probes(1);
        assertThat(breaker.answers()).isTrue();
    }

    /// Its next probe would be due in a day.
    @Test
    void oneThatCallsOpenedIsProbedAtOnce() throws Exception {
        var probed = new Semaphore(0);
        var pace = new Watch.Pace(Duration.ofDays(1), Duration.ofDays(1), Duration.ofSeconds(1));
        try (var lane = new Watch(breaker, _ -> probed.release(), () -> {}, pace, Clock.system(), Metrics.none())) {
            lane.start();
            assertThat(probed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            breaker.late("late");
            assertThat(probed.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void failuresOpenItOnlyInARow() {
        for (int i = 0; i < 20; i++) {
            breaker.failed("no");
            breaker.failed("no");
            breaker.succeeded();
        }
        assertThat(breaker.closed()).isTrue();
        for (int i = 0; i < 3; i++) breaker.failed("no");
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void oneFailureCostsTrustForHalfAMinuteOrUntilProbesProveIt() {
        breaker.failed("no");
        assertThat(breaker.closed()).isTrue();
        assertThat(breaker.trusted()).isFalse();
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(breaker.trusted()).isTrue();

        breaker.failed("no");
        probes(12);
        assertThat(breaker.trusted()).isTrue();
    }

    @Test
    void itClosesAfterHealthyProbesWithoutABreakAndTheReplay() {
        breaker.late("late");
        probes(8);
        probeFails = true;
        probes(1);
        probeFails = false;
        probes(8);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(replayed).isEmpty();
        probes(5);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.trusted()).isTrue();
        assertThat(replayed).hasSize(1);
    }

    @Test
    void aReplayThatFailsKeepsItOut() {
        breaker.late("late");
        replayFails = true;
        probes(12);
        assertThat(replayed).hasSize(1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        replayFails = false;
        probes(25);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void eachRelapseDoublesTheTimeItMustBeWell() {
        int[] needed = new int[4];
        for (int i = 0; i < needed.length; i++) {
            breaker.late("late");
            while (!breaker.closed()) {
                probes(1);
                needed[i]++;
            }
        }
        assertThat(needed[1]).isGreaterThan(needed[0] * 3 / 2);
        assertThat(needed[3]).isGreaterThan(needed[0] * 6).isLessThan(300);
        // A long good time makes it new.
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        breaker.late("late");
        probes(12);
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void aProbeThatFailsOpensItThoughNobodyCalled() {
        probeFails = true;
        probes(1);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.why()).isEqualTo("Away by command of a test");
    }

    @Test
    void theHedgeDelayFollowsTheAnswersWithinItsBounds() {
        var latency = new Latency();
        assertThat(latency.hedgeAfter()).isBetween(Duration.ofMillis(10), Duration.ofMillis(20));
        for (int i = 0; i < 1_000; i++) latency.took(Duration.ofMillis(100).toNanos());
        assertThat(latency.hedgeAfter()).isBetween(Duration.ofMillis(150), Duration.ofMillis(250));
        for (int i = 0; i < 1_000; i++) latency.took(Duration.ofSeconds(9).toNanos());
        assertThat(latency.hedgeAfter()).isEqualTo(Duration.ofMillis(500));
        for (int i = 0; i < 10_000; i++) latency.took(1_000);
        assertThat(latency.hedgeAfter()).isEqualTo(Duration.ofMillis(10));
    }

    /// A probe that was answered, well or not, is what whoever suspects the instance waits for; and no longer than he wants.
    @Test
    void whoSuspectsAnInstanceWaitsForItsNextProbe() throws Exception {
        var waits = new FutureTask<>(() -> {
            breaker.suspect(Duration.ofMinutes(5));
            return breaker.state();
        });
        Thread.ofVirtual().start(waits);
        while (!breaker.suspected()) Thread.onSpinWait();
        probeFails = true;
        watch.step();
        assertThat(waits.get(30, TimeUnit.SECONDS)).isEqualTo(State.OPEN);
        assertThat(breaker.suspected()).isFalse();
        breaker.suspect(Duration.ofMillis(1));
        assertThat(breaker.suspected()).isTrue();
        probeFails = false;
        watch.step();
        assertThat(breaker.suspected()).isFalse();
    }
}
