package casella.store.deletion;

import casella.base.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long an account's deleted mail can be had back.
///
/// @param retention the plan's days
/// @param bytesMax recoverable mail beyond it is collectable before the days are over, the oldest first
/// @param held whether nothing of it may go at all
public record Terms(Duration retention, long bytesMax, boolean held) {
    /// Beyond the plan's bytes nothing goes before it was recoverable for so long, or for the plan's days if
    /// fewer.
    public static final Duration LEAST = Duration.ofDays(7);

    /// Says what holds for an account.
    public interface Source {
        /// Returns nothing when that cannot be said now: then nothing is collected.
        Optional<Terms> of(AccountId account);
    }

    /// Says whether an email that ended at `ended` has been recoverable as long as promised.
    boolean over(Instant ended, Instant now) {
        return !held && !now.isBefore(ended.plus(retention));
    }

    /// Says whether it may go early, where there is more than the plan keeps.
    boolean early(Instant ended, Instant now) {
        Duration least = retention.compareTo(LEAST) < 0 ? retention : LEAST;
        return !held && !now.isBefore(ended.plus(least));
    }
}
