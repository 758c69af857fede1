package casella.server.drill;

import casella.base.AccountId;
import casella.continuity.cohort.Cohorts;
import java.util.Set;

/// Whose calls suffer in a drill.
sealed interface Cohort {
    boolean includes(AccountId account);

    /// Returns how reports name it: `all`, the address, or the cohort's name.
    String word();

    /// Everybody, and what is nobody's: probes and listings.
    record All() implements Cohort {
        @Override
        public boolean includes(AccountId account) {
            return true;
        }

        @Override
        public String word() {
            return "all";
        }
    }

    /// One owner, and the drill's own account.
    record Some(Set<AccountId> accounts, String word) implements Cohort {
        public Some {
            accounts = Set.copyOf(accounts);
        }

        @Override
        public boolean includes(AccountId account) {
            return accounts.contains(account);
        }
    }

    /// A slice of the accounts, as operators have them, and the drill's own account.
    record Slice(casella.continuity.cohort.Cohort cohort, Cohorts cohorts, AccountId own) implements Cohort {
        @Override
        public boolean includes(AccountId account) {
            return account.equals(own) || cohorts.of(account).equals(cohort);
        }

        @Override
        public String word() {
            return cohort.word();
        }
    }
}
