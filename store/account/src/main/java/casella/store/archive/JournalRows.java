package casella.store.archive;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Hole;
import casella.store.Journal;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.OverlaidRows;
import casella.store.engine.Rows;
import casella.store.engine.SortedRows;
import casella.store.vault.ObjectName;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An account's rows out of its journal, read when they are asked for: the newest checkpoint's head, the
/// segments after it and the tail at once, pages and what follows from them later.
///
/// Opening costs what changed since the checkpoint, whatever the account's size. Never less is served than what was
/// answered: [JournalEnd]. Safe for several threads.
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

    /// What an account is read from.
    ///
    /// @param end says whether the journal was read to its end
    /// @param reconciliation opens the account over a hole
    public record Sources(
            Holdings holdings, Journal journal, JournalEnd end, Reconciliation reconciliation) {}

    /// What this process knows of an account that it is about to read.
    ///
    /// @param answered the newest change it answered; [Modseq#NONE] if none
    /// @param compared whether the account's view was compared with the tail since the start, which then has all that the
    ///                 view had
    public record Known(Modseq answered, boolean compared) {
        /// After a start.
        public static final Known NOTHING = new Known(Modseq.NONE, false);
    }

    /// A journal read to its end, and not served yet.
    public static final class Opening {
        private final Folding folding;
        private final Sources from;
        private final AccountId account;
        private final @Nullable Instant doubted;

        private Opening(AccountId account, Sources from, Folding folding, @Nullable Instant doubted) {
            this.account = account;
            this.from = from;
            this.folding = folding;
            this.doubted = doubted;
        }

        /// Returns the head after the newest entry that was read.
        public HeadRow head() {
            return folding.fold().head();
        }

        /// Says whether entries may be missing that nothing has: the account is then opened over a hole.
        public boolean overHole() {
            return doubted != null;
        }

        /// Says whether that hole has not been opened yet: its first change needs an epoch of its own. One that was opened
        /// before may have broken off, and gets what it lacks.
        public boolean needsEpoch() {
            return doubted != null && !Hole.opened(head(), doubted);
        }

        /// Says whether it could be opened over a hole now, and writes nothing.
        ///
        /// @throws Fault.Unavailable if not
        public void tryHole() {
            from.reconciliation().tryOpen(account, folding);
        }

        /// Returns the rows.
        ///
        /// @param epoch claimed for the change that opens a hole, where one is needed
        /// @throws Fault.Unavailable if a hole cannot be opened now. What was put into the vaults stays: the account must
        ///                           not be served by anybody who does not know of it
        public JournalRows rows(PageCache cache, long epoch) {
            Instant since = doubted;
            if (since != null) {
                var _ = from.reconciliation().open(account, folding, since, epoch);
                // No more than what lies in segments: a hole that was opened before archived nothing now.
                from.journal().release(account, folding.archived().upTo());
            }
            return new JournalRows(folding, cache);
        }
    }

    /// Reads an account, blocking on vaults and tail: on a thread that may wait.
    ///
    /// @throws Fault.Unavailable if the journal cannot be read to its end, or nobody knows whether that is its end
    /// @throws Fault.Corrupt if there is none, or it does not fit together
    public static Opening open(AccountId account, Sources from, Known known) {
        Folding folding;
        try {
            folding = fold(account, from.holdings(), from.journal(), false);
        } catch (Fault.Corrupt e) {
            // A page of the newest checkpoint may be damaged everywhere: one that is right throughout is taken.
            Log.event(Event.CHECKPOINT_UNREADABLE, "account", account, "why", e);
            folding = fold(account, from.holdings(), from.journal(), true);
        }
        @Nullable Instant doubted = from.journal().doubtedSince();
        boolean settled = doubted == null || known.compared() || known.answered().after(Modseq.NONE);
        whole(account, folding, from, settled);
        from.end().require(account, new Modseq(folding.fold().head().version()), known.answered());
        return new Opening(account, from, folding, settled ? null : doubted);
    }

    /// Reads an account to its end while the archiver may be at work.
    ///
    /// @param all whether every page of the checkpoint is read first
    static Folding fold(AccountId account, Holdings holdings, Journal journal, boolean all) {
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
    ///
    /// @param settled whether no entry can be missing between vaults and tail without a trace
    private static void whole(AccountId account, Folding folding, Sources from, boolean settled) {
        HeadRow head = folding.fold().head();
        Modseq reached = new Modseq(head.version());
        if (newestAfter(account, folding.archived().upTo(), from.holdings()) > head.version()) {
            throw new Fault.Unavailable(
                    "The journal cannot be read to its end", Map.of("account", account, "at", reached), folding.fault());
        }
        Journal.Newest newest = from.journal().newest(account);
        if (newest != null && newest.modseq().after(reached) && settled) {
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
        Position end = folding.archived();
        byte[] archivedKey = new Key.Entry(end.upTo()).bytes();
        folding.fold().written((key, value) -> {
            // An entry of the tail that a hole's opening archived is kept there.
            if (key[0] == 0x01 && Arrays.compareUnsigned(key, archivedKey) <= 0) return;
            rows[0] = rows[0].with(key, value == null ? OverlaidRows.GONE : value);
        });
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
