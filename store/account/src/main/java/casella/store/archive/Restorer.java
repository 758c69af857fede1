package casella.store.archive;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.Accounts;
import casella.store.Change;
import casella.store.Entry;
import casella.store.FaceRows;
import casella.store.Fold;
import casella.store.Hole;
import casella.store.Journal;
import casella.store.Mailbox;
import casella.store.Role;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings an account's view in the engine to its journal: segments in the vaults and the tail.
///
/// An engine that is behind gets what it lacks; one without the account gets it whole, and shows nothing of
/// it before: the head row comes last. A view that tells another history is left as it is, closed and named.
public final class Restorer {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int BATCH_BYTES = 1 << 20;
    private static final int BATCHES_UNDER_WAY = 4;
    private static final int ENTRIES_A_BATCH = 200;
    private static final int FOLLOW_ATTEMPTS_MAX = 3;
    private static final String DIFFER = "Engine and journal differ";

    private final Engine engine;
    private final Journal journal;
    private final Holdings holdings;
    private final Reconciliation reconciliation;
    private final Accounts.Founder founder;

    /// @param holdings where the start-up comparison reads: all vaults
    /// @param reconciliation opens an account over a hole
    public Restorer(Engine engine, Journal journal, Holdings holdings, Reconciliation reconciliation) {
        this(engine, journal, holdings, reconciliation, Accounts.Founder.none());
    }

    /// @param founder knows the folders of accounts of which nothing else is left
    public Restorer(Engine engine, Journal journal, Holdings holdings, Reconciliation reconciliation,
            Accounts.Founder founder) {
        this.founder = founder;
        this.engine = engine;
        this.journal = journal;
        this.holdings = holdings;
        this.reconciliation = reconciliation;
    }

    /// How an account was found.
    public enum Found {
        /// Nobody has anything of it.
        NEW,
        /// The view is the journal's.
        WHOLE,
        /// The view is the journal's now.
        RESTORED,
        /// The view agrees with the tail and with the vaults that answer; another may know more.
        UNPROVEN
    }

    /// What the engine says of an account.
    private record Seen(@Nullable HeadRow head, Archived archived) {}

    private Seen seen(AccountId account) {
        return engine.read(account, TIME, rows -> {
            byte[] head = rows.get(new Key.Head());
            return new Seen(head == null ? null : HeadRow.of(head),
                    Archived.of(rows.get(new Key.Archived())));
        });
    }

    /// Proves an account's view, or makes it whole.
    ///
    /// @throws Fault.Corrupt if view and journal tell different histories
    /// @throws Fault.Unavailable if it cannot be made whole now
    public Found settle(AccountId account) {
        try {
            return compare(account);
        } catch (Fault.Corrupt e) {
            // What is made of the journal is not mended from it, and what it stands in for is kept.
            if (differs(e) || !engine.keeps(account)) throw e;
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", account, "why", e);
            return mend(account);
        }
    }

    /// Says whether a fault is that view and journal tell different histories.
    public static boolean differs(Fault.Corrupt e) {
        return DIFFER.equals(e.getMessage());
    }

    private Found compare(AccountId account) {
        Seen seen = seen(account);
        HeadRow head = seen.head();
        if (head == null) return missing(account);
        Journal.@Nullable Newest newest = journal.newest(account);
        Modseq version = new Modseq(head.version());
        if (newest != null && newest.modseq().equals(version) && !newest.hash().equals(head.hash())) {
            throw differs(account, version);
        }
        Modseq top = newest == null ? Modseq.NONE : newest.modseq();
        boolean proven = true;
        try {
            top = later(top, newestSegment(account, seen.archived().upTo()));
        } catch (Fault.Unavailable e) {
            proven = false;
            Log.event(Event.STORE_ACCOUNT_UNPROVEN, "account", account, "why", e);
        }
        JournalEnd.Told told = reconciliation.end().told(account, later(top, version));
        top = later(top, told.newest());
        proven &= told.sure();
        if (top.after(version) && Heads.floor(holdings, account).after(seen.archived().upTo())) {
            // What it lacks is collected: it is made anew from a checkpoint.
            var _ = rebuild(account, holdings, version);
            return proven ? Found.RESTORED : Found.UNPROVEN;
        }
        if (top.after(version)) {
            catchUp(account, seen.archived(), new Position(version, head.hash()), top);
            return proven ? Found.RESTORED : Found.UNPROVEN;
        }
        boolean completed = complete(account, seen.archived(), newest, version);
        if (!proven) return Found.UNPROVEN;
        return completed ? Found.RESTORED : Found.WHOLE;
    }

    /// Makes a view anew whose rows cannot be read, from all vaults and the tail.
    ///
    /// @throws Fault.Unavailable if the journal cannot be read to its end, or ends before the view
    public Found mend(AccountId account) {
        Modseq atLeast = Modseq.NONE;
        try {
            HeadRow head = seen(account).head();
            if (head != null) atLeast = new Modseq(head.version());
        } catch (Fault.Corrupt e) {
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", account, "why", e);
        }
        var _ = rebuild(account, holdings, atLeast);
        return Found.RESTORED;
    }

    private static Modseq later(Modseq one, Modseq other) {
        return one.after(other) ? one : other;
    }

    /// Returns the newest mod-sequence of segments that begin after `archived`. One that was put and never
    /// marked, or all that an engine forgot, begins there.
    private Modseq newestSegment(AccountId account, Modseq archived) {
        long newest = 0;
        var after = new ObjectName(
                account, ObjectName.Kind.SEGMENT, archived.value() + 1, 0,
                        Sha256.wrap(new byte[Sha256.BYTES]));
        List<ObjectName> page = holdings.names(account, ObjectName.Kind.SEGMENT, after);
        while (!page.isEmpty()) {
            for (ObjectName name : page) newest = Math.max(newest, name.low());
            page = holdings.names(account, ObjectName.Kind.SEGMENT, page.getLast());
        }
        return new Modseq(newest);
    }

    private Found missing(AccountId account) {
        boolean known = journal.newest(account) != null
                || !holdings.names(account, ObjectName.Kind.SEGMENT, null).isEmpty()
                || !holdings.names(account, ObjectName.Kind.CHECKPOINT, null).isEmpty();
        if (!known) return founded(account) ? Found.RESTORED : Found.NEW;
        var _ = rebuild(account, holdings, Modseq.NONE);
        return Found.RESTORED;
    }

    /// Founds an account anew of which nothing of a journal is anywhere, while the tail is in doubt: it was younger than its
    /// first segment. Returns false for one that was never used.
    ///
    /// @throws Fault.Unavailable if a vault does not say what it has
    private boolean founded(AccountId account) {
        @Nullable Instant doubted = journal.doubtedSince();
        if (doubted == null) return false;
        List<FaceRows.Folder> folders = founder.face(account);
        if (folders.isEmpty()) {
            // Its face is kept right after its first change: a mail of before may be there, and no face yet.
            Optional<Map<Role, String>> names = founder.mailboxes(account);
            if (names.isEmpty() || !reconciliation.hasMail(account, doubted)) return false;
            folders = Hole.standard(names.get());
        }
        if (folders.stream().noneMatch(folder -> folder.name().equals(Mailbox.INBOX))) return false;
        Folding folding = JournalRows.fold(account, holdings, journal, true);
        if (folding.fold().head().version() > 0) {
            throw new Fault.Unavailable("A journal was found after all", Map.of("account", account));
        }
        reconciliation.found(account, folding, folders, doubted);
        HeadRow head = folding.fold().head();
        written(account, engine.erase(account));
        long rows = write(account, folding, head);
        Log.event(Event.STORE_ACCOUNT_REBUILT, "account", account, "modseq", head.version(), "rows", rows);
        return true;
    }

    /// Brings an engine that is behind to `top`.
    private void catchUp(AccountId account, Archived archived, Position since, Modseq top) {
        var pending = new Pending(account);
        // A segment may begin before what the engine lacks.
        var from = new Position(archived.upTo(), archived.hash());
        History.Reached reached = new History(holdings, account).read(from, entry -> {
            Modseq modseq = entry.change().modseq();
            if (modseq.after(since.upTo())) pending.add(entry, false);
            else if (modseq.equals(since.upTo())
                    && !entry.hash().equals(since.hash())) throw differs(account, modseq);
        });
        pending.flush();
        if (reached.foreign()) throw differs(account, since.upTo());
        Modseq at = later(reached.end().upTo(), since.upTo());
        if (at.after(since.upTo())) note(account, reached.end());
        while (true) {
            List<byte[]> page = journal.entries(account, at.next(), ENTRIES_A_BATCH, TIME);
            if (page.isEmpty()) break;
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                if (!entry.change().modseq().equals(at.next())) {
                    throw new Fault.Unavailable("The journal has a gap", Map.of("account", account, "after",
                            at));
                }
                pending.add(entry, true);
                at = at.next();
            }
        }
        pending.flush();
        if (top.after(at)) {
            throw new Fault.Unavailable(
                    "The engine is behind and the journal cannot be read", Map.of("account", account, "at",
                            at), reached.fault());
        }
        Log.event(Event.STORE_ACCOUNT_RECOVERED, "account", account, "from", since.upTo(), "to", at);
    }

    /// Brings a view that nobody else writes to the change `version` of its journal, and gives the journal
    /// nothing.
    ///
    /// @param hash of that change
    /// @return false if the view is not of that history: it is ahead of it, or another
    /// @throws Fault.Unavailable if engine or journal cannot be read
    public boolean follow(AccountId account, Modseq version, Sha256 hash) {
        for (int attempt = 1; ; attempt++) {
            Seen seen = seen(account);
            HeadRow head = seen.head();
            if (head == null) {
                var _ = rebuild(account, holdings, version);
                return true;
            }
            Modseq at = new Modseq(head.version());
            if (!version.after(at)) return at.equals(version) && head.hash().equals(hash);
            try {
                catchUp(account, seen.archived(), new Position(at, head.hash()), version);
                return true;
            } catch (Fault.Corrupt e) {
                Log.event(Event.STORE_ACCOUNT_DIFFERS, "account", account, "why", e);
                return false;
            } catch (Fault.Unavailable e) {
                // What went from the tail to a segment after the segments were read is there the next time.
                Modseq archived = seen.archived().upTo();
                if (attempt == FOLLOW_ATTEMPTS_MAX || !newestSegment(account, archived).after(at)) throw e;
            }
        }
    }

    /// Lays the tail's entries up to `version` over a view that lacks no more than these; for when time is
    /// short.
    ///
    /// @return whether the view is at that change now
    public boolean followTail(AccountId account, Modseq version, Sha256 hash) {
        HeadRow head = seen(account).head();
        if (head == null) return false;
        if (head.version() < version.value()) {
            var pending = new Pending(account);
            long next = head.version() + 1;
            for (byte[] encoded : journal.entries(account, new Modseq(next), ENTRIES_A_BATCH, TIME)) {
                Entry entry = Entry.decode(encoded);
                if (entry.change().modseq().value() != next++) return false;
                pending.add(entry, true);
            }
            pending.flush();
            head = seen(account).head();
        }
        return head != null && head.version() == version.value() && head.hash().equals(hash);
    }

    /// Writes down that what was read from segments is in segments.
    private void note(AccountId account, Position end) {
        Seen now = seen(account);
        if (now.head() == null || !end.upTo().after(now.archived().upTo())) return;
        Archived old = now.archived();
        var row = new Archived(end.upTo(), end.hash(), old.checkpoint(), old.bytes()).row();
        var batch = new Batch(
                now.head().version(), now.head().epoch(),
                        List.of(new Batch.Row(new Key.Archived().bytes(), row)), List.of());
        written(account, engine.write(account, batch));
    }

    /// Entries on their way into the engine, several to a batch.
    private final class Pending {
        private record Kept(Entry entry, boolean keep) {}

        private final AccountId account;
        private final List<Kept> entries = new ArrayList<>();
        private long bytes;

        Pending(AccountId account) {
            this.account = account;
        }

        void add(Entry entry, boolean keep) {
            entries.add(new Kept(entry, keep));
            bytes += entry.encodedChange().length;
            for (byte[] content : entry.contents().values()) bytes += content.length;
            if (bytes >= BATCH_BYTES || entries.size() >= ENTRIES_A_BATCH) flush();
        }

        void flush() {
            if (entries.isEmpty()) return;
            Batch batch = engine.read(account, TIME, rows -> {
                Fold fold = Fold.over(rows);
                var at = new Modseq(fold.head().version());
                Change first = entries.getFirst().entry().change();
                if (!first.previous().equals(fold.hash())) {
                    // Another engine may serve it since this began, and be past it.
                    if (!first.modseq().after(at)) throw another(account, at);
                    throw differs(account, at);
                }
                for (Kept kept : entries) fold.apply(kept.entry(), kept.keep());
                return fold.batch();
            });
            written(account, engine.write(account, batch));
            entries.clear();
            bytes = 0;
        }
    }

    /// Gives the tail the entries that the engine alone has; returns whether there were any.
    private boolean complete(AccountId account, Archived archived, Journal.@Nullable Newest newest,
            Modseq version) {
        // What is in segments has left the engine; the tail then goes on after them, with a gap nobody needs.
        Position since =
                newest != null && newest.modseq().after(archived.upTo())
                        ? new Position(newest.modseq(), newest.hash())
                        : new Position(archived.upTo(), archived.hash());
        if (!version.after(since.upTo())) return false;
        List<byte[]> entries = engine.read(account, TIME, rows -> {
            var found = new ArrayList<byte[]>();
            rows.scan(new Key.Entry(since.upTo().next()).bytes(), new byte[] {0x02}, false,
                    (_, value) -> found.add(value));
            return found;
        });
        Sha256 previous = since.hash();
        for (byte[] encoded : entries) {
            Entry entry = Entry.decode(encoded);
            if (!entry.change().previous().equals(previous)) throw differs(account, entry.change().modseq());
            journal.append(account, entry.change().modseq(), encoded).await(Deadline.in(TIME));
            previous = entry.hash();
        }
        return !entries.isEmpty();
    }

    /// What a rebuild made.
    ///
    /// @param rows written into the engine
    public record Rebuilt(Modseq modseq, Sha256 hash, long rows) {}

    /// Makes an account's view anew from what `from` holds and the tail, and what more another vault has. What the engine had
    /// of it goes first; it shows nothing before it has all.
    ///
    /// With the view gone and the tail in doubt there may have been changes that nothing has: the account is
    /// then opened over a hole, and the mails of those changes are looked for in the vaults.
    ///
    /// @param atLeast what the view had: a journal that ends before it is refused. Without a view the end must be known
    ///                ([JournalEnd])
    /// @throws Fault.Unavailable if the journal cannot be read to its end, or nobody knows whether that is its end
    /// @throws Fault.Corrupt if there is none, or a change does not fit
    public Rebuilt rebuild(AccountId account, Holdings from, Modseq atLeast) {
        Folding folding;
        try {
            folding = read(account, from, atLeast);
        } catch (Fault.Unavailable e) {
            if (from == holdings) throw e;
            Log.event(Event.STORE_ACCOUNT_UNPROVEN, "account", account, "why", e);
            folding = read(account, Holdings.of(from, holdings), atLeast);
        }
        HeadRow head = folding.fold().head();
        Modseq reached = new Modseq(head.version());
        boolean missing = atLeast.equals(Modseq.NONE) && head.version() > 0;
        @Nullable Instant hole = missing ? journal.doubtedSince() : null;
        Journal.Newest newest = journal.newest(account);
        if (newest != null && newest.modseq().after(reached) && hole == null) {
            throw new Fault.Unavailable(
                    "What lies between the vaults and the tail is missing", Map.of("account", account, "at",
                            reached));
        }
        if (newest != null && newest.modseq().equals(reached) && !newest.hash().equals(head.hash())) {
            throw differs(account, reached);
        }
        if (hole != null) {
            var _ = reconciliation.open(account, folding, hole);
            head = folding.fold().head();
            reached = new Modseq(head.version());
        }
        if (head.version() == 0) throw new Fault.Corrupt("There is no journal of the account",
                Map.of("account", account));
        written(account, engine.erase(account));
        long rows = write(account, folding, head);
        // No more than what lies in segments: a hole that was opened before archived nothing now.
        if (hole != null) journal.release(account, folding.archived().upTo());
        Log.event(Event.STORE_ACCOUNT_REBUILT, "account", account, "modseq", reached, "rows", rows);
        return new Rebuilt(reached, head.hash(), rows);
    }

    /// Reads a journal to its end.
    ///
    /// @throws Fault.Unavailable if there is more of it, or there may be
    private Folding read(AccountId account, Holdings from, Modseq atLeast) {
        Folding folding = JournalRows.fold(account, from, journal, true);
        Modseq reached = new Modseq(folding.fold().head().version());
        Fault fault = folding.fault();
        if (fault != null && folding.newestNamed().after(reached)) {
            throw new Fault.Unavailable("The journal cannot be read to its end", Map.of("account", account,
                    "at", reached), fault);
        }
        if (atLeast.after(reached)) {
            throw new Fault.Unavailable(
                    "The journal ends before the view", Map.of("account", account, "journal", reached, "view",
                            atLeast));
        }
        if (atLeast.equals(Modseq.NONE)) reconciliation.end().require(account, reached, Modseq.NONE);
        return folding;
    }

    private long write(AccountId account, Folding folding, HeadRow head) {
        var out = new Loading(account, head.epoch());
        Position end = folding.archived();
        byte[] archivedKey = new Key.Entry(end.upTo()).bytes();
        byte[] headKey = new Key.Head().bytes();
        CheckpointRows.state(folding.fold().rows(), (key, value) -> {
            if (!Arrays.equals(key, headKey)) out.row(key, value);
            return true;
        });
        folding.fold().written((key, value) -> {
            boolean kept = key[0] == 0x01 && Arrays.compareUnsigned(key, archivedKey) > 0;
            if (kept && value != null) out.row(key, value);
        });
        var archived = new Archived(end.upTo(), end.hash(), folding.checkpoint(), folding.segmentBytes());
        out.row(new Key.Archived().bytes(), archived.row());
        return out.end(new Batch.Row(headKey, head.bytes()));
    }

    /// Rows on their way into an engine that has no head row for the account yet.
    private final class Loading {
        private final AccountId account;
        private final long epoch;
        private final Deque<Ticket<Engine.Outcome>> under = new ArrayDeque<>();
        private List<Batch.Row> rows = new ArrayList<>();
        private long bytes;
        private long count;

        Loading(AccountId account, long epoch) {
            this.account = account;
            this.epoch = epoch;
        }

        void row(byte[] key, byte[] value) {
            rows.add(new Batch.Row(key, value));
            bytes += key.length + value.length;
            count++;
            if (bytes >= BATCH_BYTES) send();
        }

        private void send() {
            if (under.size() == BATCHES_UNDER_WAY) written(account, under.removeFirst());
            under.add(engine.write(account, new Batch(0, epoch, rows, List.of())));
            rows = new ArrayList<>();
            bytes = 0;
        }

        long end(Batch.Row head) {
            send();
            while (!under.isEmpty()) written(account, under.removeFirst());
            written(account, engine.write(account, new Batch(0, epoch, List.of(head), List.of())));
            return count + 1;
        }
    }

    private static void written(AccountId account, Ticket<Engine.Outcome> ticket) {
        switch (ticket.await(Deadline.in(TIME))) {
            case Engine.Outcome.Written() -> {}
            case Engine.Outcome.Refused(long version, long _) ->
                throw another(account, new Modseq(version));
        }
    }

    private static Fault.Unavailable another(AccountId account, Modseq version) {
        return new Fault.Unavailable(
                "Another writer has the account", Map.of("account", account, "version", version));
    }

    private static Fault.Corrupt differs(AccountId account, Modseq version) {
        return new Fault.Corrupt(DIFFER, Map.of("account", account, "version", version));
    }
}
