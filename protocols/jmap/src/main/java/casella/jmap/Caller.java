package casella.jmap;

import casella.base.AccountId;
import casella.base.Notices;
import casella.directory.Authenticator;

/// Whoever has proved to be an account's owner.
///
/// @param address the account's primary address
/// @param language BCP 47 tag
/// @param grant whether the log-in still holds: what lasts longer than a request asks again
record Caller(AccountId account, String address, String brand, String language, Authenticator.Grant grant) {
    /// Returns him as who is told what goes on.
    Notices.Listener listener() {
        return Notices.Listener.owner(brand, account);
    }
}
