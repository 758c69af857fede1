package casella.base;

import java.time.Duration;

/// The moment after which an answer is of no use. Real time: a hung disk does not wait for a simulated clock.
public record Deadline(long atNanos) {
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Returns the nanoseconds left, 0 when over.
    public long remainingNanos() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    public boolean over() {
        return remainingNanos() == 0;
    }
}
