package casella.testkit;

import casella.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until it is told to go on.
public final class SteppedClock implements Clock {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong jumped = new AtomicLong();

    public void step(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /// Sets the wall clock forward, or back, while no time passes.
    public void jump(Duration time) {
        jumped.addAndGet(time.toMillis());
    }

    @Override
    public Instant now() {
        return START.plusMillis(jumped.get()).plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }
}
