package casella.store.deletion;

import casella.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the wall clock is to be believed: against the monotonic clock while the process runs, against the
/// last time that was kept after a restart. For one thread.
final class TimeSense {
    /// Wall and monotonic clock may come so far apart.
    static final Duration APART_MAX = Duration.ofHours(1);
    /// The process may have been away for so long without anybody being asked.
    static final Duration AWAY_MAX = Duration.ofDays(2);

    private final Clock clock;
    private Instant wall;
    private long nanos;
    /// Newest time seen before the start; null once it was compared.
    private @Nullable Instant before;

    TimeSense(Clock clock, @Nullable Instant before) {
        this.clock = clock;
        this.before = before;
        this.wall = clock.now();
        this.nanos = clock.nanos();
    }

    /// Returns what is wrong with the time; empty when it is believed.
    Optional<Brake> doubt() {
        Instant now = clock.now();
        Duration running = Duration.ofNanos(clock.nanos() - nanos);
        Duration apart = Duration.between(wall, now).minus(running);
        if (apart.abs().compareTo(APART_MAX) >= 0) {
            return Optional.of(Brake.clock("the clock went " + said(apart) + " while the process ran "
                    + said(running)));
        }
        Instant last = before;
        if (last == null) return Optional.empty();
        Duration away = Duration.between(last, wall);
        if (away.compareTo(AWAY_MAX) > 0) {
            return Optional.of(Brake.clock(
                    "the clock says that " + said(away) + " passed since the collector last looked, at "
                            + last));
        }
        if (away.compareTo(APART_MAX.negated()) <= 0) {
            return Optional.of(Brake.clock("the clock is " + said(away.abs()) + " behind the time last seen, "
                    + last));
        }
        before = null;
        return Optional.empty();
    }

    /// Somebody says that the time is right now.
    void believe() {
        before = null;
        wall = clock.now();
        nanos = clock.nanos();
    }

    private static String said(Duration time) {
        return time.toHours() == 0 ? time.toMinutes() + " min" : time.toDays() < 3 ? time.toHours() + " h"
                : time.toDays() + " days";
    }
}
