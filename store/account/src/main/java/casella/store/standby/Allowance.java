package casella.store.standby;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How often an account may be switched by itself: one epoch a minute, on the average of each way out and back, and 24 a day.
/// It is the way back that waits: an engine that is gone again just after it came back must not leave anybody in the dark.
/// Operators are not limited. Decision 0118.
final class Allowance {
    static final Duration APART = Duration.ofMinutes(1);
    static final int A_DAY = 24;

    private Allowance() {}

    /// Says whether one more way out is allowed now. A clock that stepped back makes nobody wait for longer than a
    /// day.
    ///
    /// @param before when it was switched by itself, oldest first
    static boolean allows(List<Instant> before, Instant now) {
        return today(before, now) < A_DAY;
    }

    private static long today(List<Instant> before, Instant now) {
        return before.stream().filter(time -> !past(time, now)).count();
    }

    /// Says whether one more way back is allowed now: a way out must be left, at once and for the day.
    static boolean allowsBack(List<Instant> before, Instant now) {
        boolean lately = before.stream().anyMatch(time -> within(time, now, APART.multipliedBy(2)));
        return today(before, now) < A_DAY / 2 && !lately;
    }

    /// Says whether a time is of no account any more.
    static boolean past(Instant time, Instant now) {
        return !within(time, now, Duration.ofDays(1));
    }

    private static boolean within(Instant time, Instant now, Duration length) {
        return Duration.between(time, now).abs().compareTo(length) < 0;
    }
}
