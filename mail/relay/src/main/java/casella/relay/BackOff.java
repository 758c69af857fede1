package casella.relay;

import casella.queue.Priority;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// When what failed is tried again: soon, then ever more seldom, and not all at once. RFC 5321 §4.5.4.1.
///
/// ```text
/// attempt  1   2   3   4   5    6    7   8   9 and on
/// after    1m  2m  4m  8m  15m  30m  1h  2h  4h        each a fifth more or less, by chance
/// ```
/// Urgent mail is worth nothing in an hour: it is tried at least every 15 minutes.
final class BackOff {
    private static final List<Duration> AFTER =
            List.of(
                    Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(4),
                            Duration.ofMinutes(8),
                    Duration.ofMinutes(15), Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(2),
                    Duration.ofHours(4));
    private static final Duration URGENT_MAX = Duration.ofMinutes(15);
    private static final double JITTER = 0.2;

    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /// Returns how long to wait after so many failed attempts, 1 or more.
    Duration after(int attempts, Priority priority) {
        Duration wait = AFTER.get(Math.clamp(attempts, 1, AFTER.size()) - 1);
        if (priority == Priority.URGENT && wait.compareTo(URGENT_MAX) > 0) wait = URGENT_MAX;
        return Duration.ofMillis((long) (wait.toMillis() * (1 - JITTER + 2 * JITTER * random.nextDouble())));
    }
}
