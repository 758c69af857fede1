package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;
import casella.store.Entry;
import casella.store.Fold;
import casella.store.Journal;
import casella.store.Operation;
import casella.store.vault.ObjectName;
import com.github.luben.zstd.Zstd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Folds an account out of its journal: the newest checkpoint that can be read, the segments after it, then the tail.
///
/// Memory is bounded: when much was laid over the rows they become pages, kept compressed here. For one thread.
final class Folding {
    /// Bytes laid over the rows before they become pages.
    private static final int SPILL_BYTES = 32 << 20;

    private static final int TAIL_PAGE = 500;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Holdings holdings;
    private final AccountId account;
    private final Repaging.@Nullable Store sink;
    private final Source source;

    private CheckpointRows base;
    private Fold fold;
    private Position archived;
    private final Modseq checkpoint;
    private long segmentBytes;
    private @Nullable Fault fault;
    /// When the newest change was made, the newest before a hole if one was read; null when none was read.
    private @Nullable Instant newestAt;
    private boolean hole;
    /// What the tail gave.
    private final List<Entry> joined = new ArrayList<>();

    private Folding(Holdings holdings, AccountId account, Checkpoint from, Repaging.@Nullable Store sink) {
        this.holdings = holdings;
        this.account = account;
        this.sink = sink;
        this.source = new Source(holdings, account);
        this.base = new CheckpointRows(from, new HeldPages(source));
        this.fold = Fold.over(base);
        this.archived = from.end();
        this.checkpoint = from.modseq();
    }

    /// Begins at the newest checkpoint of which head and pages can be read, or at the beginning.
    ///
    /// @param whole whether every page is read first; else a page that turns out unreadable ends the folding
    /// @param sink where pages made on the way are kept; null for memory
    static Folding begin(Holdings holdings, AccountId account, boolean whole, Repaging.@Nullable Store sink) {
        return begin(holdings, account, new Modseq(Long.MAX_VALUE), whole, sink);
    }

    /// As [#begin(Holdings, AccountId, boolean, Repaging.Store)], at the newest checkpoint that is not after `until`.
    static Folding begin(
            Holdings holdings, AccountId account, Modseq until, boolean whole,
            Repaging.@Nullable Store sink) {
        List<ObjectName> heads = holdings.all(account, ObjectName.Kind.CHECKPOINT);
        for (ObjectName name : heads.reversed()) {
            if (name.high() > until.value()) continue;
            try {
                Checkpoint checkpoint = Checkpoint.decode(name, holdings.read(name));
                var folding = new Folding(holdings, account, checkpoint, sink);
                if (whole) folding.verifyBase();
                return folding;
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                Log.event(Event.CHECKPOINT_UNREADABLE, "object", name, "why", e);
            }
        }
        return new Folding(holdings, account, Checkpoint.empty(account), sink);
    }

    /// Reads every page of the checkpoint and compares its sum.
    private void verifyBase() {
        var sum = new StateSum();
        base.scan(new byte[] {0x00}, new byte[] {0x7F}, false, (key, value) -> {
            sum.add(key, value);
            return true;
        });
        if (!sum.equals(base.checkpoint().sum())) {
            throw new Fault.Corrupt("Checkpoint's rows are not what its sum says", Map.of("account", account));
        }
    }

    /// Where pages are: in the vaults, but for those made here.
    private static final class Source implements HeldPages.Source {
        private record Own(byte[] compressed, int length) {}

        private final Holdings holdings;
        private final AccountId account;
        private final Map<Sha256, Own> own = new HashMap<>();

        Source(Holdings holdings, AccountId account) {
            this.holdings = holdings;
            this.account = account;
        }

        void hold(Sha256 hash, byte[] page) {
            own.put(hash, new Own(Zstd.compress(page, 1), page.length));
        }

        @Override
        public byte[] read(Sha256 hash) {
            Own here = own.get(hash);
            if (here != null) return Zstd.decompress(here.compressed(), here.length());
            return holdings.read(new ObjectName(account, ObjectName.Kind.PAGE, 0, 0, hash));
        }
    }

    /// Returns where the pages of [#base] are. Once the folding is done, for any thread.
    HeldPages.Source source() {
        return source;
    }

    private void spill() {
        Checkpoint next = Repaging.next(base, fold, sink != null ? sink : source::hold);
        base = new CheckpointRows(next, new HeldPages(source));
        fold = Fold.over(base);
    }

    /// Lays the segments in the vaults over it, to `until` at most.
    ///
    /// @throws Fault.Corrupt if a change does not fit the rows
    Folding segments(Modseq until) {
        History.Reached reached = new History(holdings, account).read(archived, new History.Reader() {
            @Override
            public void entry(Entry entry) {
                if (entry.change().modseq().after(until)) return;
                fold.apply(entry, false);
                took(entry.change());
                if (fold.bytes() > SPILL_BYTES) spill();
            }

            @Override
            public boolean more() {
                return fold.head().version() < until.value();
            }

            @Override
            public void segment(long bytes) {
                segmentBytes += bytes;
            }
        });
        fault = reached.fault();
        Position end = reached.end();
        archived = end.upTo().after(until) ? new Position(new Modseq(fold.head().version()), fold.hash())
                : end;
        if (reached.beyond() != null && fault == null) {
            fault = new Fault.Corrupt(
                    "The journal has a gap in the vaults",
                    Map.of("account", account, "after", end.upTo(), "before", reached.beyond()));
        }
        return this;
    }

    /// Lays the tail's entries over it that go on from there, to `until` at most.
    Folding tail(Journal journal, Modseq until) {
        while (true) {
            Modseq next = new Modseq(fold.head().version() + 1);
            if (next.after(until)) return this;
            List<byte[]> page = journal.entries(account, next, TAIL_PAGE, TIME);
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                // A gap before it: what is in between is in no vault that answers.
                if (entry.change().modseq().value() != fold.head().version() + 1) return this;
                if (entry.change().modseq().after(until)) return this;
                fold.apply(entry, true);
                took(entry.change());
                joined.add(entry);
            }
            if (page.isEmpty()) return this;
        }
    }

    private void took(Change change) {
        Operation.HoleOpened opened = change.hole();
        if (opened != null) {
            hole = true;
            newestAt = opened.newest();
        } else if (!hole) {
            newestAt = change.at();
        }
    }

    /// Lays an entry over it that goes into a segment.
    void archived(Entry entry) {
        fold.apply(entry, false);
    }

    /// Takes note that all that is laid over it is in segments.
    ///
    /// @param bytes of the segments put
    void archivedAll(long bytes) {
        archived = new Position(new Modseq(fold.head().version()), fold.hash());
        segmentBytes += bytes;
        joined.clear();
    }

    /// Returns the entries that the tail gave, in order.
    List<Entry> joined() {
        return List.copyOf(joined);
    }

    /// Returns when the newest change was made, of those before the newest hole if there is one after the checkpoint;
    /// [Instant#EPOCH] if nothing says it.
    Instant newestAt() {
        Instant read = newestAt;
        if (read != null) return read;
        // The checkpoint is the end: the segment that ends there says it.
        long version = fold.head().version();
        for (ObjectName name : holdings.all(account, ObjectName.Kind.SEGMENT)) {
            if (name.low() != version) continue;
            try {
                JournalSegment segment = JournalSegment.decode(name, holdings.read(name));
                boolean same = segment.head().equals(fold.hash());
                if (same) return Change.decode(segment.changes().getLast()).at();
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                Log.event(Event.VAULT_READ_FAILED, "object", name, "why", e);
            }
        }
        return Instant.EPOCH;
    }

    CheckpointRows base() {
        return base;
    }

    Fold fold() {
        return fold;
    }

    /// Returns where the segments ended.
    Position archived() {
        return archived;
    }

    /// Returns the checkpoint begun with.
    Modseq checkpoint() {
        return checkpoint;
    }

    /// Returns bytes of segments read after the checkpoint.
    long segmentBytes() {
        return segmentBytes;
    }

    /// Returns the newest mod-sequence that any segment in the vaults says it has.
    Modseq newestNamed() {
        long newest = 0;
        for (ObjectName name : holdings.all(account, ObjectName.Kind.SEGMENT)) newest =
                Math.max(newest, name.low());
        return new Modseq(newest);
    }

    /// Returns why the segments in the vaults lead no further than they do; null when they end there.
    @Nullable Fault fault() {
        return fault;
    }
}
