package casella.store;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where an account's entries are durable beside the engine, of another technology: the tail now, its segments later.
public interface Journal {
    /// The newest entry of an account.
    record Newest(Modseq modseq, Sha256 hash) {}

    /// Hands an entry over; the ticket is answered when it is synced. Entries of one account come in their order; the
    /// same entry handed over again is harmless.
    Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry);

    /// Returns the newest entry of each account that has entries here.
    Map<AccountId, Newest> newest();

    /// Returns the newest entry of one account, or null when it has none here.
    default @Nullable Newest newest(AccountId account) {
        return newest().get(account);
    }

    /// Brings what waits of an account to the vaults, now; answered with the last change that one of them has, when it has
    /// or cannot. A journal that leaves nothing answers with a change beyond all.
    default Ticket<Modseq> press(AccountId account) {
        return Ticket.done("journal.press", Gap.LEFT_NOTHING);
    }

    /// Returns since when this journal may lack entries that were handed to it, or to the one before it, and never released;
    /// null while nothing is in doubt. An account that has no view then, and no hole since, opens over a hole.
    default @Nullable Instant doubtedSince() {
        return null;
    }

    /// Says that every account has been proven since `doubted`: whatever was lost, no later use can miss it.
    ///
    /// @param doubted what [#doubtedSince] answered before the first of them was proven
    /// @throws casella.base.Fault.Unavailable if that cannot be kept within `time`
    default void proven(Instant doubted, Duration time) {}

    /// Says that entries of an account up to `upTo` are kept elsewhere now. Any thread; deletes nothing by itself.
    void release(AccountId account, Modseq upTo);

    /// Lets go of what is released. For whoever releases, after a round of releases.
    ///
    /// @throws casella.base.Fault.Unavailable if the disk does not answer within `time`
    int sweep(Duration time);

    /// Returns the encoded entries of an account from `from` (inclusive) on, in order, at most `limit`.
    ///
    /// @throws casella.base.Fault.Unavailable if they cannot be read within `time`
    List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time);
}
