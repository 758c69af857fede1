package casella.store.standby;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How often an account may be switched by itself: at most one epoch a minute and 24 a day. Operators are not
/// limited.
final class Allowance {
    static final Duration APART = Duration.ofMinutes(1);
    static final int A_DAY = 24;

    private Allowance() {}

    /// Says whether one more is allowed now. A clock that stepped back makes nobody wait for longer than a
    /// day.
    ///
    /// @param before when it was switched by itself, oldest first
    static boolean allows(List<Instant> before, Instant now) {
        long today = before.stream().filter(time -> !past(time, now)).count();
        boolean justNow = before.stream().anyMatch(time -> within(time, now, APART));
        return today < A_DAY && !justNow;
    }

    /// Says whether one more way back is allowed now: a way out must be left.
    static boolean allowsBack(List<Instant> before, Instant now) {
        long today = before.stream().filter(time -> !past(time, now)).count();
        return today < A_DAY / 2 && allows(before, now);
    }

    /// Says whether a time is of no account any more.
    static boolean past(Instant time, Instant now) {
        return !within(time, now, Duration.ofDays(1));
    }

    private static boolean within(Instant time, Instant now, Duration length) {
        return Duration.between(time, now).abs().compareTo(length) < 0;
    }
}
