package casella.continuity.cohort;

import casella.base.AccountId;

/// Says which cohort an account is in. Never waits; safe from any thread.
@FunctionalInterface
public interface Cohorts {
    /// Everybody by hash: nobody is staff, nobody volunteered, nobody was moved.
    Cohorts BY_HASH = Cohort::slice;

    Cohort of(AccountId account);
}
