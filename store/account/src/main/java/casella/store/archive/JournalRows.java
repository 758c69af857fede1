package casella.store.archive;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Journal;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.OverlaidRows;
import casella.store.engine.Rows;
import casella.store.engine.SortedRows;
import casella.store.vault.ObjectName;
import java.util.List;
import java.util.Map;

/// An account's rows out of its journal, read when they are asked for: the newest checkpoint's head, the
/// segments after it and the tail at once, pages and what follows from them later.
///
/// Opening costs what changed since the checkpoint, whatever the account's size. Safe for several threads.
public final class JournalRows {
    private static final int ATTEMPTS_MAX = 5;

    private final HeldPages.Source source;
    private final PageCache cache;
    private final Checkpoint checkpoint;
    private final FollowingRows.Indexes indexes;
    private final SortedRows over;
    private final HeadRow head;

    private JournalRows(Folding folding, PageCache cache) {
        this.source = folding.source();
        this.cache = cache;
        this.checkpoint = folding.base().checkpoint();
        var direct = new CheckpointRows(checkpoint, hash -> cache.now(hash, source));
        this.indexes = new FollowingRows.Indexes(cache, direct);
        this.head = folding.fold().head();
        this.over = laid(folding);
    }

    /// Opens an account, blocking on vaults and tail: on a thread that may wait.
    ///
    /// @throws Fault.Unavailable if the journal cannot be read to its end, or has a hole
    /// @throws Fault.Corrupt if there is none, or it does not fit together
    public static JournalRows open(AccountId account, Holdings holdings, Journal journal, PageCache cache) {
        Folding folding;
        try {
            folding = fold(account, holdings, journal, false);
        } catch (Fault.Corrupt e) {
            // A page of the newest checkpoint may be damaged everywhere: one that is right throughout is taken.
            Log.event(Event.CHECKPOINT_UNREADABLE, "account", account, "why", e);
            folding = fold(account, holdings, journal, true);
        }
        whole(account, folding, holdings, journal);
        return new JournalRows(folding, cache);
    }

    private static Folding fold(AccountId account, Holdings holdings, Journal journal, boolean all) {
        Modseq end = new Modseq(Long.MAX_VALUE);
        for (int attempt = 0; ; attempt++) {
            Folding folding = Folding.begin(holdings, account, all, null).segments(end).tail(journal, end);
            // Entries may have gone from the tail to a segment after the segments were read.
            boolean moved = newestAfter(account, folding.archived().upTo(),
                    holdings) > folding.fold().head().version();
            if (!moved || folding.fault() != null || attempt == ATTEMPTS_MAX) return folding;
        }
    }

    /// Returns the last mod-sequence of the segments that begin after the one at `archived`.
    private static long newestAfter(AccountId account, Modseq archived, Holdings holdings) {
        long newest = 0;
        var none = Sha256.wrap(new byte[Sha256.BYTES]);
        var after = new ObjectName(account, ObjectName.Kind.SEGMENT, archived.value() + 1, 0, none);
        List<ObjectName> page = holdings.names(account, ObjectName.Kind.SEGMENT, after);
        while (!page.isEmpty()) {
            for (ObjectName name : page) newest = Math.max(newest, name.low());
            page = holdings.names(account, ObjectName.Kind.SEGMENT, page.getLast());
        }
        return newest;
    }

    /// Nothing is served of a journal that does not lead to its newest entry.
    private static void whole(AccountId account, Folding folding, Holdings holdings, Journal journal) {
        HeadRow head = folding.fold().head();
        // A view that is there completes such a tail; without one the engine's is opened over a hole.
        if (journal.doubtedSince() != null) {
            throw new Fault.Unavailable("The tail may lack changes", Map.of("account", account));
        }
        Modseq reached = new Modseq(head.version());
        if (newestAfter(account, folding.archived().upTo(), holdings) > head.version()) {
            throw new Fault.Unavailable(
                    "The journal cannot be read to its end", Map.of("account", account, "at", reached), folding.fault());
        }
        Journal.Newest newest = journal.newest(account);
        if (newest != null && newest.modseq().after(reached)) {
            throw new Fault.Unavailable(
                    "What lies between the vaults and the tail is missing", Map.of("account", account, "at", reached));
        }
        if (newest != null && newest.modseq().equals(reached) && !newest.hash().equals(head.hash())) {
            throw new Fault.Corrupt("Tail and segments differ",
                    Map.of("account", account, "version", reached));
        }
        if (head.version() == 0) {
            throw new Fault.Corrupt("There is no journal of the account", Map.of("account", account));
        }
    }

    private static SortedRows laid(Folding folding) {
        SortedRows[] rows = {SortedRows.EMPTY};
        folding.fold().written((key, value) ->
                rows[0] = rows[0].with(key, value == null ? OverlaidRows.GONE : value));
        Position end = folding.archived();
        var archived = new Archived(end.upTo(), end.hash(), folding.checkpoint(), folding.segmentBytes());
        return rows[0]
                .with(new Key.Archived().bytes(), archived.row())
                .with(new Key.Head().bytes(), folding.fold().head().bytes());
    }

    /// Returns the head after the newest entry.
    public HeadRow head() {
        return head;
    }

    /// Returns what the changes since the checkpoint wrote, to be laid over the rows [#below].
    public SortedRows over() {
        return over;
    }

    /// Returns the rows as the checkpoint has them.
    ///
    /// @param deadline until when a page is waited for; what does not come is a [Fault.Unavailable] out of
    ///     the reading
    public Rows below(Deadline deadline) {
        var own = new CheckpointRows(checkpoint, hash -> cache.page(hash, source, deadline));
        return new FollowingRows(own, indexes, deadline);
    }
}
