package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;
import casella.store.Entry;
import casella.store.vault.ObjectName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An account's journal as its segments in the vaults tell it. The chain decides: of segments that overlap, the one that
/// continues it is read; one that does not belongs to no history of the account.
final class History {
    /// Takes entries in order.
    interface Reader {
        void entry(Entry entry);

        /// Says whether entries after those given are wanted; asked between segments.
        default boolean more() {
            return true;
        }

        /// A segment is read to its end; its length in bytes, contents included.
        default void segment(long bytes) {}
    }

    /// How far the segments lead.
    ///
    /// @param end the last entry reached
    /// @param beyond first mod-sequence of a segment that lies further and cannot be reached; null when there is none
    /// @param fault why a segment on the way could not be read; null when none was in the way
    /// @param foreign whether there is a segment of the next change that names another hash
    record Reached(Position end, @Nullable Modseq beyond, @Nullable Fault fault, boolean foreign) {
        /// Says whether there is no more in the vaults.
        boolean whole() {
            return beyond == null && fault == null && !foreign;
        }
    }

    private final Holdings holdings;
    private final AccountId account;
    /// Names listed and not passed yet, in their order.
    private final Deque<ObjectName> listed = new ArrayDeque<>();
    private @Nullable ObjectName after;
    private boolean ended;
    /// Names of segments after a mod-sequence, where they were few enough for one page: listed once, read twice.
    private @Nullable Page segments;
    /// Names of contents, listed ahead: a list for each segment would be read as often as there are segments.
    private @Nullable Page contents;
    /// Where the account went on over a hole, by the change before it.
    private final NavigableMap<Long, List<Jump>> jumps = new TreeMap<>();

    /// What was listed.
    ///
    /// @param from the name after which it begins; null for the first
    private record Page(@Nullable ObjectName from, List<ObjectName> names) {}

    /// A segment that begins with the change that opened a hole.
    ///
    /// @param after the change before it, with which its chain goes on
    private record Jump(Position after, ObjectName name) {}

    History(Holdings holdings, AccountId account) {
        this.holdings = holdings;
        this.account = account;
    }

    /// Reads entries after `since`, as far as segments lead.
    ///
    /// @throws Fault.Unavailable if no vault lists its objects
    Reached read(Position since, Reader reader) {
        findJumps(since.upTo());
        begin(since.upTo());
        Reached reached = walk(since, reader);
        if (since.upTo().equals(Modseq.NONE)) return reached;
        // Whatever began after this was read as far as it leads. A longer segment that began before may
        // lead on, one that was made again after its mark was lost. It began no further back than a
        // segment is long.
        long back = Math.max(0, since.upTo().value() - JournalSegment.CHANGES_MAX);
        begin(reached.whole() ? new Modseq(back) : Modseq.NONE);
        return walk(reached.end(), reader);
    }

    /// Finds the holes after `since` before anything is read: segments of the branch that was lost may surface later, in a
    /// vault that was away, and lead past the place where the account went on without them. A hole lies where the names
    /// leave a gap: no lost branch is as long.
    private void findJumps(Modseq since) {
        jumps.clear();
        long reach = since.value();
        long gap = 0;
        ObjectName from = since.value() == 0 ? null : last(ObjectName.Kind.SEGMENT, since.value(), -1);
        List<ObjectName> page = holdings.names(account, ObjectName.Kind.SEGMENT, from);
        segments = page.size() < Holdings.PAGE ? new Page(from, page) : null;
        while (!page.isEmpty()) {
            for (ObjectName name : page) {
                if (name.high() > reach + 1) gap = name.high();
                if (name.high() == gap) findJump(name);
                reach = Math.max(reach, name.low());
            }
            if (segments != null) return;
            page = holdings.names(account, ObjectName.Kind.SEGMENT, page.getLast());
        }
    }

    private void findJump(ObjectName name) {
        try {
            JournalSegment segment = JournalSegment.decode(name, holdings.read(name));
            Change first = Change.decode(segment.changes().getFirst());
            if (first.step() == 1) return;
            var before = new Modseq(first.modseq().value() - first.step());
            jumps.computeIfAbsent(before.value(), _ -> new ArrayList<>())
                    .add(new Jump(new Position(before, segment.before()), name));
        } catch (Fault.Corrupt | Fault.Unavailable e) {
            // It lies beyond a gap all the same: whoever reads that far learns that it cannot go on.
            Log.event(Event.VAULT_READ_FAILED, "object", name, "why", e);
        }
    }

    /// Returns the segment with which the account goes on from `at` over a hole; null when it does not.
    private @Nullable Jump jumpAt(Position at) {
        for (Jump jump : jumps.getOrDefault(at.upTo().value(), List.of())) {
            if (jump.after().equals(at)) return jump;
        }
        return null;
    }

    private void begin(Modseq since) {
        listed.clear();
        ended = false;
        after = since.value() == 0 ? null : last(ObjectName.Kind.SEGMENT, since.value(), -1);
        Page known = segments;
        segments = null;
        if (known == null || !Objects.equals(known.from(), after)) return;
        listed.addAll(known.names());
        // What came since is listed when these are passed.
        if (!listed.isEmpty()) after = listed.getLast();
    }

    /// Returns a name after every one of this order.
    private ObjectName last(ObjectName.Kind kind, long high, long low) {
        byte[] ones = new byte[Sha256.BYTES];
        java.util.Arrays.fill(ones, (byte) 0xFF);
        return new ObjectName(account, kind, high, low, Sha256.wrap(ones));
    }

    private Reached walk(Position since, Reader reader) {
        Position at = since;
        List<ObjectName> open = new ArrayList<>();
        while (true) {
            if (!reader.more()) return new Reached(at, null, null, false);
            long next = at.upTo().value() + 1;
            while (peek() != null && peek().high() <= next) open.add(listed.removeFirst());
            open.removeIf(name -> name.low() < next);
            // The longest first: a segment made again after a crash holds what the first one held.
            open.sort(Comparator.comparingLong(ObjectName::low).reversed());
            @Nullable Fault fault = null;
            @Nullable Loaded on = null;
            @Nullable Jump jump = jumpAt(at);
            List<ObjectName> candidates = jump == null ? open : List.of(jump.name());
            for (ObjectName name : candidates) {
                try {
                    on = through(name, at);
                    if (on != null) break;
                } catch (Fault.Corrupt | Fault.Unavailable e) {
                    fault = e;
                }
            }
            if (on == null) {
                ObjectName further = peek();
                boolean foreign = fault == null && (!open.isEmpty() || leftBehind(at));
                return new Reached(at, further == null ? null : new Modseq(further.high()), fault, foreign);
            }
            Loaded until = untilHole(on, at);
            for (Entry entry : until.entries()) reader.entry(entry);
            reader.segment(until.bytes());
            at = until.end();
        }
    }

    /// Says whether the account went on from before `at` without what is there.
    private boolean leftBehind(Position at) {
        Map.@Nullable Entry<Long, List<Jump>> before = jumps.lowerEntry(at.upTo().value());
        if (before == null) return false;
        return before.getValue().stream().anyMatch(jump -> jump.name().high() > at.upTo().value());
    }

    /// Returns what of `on` the account has: where it went on over a hole, the rest was lost.
    private Loaded untilHole(Loaded on, Position at) {
        if (jumps.subMap(at.upTo().value(), false, on.end().upTo().value(), false).isEmpty()) return on;
        int skip = 0;
        for (Entry entry : on.entries()) {
            skip++;
            var here = new Position(entry.change().modseq(), entry.hash());
            if (here.upTo().equals(at.upTo()) || jumpAt(here) == null) continue;
            return new Loaded(on.entries().subList(0, skip), here, on.bytes());
        }
        return on;
    }

    private @Nullable ObjectName peek() {
        if (listed.isEmpty() && !ended) {
            List<ObjectName> page = holdings.names(account, ObjectName.Kind.SEGMENT, after);
            if (page.isEmpty()) ended = true;
            else after = page.getLast();
            listed.addAll(page);
        }
        return listed.peekFirst();
    }

    /// A segment's entries from a place on.
    private record Loaded(List<Entry> entries, Position end, long bytes) {}

    /// Reads one segment from `at` on; null when it does not continue the chain.
    private @Nullable Loaded through(ObjectName name, Position at) {
        byte[] content = holdings.read(name);
        JournalSegment segment = JournalSegment.decode(name, content);
        boolean jump = segment.first().value() > at.upTo().value() + 1;
        int skip = jump ? 0 : (int) (at.upTo().value() + 1 - segment.first().value());
        Sha256 before = skip == 0 ? segment.before() : Sha256.of(segment.changes().get(skip - 1));
        if (!before.equals(at.hash())) return null;
        long[] bytes = {content.length};
        Map<Sha256, byte[]> contents = segment.contents() == 0 ? Map.of() : contents(name, bytes);
        var entries = new ArrayList<Entry>();
        for (byte[] change : segment.changes().subList(skip, segment.changes().size())) {
            entries.add(entry(change, contents));
        }
        return new Loaded(entries, new Position(segment.last(), segment.head()), bytes[0]);
    }

    /// Returns one change of a segment with its contents.
    ///
    /// @throws Fault.Corrupt if segment or contents cannot be read
    static Entry one(Holdings holdings, ObjectName name, Modseq modseq) {
        JournalSegment segment = JournalSegment.decode(name, holdings.read(name));
        var history = new History(holdings, name.account());
        Map<Sha256, byte[]> contents = segment.contents() == 0
                ? Map.of() : history.contents(name, new long[1]);
        return entry(segment.changes().get((int) (modseq.value() - segment.first().value())), contents);
    }

    private static Entry entry(byte[] encoded, Map<Sha256, byte[]> contents) {
        var named = new HashMap<Sha256, byte[]>();
        for (var operation : Change.decode(encoded).operations()) {
            for (Sha256 hash : operation.contents()) {
                byte[] content = contents.get(hash);
                if (content != null) named.put(hash, content);
            }
        }
        return new Entry(encoded, named);
    }

    private Map<Sha256, byte[]> contents(ObjectName segment, long[] bytes) {
        List<ObjectName> names = contentsNames(segment);
        var all = new HashMap<Sha256, byte[]>();
        @Nullable Fault fault = null;
        int read = 0;
        for (ObjectName name : names) {
            try {
                byte[] content = holdings.read(name);
                bytes[0] += content.length;
                all.putAll(SegmentContents.decode(name, content).byName());
                read++;
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                fault = e;
            }
        }
        if (read == 0 && fault != null) throw fault;
        if (read == 0) throw new Fault.Corrupt("A segment's contents are missing", Map.of("object", segment));
        return all;
    }

    /// Returns the names of this segment's contents. What was listed ahead may be older than the segment: where it has none, it is
    /// listed anew.
    private List<ObjectName> contentsNames(ObjectName segment) {
        List<ObjectName> known = contents == null ? List.of() : of(segment, contents.names());
        if (!known.isEmpty()) return known;
        ObjectName from = before(segment);
        List<ObjectName> page = holdings.names(account, ObjectName.Kind.CONTENTS, from);
        contents = new Page(from, page);
        return of(segment, page);
    }

    /// Returns those of a page in order that are this segment's.
    private List<ObjectName> of(ObjectName segment, List<ObjectName> page) {
        ObjectName from = before(segment);
        int at = from == null ? 0 : Collections.binarySearch(page, from);
        int begin = at < 0 ? -at - 1 : at;
        int end = begin;
        while (end < page.size() && page.get(end).high() == segment.high() && page.get(end)
                .low() == segment.low()) end++;
        // Those of one segment may go on behind a page.
        return end == page.size() && page.size() == Holdings.PAGE ? List.of() : page.subList(begin, end);
    }

    /// Returns a name before every contents object of this segment.
    private @Nullable ObjectName before(ObjectName segment) {
        if (segment.low() == 0) return null;
        return last(ObjectName.Kind.CONTENTS, segment.high(), segment.low() - 1);
    }
}
