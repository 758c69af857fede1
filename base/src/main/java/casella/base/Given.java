package casella.base;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What owners were given for what did not work.
public interface Given {
    /// What an account was given for one incident. At least one of `quotaBytes` and `months` is more than 0.
    ///
    /// @param run which compensation it was of; an incident whose first was taken back may have another
    /// @param italian what the incident was called; empty where that is not known any more
    /// @param english the same
    /// @param quotaBytes room beyond the plan's quota, for ever
    /// @param months of the plan, free
    /// @param at when it was given
    /// @param ended when it was taken back; null where it was not
    record Credit(long run, long incident, String italian, String english, long quotaBytes, int months, Instant at,
            @Nullable Instant ended) {}

    /// Gives nothing.
    Given NONE = _ -> List.of();

    /// Returns what an account was given, the newest first. May wait, for seconds at most.
    ///
    /// @throws Fault.Unavailable if it cannot be said now
    List<Credit> to(AccountId account);
}
