package casella.delivery;

import casella.base.AccountId;

/// One recipient that was admitted: an address and the account behind it.
///
/// @param address as the sender wrote it
/// @param account where it goes
/// @param detail what followed the `+`, empty without one. RFC 5233 §1
/// @param quotaBytes how much the account may hold
public record Recipient(String address, AccountId account, String detail, long quotaBytes) {}
