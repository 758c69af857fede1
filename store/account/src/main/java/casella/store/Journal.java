package casella.store;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Where an account's entries are durable beside the engine, of another technology: the tail now, its segments later.
public interface Journal {
    /// The newest entry of an account.
    record Newest(Modseq modseq, Sha256 hash) {}

    /// Hands an entry over; the ticket is answered when it is synced. Entries of one account come in their order; the
    /// same entry handed over again is harmless.
    Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry);

    /// Returns the newest entry of each account that has entries here.
    Map<AccountId, Newest> newest();

    /// Returns the encoded entries of an account from `from` (inclusive) on, in order, at most `limit`.
    ///
    /// @throws casella.base.Fault.Unavailable if they cannot be read within `time`
    List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time);
}
