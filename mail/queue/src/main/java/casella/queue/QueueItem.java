package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.MailboxId;
import org.jspecify.annotations.Nullable;

/// One recipient of a queued message.
///
/// @param arrival under which it will be filed; chosen before the first attempt, so that no attempt files it twice
/// @param account where it goes
/// @param address it was accepted for
/// @param mailbox where it was meant to go; null for INBOX
public record QueueItem(ArrivalId arrival, AccountId account, String address, @Nullable MailboxId mailbox) {}
