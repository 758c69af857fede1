package casella.base;

import java.time.Instant;

/// What time it is. Tests hold one that stands still until told.
public interface Clock {
    /// Returns the wall clock, which may step back.
    Instant now();

    /// Returns nanoseconds that only go forward, comparable within one process.
    long nanos();

    /// Returns the machine's clock.
    static Clock system() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
