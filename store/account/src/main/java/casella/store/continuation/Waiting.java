package casella.store.continuation;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Sha256;
import java.time.Instant;
import java.util.List;

/// What waits to be filed into accounts. Blocks on files.
public interface Waiting {
    /// One message for one account.
    record Item(ArrivalId arrival, Instant received) {}

    /// Returns all that waits for an account, in the order it was kept in.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be told now
    List<Item> of(AccountId account);

    /// A message as it was kept.
    ///
    /// @param blob SHA-256 of `content`, checked where that was read
    record Message(Sha256 blob, byte[] content) {}

    /// Returns the exact bytes that will be filed, always all of them: they are checked as a whole.
    ///
    /// @throws casella.base.Fault.Corrupt if they are not what was kept, or it does not wait any more
    /// @throws casella.base.Fault.Unavailable if the disk does not give them back now
    Message message(ArrivalId arrival);

    /// Has what waits for an account be filed now: it can be again.
    void retry(AccountId account);
}
