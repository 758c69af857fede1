package casella.store.health;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The probe lane of one instance: a thread of its own that probes it, seldom while it is well, often while it is not, and
/// lets it back in.
public final class Watch implements AutoCloseable {
    /// Writes and reads something small in the instance, within the time, or throws.
    public interface Probe {
        void run(Duration time);
    }

    /// Brings an instance up to date that was away; throws if it fails again.
    public interface Replay {
        void run();
    }

    /// @param well how often to probe while it is closed
    /// @param unwell how often otherwise
    /// @param time how long a probe may take
    public record Pace(Duration well, Duration unwell, Duration time) {
        public static final Pace STANDARD =
                new Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    /// What an instance tells of its calls.
    public interface Calls {
        /// Returns for how long the oldest has not been answered; zero when all are. Never waits.
        Duration oldest();

        /// Answers whoever waits, as if his deadline had passed. Never waits.
        void giveUp();

        /// Tells nothing.
        static Calls unseen() {
            return new Calls() {
                @Override
                public Duration oldest() {
                    return Duration.ZERO;
                }

                @Override
                public void giveUp() {}
            };
        }
    }

    /// A call this old has the instance probed at once: one that is gone is known to be within this and a probe's time.
    private static final Duration SUSPECT = Duration.ofMillis(500);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final Breaker breaker;
    private final Probe probe;
    private final Replay replay;
    private final Calls calls;
    private final Pace pace;
    private final Clock clock;
    private final Metrics metrics;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Bulkhead lane;
    /// Whether the last probe was answered, and whether there was no room for it.
    private volatile boolean answered = true;
    private volatile boolean full;

    /// @param replay runs before an instance that was away counts again
    public Watch(Breaker breaker, Probe probe, Replay replay, Pace pace, Clock clock, Metrics metrics) {
        this(breaker, probe, replay, Calls.unseen(), pace, clock, metrics);
    }

    /// @param calls those of the instance: an old one has it probed at once, and when it is gone all are given up
    public Watch(Breaker breaker, Probe probe, Replay replay, Calls calls, Pace pace, Clock clock,
            Metrics metrics) {
        this.calls = calls;
        this.breaker = breaker;
        this.probe = probe;
        this.replay = replay;
        this.pace = pace;
        this.clock = clock;
        this.metrics = metrics;
        this.lane = new Bulkhead("watch." + breaker.part(), 1, 1);
        metrics.gauge(Metric.PART_BREAKER, () -> breaker.state().number(), breaker.part());
    }

    public Breaker breaker() {
        return breaker;
    }

    /// Says whether it answered its last probe and had room. Never waits.
    public boolean well() {
        return answered && !full;
    }

    /// Begins to probe, for as long as it is open.
    public Watch start() {
        lane.submit(Deadline.in(FOR_EVER), this::work).whenAnswered((_, _) -> {});
        return this;
    }

    private boolean work() throws InterruptedException {
        do {
            step();
        } while (!rest(breaker.closed() && !full ? pace.well() : pace.unwell()));
        return true;
    }

    /// Rests until the next probe; returns whether this was closed meanwhile.
    private boolean rest(Duration until) throws InterruptedException {
        Deadline next = Deadline.in(until);
        // One that is slow is not probed without a break.
        Deadline soon = Deadline.in(SUSPECT);
        boolean well = breaker.closed();
        while (!next.over()) {
            long look = Math.min(LOOK_EVERY.toNanos(), next.remainingNanos());
            if (closed.await(look, TimeUnit.NANOSECONDS)) return true;
            if (!soon.over()) continue;
            boolean old = calls.oldest().compareTo(SUSPECT) > 0;
            // One whose calls opened its breaker is asked at once whether it is there.
            if (breaker.closed() ? old || breaker.suspected() : well) return false;
        }
        return false;
    }

    /// Probes once and draws the conclusion.
    public void step() {
        answered = probed();
    }

    private boolean probed() {
        long start = clock.nanos();
        try {
            probe.run(pace.time());
            full = false;
            metrics.time(Metric.PART_PROBE_SECONDS, Duration.ofNanos(clock.nanos() - start), breaker.part());
        } catch (Fault.Exhausted e) {
            // A full disk answers; what it refuses is new mail's matter, which is told soon when there is room.
            full = true;
        } catch (RuntimeException e) {
            metrics.time(Metric.PART_PROBE_SECONDS, pace.time(), breaker.part());
            breaker.probeFailed(e instanceof Fault ? String.valueOf(e.getMessage()) : e.toString());
            calls.giveUp();
            return false;
        }
        if (clock.nanos() - start > pace.time().toNanos()) {
            breaker.probeFailed("Probe was late");
            calls.giveUp();
            return false;
        }
        breaker.probed();
        if (breaker.state() == Breaker.State.RETURNING) letBackIn();
        return true;
    }

    private void letBackIn() {
        try {
            replay.run();
            breaker.returned();
        } catch (RuntimeException e) {
            Log.event(Event.PART_NOT_REPLAYED, "part", breaker.part(), "why", e);
            breaker.probeFailed("What ended meanwhile could not be removed");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        lane.close();
    }
}
