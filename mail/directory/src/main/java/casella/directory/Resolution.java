package casella.directory;

import casella.base.AccountId;

/// What the directory knows of a recipient's address.
public sealed interface Resolution {
    /// An account that takes mail.
    ///
    /// @param address as it was entered in the directory (primary address or alias), whatever case was asked for
    /// @param detail what followed the first `+` of the local part, empty without one. RFC 5233 §1
    record Local(Account account, Plan plan, String address, String detail) implements Resolution {
        /// Returns how much mail the account may hold.
        public long quotaBytes() {
            return account.quotaBytes(plan);
        }
    }

    /// A domain of ours, and nobody there by that name (or somebody whose account was wiped).
    record Unknown() implements Resolution {}

    /// An account of ours that takes no mail now.
    record Disabled(AccountId account) implements Resolution {}

    /// A domain of somebody else's, or no address at all.
    record NotOurs() implements Resolution {}
}
