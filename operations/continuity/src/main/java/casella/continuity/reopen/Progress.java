package casella.continuity.reopen;

import java.time.Duration;
import java.time.Instant;

/// How far a reopening is, as it is kept over a restart.
///
/// @param begun when it was ordered
/// @param by who ordered it
/// @param soak for how long all gates must be good before another step
/// @param in steps of the plan that are in; one more than there are when it is over
/// @param stepped when the last was taken; when it was ordered, before the first
public record Progress(
        Instant begun, String by, boolean paidFirst, Duration soak, int in, Instant stepped) {
    public static final Duration SOAK = Duration.ofMinutes(10);

    public Progress {
        if (in < 0) throw new IllegalArgumentException("in: must be 0 or more");
        if (soak.compareTo(Duration.ofSeconds(1)) < 0 || soak.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("soak: must be 1s to 24h");
        }
    }

    public static Progress begin(Instant now, String by, boolean paidFirst, Duration soak) {
        return new Progress(now, by, paidFirst, soak, 0, now);
    }

    Progress step(Instant now) {
        return new Progress(begun, by, paidFirst, soak, in + 1, now);
    }
}
