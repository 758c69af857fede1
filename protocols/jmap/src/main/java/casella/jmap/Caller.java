package casella.jmap;

import casella.base.AccountId;

/// Whoever has proved to be an account's owner.
///
/// @param address the account's primary address
/// @param language BCP 47 tag
record Caller(AccountId account, String address, String brand, String language) {}
