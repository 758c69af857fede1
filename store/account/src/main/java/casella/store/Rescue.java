package casella.store;

import casella.base.AccountId;

/// Has accounts served by something else while the engine does not answer, so that whoever uses one sees a pause and no
/// failure.
public interface Rescue {
    /// Bound around work that nobody waits for: it turns no account, has none taken in elsewhere, says nothing of any, and is
    /// done when the engine is back.
    ScopedValue<Boolean> UNATTENDED = ScopedValue.newInstance();

    /// Says, at once, whether a call to the engine would be of no use for this account.
    boolean wanted(AccountId account);

    /// Has the account be served otherwise, and waits for it.
    ///
    /// @return whether something else than what failed serves it now, so that trying again has sense
    boolean turns(AccountId account);

    /// No rescue.
    static Rescue none() {
        return new Rescue() {
            @Override
            public boolean wanted(AccountId account) {
                return false;
            }

            @Override
            public boolean turns(AccountId account) {
                return false;
            }
        };
    }
}
