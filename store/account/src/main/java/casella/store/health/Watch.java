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

    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final Breaker breaker;
    private final Probe probe;
    private final Replay replay;
    private final Pace pace;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Bulkhead lane;

    /// @param replay runs before an instance that was away counts again
    public Watch(Breaker breaker, Probe probe, Replay replay, Pace pace, Clock clock, Metrics metrics) {
        this.breaker = breaker;
        this.probe = probe;
        this.replay = replay;
        this.pace = pace;
        this.clock = clock;
        this.lane = new Bulkhead("watch." + breaker.part(), 1, 1);
        metrics.gauge(Metric.PART_BREAKER, () -> breaker.state().number(), breaker.part());
    }

    public Breaker breaker() {
        return breaker;
    }

    /// Begins to probe, for as long as it is open.
    public Watch start() {
        lane.submit(Deadline.in(FOR_EVER), this::work).whenAnswered((_, _) -> {});
        return this;
    }

    private boolean work() throws InterruptedException {
        do {
            step();
        } while (!closed.await((breaker.closed() ? pace.well() : pace.unwell()).toMillis(), TimeUnit.MILLISECONDS));
        return true;
    }

    /// Probes once and draws the conclusion.
    public void step() {
        long start = clock.nanos();
        try {
            probe.run(pace.time());
        } catch (Fault.Exhausted e) {
            // A full disk answers; what it refuses is new mail's matter.
        } catch (RuntimeException e) {
            breaker.probeFailed(e instanceof Fault ? String.valueOf(e.getMessage()) : e.toString());
            return;
        }
        if (clock.nanos() - start > pace.time().toNanos()) {
            breaker.probeFailed("Probe was late");
            return;
        }
        breaker.probed();
        if (breaker.state() == Breaker.State.RETURNING) letBackIn();
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
