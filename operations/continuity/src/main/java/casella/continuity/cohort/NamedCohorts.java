package casella.continuity.cohort;

import casella.base.AccountId;
import java.util.Optional;
import java.util.function.Function;

/// The cohorts that operators named, and for everybody else the slice of their id.
///
/// @param named the name of the cohort an account was put in, from memory; a name that is none counts as none
public record NamedCohorts(Function<AccountId, Optional<String>> named) implements Cohorts {
    @Override
    public Cohort of(AccountId account) {
        return named.apply(account).flatMap(Cohort::of).orElseGet(() -> Cohort.slice(account));
    }
}
