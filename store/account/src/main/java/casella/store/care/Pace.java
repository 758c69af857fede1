package casella.store.care;

import casella.base.Clock;
import java.time.Duration;

/// A rate that background work keeps to, in bytes a second. For one thread.
final class Pace {
    /// After a rest so much may be done at once, in seconds of the rate.
    private static final long BURST_SECONDS = 1;

    private final double nanosPerByte;
    private final Clock clock;
    private double freeAt;

    /// @param bytesPerSecond at least 1
    Pace(long bytesPerSecond, Clock clock) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
        this.clock = clock;
        this.freeAt = clock.nanos();
    }

    /// Takes note of work done and returns how long to rest before the next.
    Duration spent(long bytes) {
        double now = clock.nanos();
        freeAt = Math.max(freeAt, now - BURST_SECONDS * 1e9) + bytes * nanosPerByte;
        return Duration.ofNanos((long) Math.max(0, freeAt - now));
    }
}
