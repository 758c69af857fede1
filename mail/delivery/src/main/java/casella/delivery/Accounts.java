package casella.delivery;

import casella.base.AccountId;
import casella.base.ArrivalId;
import java.time.Instant;

/// The store's accounts, as delivery sees them.
public interface Accounts {
    /// Keeps a message in the account's INBOX and returns when it is kept as the store promises.
    ///
    /// @param content whole; not changed afterwards
    /// @throws casella.base.Fault if it may not be kept
    Filed file(AccountId account, byte[] content, Instant received, String sender, String recipient);

    /// Says whether `bytes` more would go over the account's quota.
    ///
    /// @throws casella.base.Fault if the account cannot be asked
    boolean hasRoom(Recipient recipient, long bytes);

    /// What became of it.
    sealed interface Filed {
        record Kept(ArrivalId arrival) implements Filed {}

        record OverQuota() implements Filed {}
    }
}
