package casella.vault.pack;

import java.time.Duration;

/// Keeps background work to a rate in bytes a second. For one thread; any may change the rate.
final class Pacer {
    private static final long BURST_NANOS = 100_000_000;
    private static final long REST_NANOS_MIN = 5_000_000;

    private volatile double nanosPerByte;
    private boolean free;
    private double freeAt = System.nanoTime();

    /// @param bytesPerSecond 0 for no limit
    Pacer(long bytesPerSecond) {
        rate(bytesPerSecond);
    }

    /// @param bytesPerSecond 0 for no limit
    final void rate(long bytesPerSecond) {
        nanosPerByte = bytesPerSecond == 0 ? 0 : 1e9 / bytesPerSecond;
    }

    /// Says whether the rate is not kept for now.
    void free(boolean now) {
        free = now;
    }

    /// Takes note of work done and returns how long to rest before the next.
    Duration spent(long bytes) {
        if (free || nanosPerByte == 0) return Duration.ZERO;
        double now = System.nanoTime();
        freeAt = Math.max(freeAt, now - BURST_NANOS) + bytes * nanosPerByte;
        // Not for every record: many short rests cost more than they give.
        return freeAt - now < REST_NANOS_MIN ? Duration.ZERO : Duration.ofNanos((long) (freeAt - now));
    }
}
