package casella.store.standby;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.store.Entry;
import java.util.List;

/// Takes what a live engine alone had of an account that went on without it.
public interface Leftovers {
    /// Merges changes of a lost branch into the account as ordinary new changes. Called once the account is
    /// live again, and again with the same entries when it broke off.
    ///
    /// @param lost in order
    /// @param branchPoint the last change that both histories have
    /// @throws casella.base.Fault.Unavailable if it cannot be done now; it is tried again
    void merge(AccountId account, List<Entry> lost, Modseq branchPoint);
}
