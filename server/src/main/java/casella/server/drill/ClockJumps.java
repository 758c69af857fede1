package casella.server.drill;

import casella.base.Deadline;
import casella.store.deletion.Brake;
import casella.store.deletion.Collector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a clock is made to do in a drill, one after the other in equal parts of its time, and whether the collector stood and
/// asked at each. It is never asked to run: where it did not stop, nothing must be deleted for it.
final class ClockJumps {
    /// An hour is believed if it is less than one.
    private static final Duration HOUR = Duration.ofMinutes(61);
    private static final Duration DAY = Duration.ofHours(25);

    private static final List<Duration> JUMPS = List.of(HOUR, HOUR.negated(), DAY, DAY.negated());

    private final DrilledClock clock;
    private final Collector collector;
    private final Measured measured;
    private final long every;
    private final @Nullable Instant lastRun;
    private Deadline until = Deadline.in(Duration.ZERO);
    private int next;

    /// @param time of all jumps together
    ClockJumps(DrilledClock clock, Collector collector, Measured measured, Duration time) {
        this.clock = clock;
        this.collector = collector;
        this.measured = measured;
        this.every = time.toMillis() / JUMPS.size();
        this.lastRun = collector.status().lastRun();
    }

    /// @param end the clock is right then, whatever happens
    synchronized void begin(Deadline end) {
        until = end;
        step(0);
    }

    /// Jumps on when it is time for it.
    ///
    /// @param elapsed milliseconds since the beginning
    synchronized void step(long elapsed) {
        if (next == JUMPS.size() || until.over() || elapsed < next * every) return;
        Duration jump = JUMPS.get(next++);
        clock.right();
        collector.reconsider();
        clock.jump(jump, until);
        collector.tick();
        Collector.Status status = collector.status();
        Brake brake = status.brake();
        boolean stands = brake != null && brake.reason() == Brake.Reason.CLOCK;
        boolean ran = !Objects.equals(lastRun, status.lastRun());
        measured.check("with the clock " + said(jump) + " the collector stands and asks, and deleted nothing",
                stands && !ran);
    }

    private static String said(Duration jump) {
        long minutes = jump.abs().toMinutes();
        return (minutes < 120 ? minutes + " minutes" : jump.abs().toHours() + " hours")
                + (jump.isNegative() ? " behind" : " ahead");
    }

    /// Sets the clock right, and has the collector see that it is.
    synchronized void end() {
        next = JUMPS.size();
        clock.right();
        measured.check("with the clock right again the collector goes on", collector.reconsider());
    }
}
