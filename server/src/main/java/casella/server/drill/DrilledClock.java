package casella.server.drill;

import casella.base.Clock;
import casella.base.Deadline;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The wall clock of what deletes, which a drill can have jump. What goes on by itself, its nanoseconds, never does. Nothing
/// that is kept is dated by it. Decision 0125.
public final class DrilledClock implements Clock {
    private final Clock inner;
    private volatile @Nullable Jump jump;

    public DrilledClock(Clock inner) {
        this.inner = inner;
    }

    private record Jump(Duration by, Deadline until) {}

    /// Has it show another time from now on.
    ///
    /// @param by forward, or back where negative
    /// @param until it is right again then, also if [#right] never comes
    void jump(Duration by, Deadline until) {
        jump = new Jump(by, until);
    }

    /// Sets it right. Harmless when it is.
    void right() {
        jump = null;
    }

    @Override
    public Instant now() {
        Jump now = jump;
        return now == null || now.until().over() ? inner.now() : inner.now().plus(now.by());
    }

    @Override
    public long nanos() {
        return inner.nanos();
    }
}
