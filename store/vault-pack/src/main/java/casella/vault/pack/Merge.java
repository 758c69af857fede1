package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.append.Segment;
import casella.store.append.WholeSegment;
import casella.store.vault.ObjectName;
import casella.vault.pack.PackSegment.Slot;
import casella.vault.pack.PackSegments.Change;
import casella.vault.pack.Words.Word;
import casella.vault.pack.YoungSegment.Erasure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One merge of sealed segments into a run: segments whose records are in name order, none of whose names overlap.
///
/// What is still there is copied; what was deleted or erased, there or since, is left behind. A removal is carried
/// along only while something older may hold what it removed. A part of the run is synced, read back and named, takes
/// its place in one step, and only then are inputs removed that it and the parts before it have taken up, oldest
/// first, each on the disk before the next: with any part and any rest of the inputs the vault says the same. For one
/// thread.
final class Merge {
    private static final int NAMES_MAX = PackSegments.YOUNG_NAMES_MAX;
    /// Offsets in an index have 32 bits, an append file's size 31.
    private static final long PART_BYTES_LIMIT = 1L << 31;

    /// Thrown where the merge has to end early: what was done stands.
    static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        Stopped(String why) {
            super(why);
        }
    }

    /// Told of work done; rests as the pace wants it.
    interface Work {
        void done(long bytes) throws Stopped;

        /// Removes a segment's files as soon as nobody reads in them.
        void remove(PackIndex retired) throws IOException, Stopped;
    }

    /// @param inputs oldest first; nothing between the oldest of them and the run overlaps them
    /// @param below numbers of the run's parts are lower than this
    record Job(List<PackIndex> inputs, long below) {
        long last() {
            return inputs.getLast().number();
        }
    }

    private final AppendLog log;
    private final PackSegments segments;
    private final long partBytesMax;
    private final Work work;
    private final Job job;
    private final List<PackIndex> left;
    /// What is older than the run and no input.
    private final Snapshot older;
    /// Whether something older may hold more than its index tells, so that every removal is kept.
    private final boolean hidden;
    /// The last erasure of each account that the inputs tell of and that is not yet decided on.
    private final TreeMap<AccountId, Place> erasures = new TreeMap<>();
    private final Set<Long> numbers = new HashSet<>();
    /// Inputs that hold more than their index tells.
    private final Set<PackIndex> tails = new HashSet<>();

    private @Nullable WholeSegment part;
    private YoungSegment young = new YoungSegment(0);
    /// An account whose erasure is in this part: all of it must be in this part, too.
    private @Nullable AccountId sticky;
    private @Nullable ObjectName reached;
    private long written;
    private long lost;

    Merge(AppendLog log, PackSegments segments, Job job, long partBytesMax, Work work) throws IOException {
        this.log = log;
        this.segments = segments;
        this.job = job;
        this.partBytesMax = partBytesMax;
        this.work = work;
        this.left = new ArrayList<>(job.inputs());
        Set<PackIndex> inputs = Set.copyOf(left);
        Snapshot now = segments.now();
        this.older = now.before(job.below()).with(List.of(), inputs);
        this.hidden = hidden(now);
        for (PackIndex input : left) {
            for (Erasure erasure : input.erasures()) {
                erasures.merge(erasure.account(), erasure.place(), (a, b) -> a.before(b) ? b : a);
            }
        }
        for (Segment segment : log.segments()) numbers.add(segment.number());
    }

    /// A file without an index, or longer than its index tells, may hold a put nobody was answered for. If it ever
    /// surfaces, the removal that followed it must be there.
    private boolean hidden(Snapshot now) throws IOException {
        for (Segment segment : log.segments()) {
            if (segment.number() >= job.below()) continue;
            PackSegment known = now.segment(segment.number());
            if (!(known instanceof PackIndex index)) return true;
            boolean tail = segments.size(segment) - index.facts().end() >= Garbage.recordBytes(0);
            if (tail && !job.inputs().contains(index)) return true;
            if (tail) tails.add(index);
        }
        return false;
    }

    long written() {
        return written;
    }

    long lost() {
        return lost;
    }

    /// Merges all of it.
    ///
    /// @throws Stopped early: parts already in their place stay, the inputs not yet removed too
    void run() throws IOException, Stopped {
        try {
            Words words = new Words(left, Place.LAST).seek(LiveObjects.first(new AccountId(0)));
            for (Word word = words.next(); word != null; word = words.next()) {
                decideErasures(word.name().account());
                take(word);
                reached = word.name();
            }
            decideErasures(null);
            finishPart(true);
        } finally {
            WholeSegment unfinished = part;
            if (unfinished != null) unfinished.close();
        }
    }

    /// Carries along the erasures of accounts up to `until`, all with null, that something older still needs.
    private void decideErasures(@Nullable AccountId until) throws IOException, Stopped {
        while (!erasures.isEmpty() && (until == null || erasures.firstKey().compareTo(until) <= 0)) {
            var first = erasures.pollFirstEntry();
            AccountId account = first.getKey();
            boolean later = segments.now().erased(account, first.getValue(), Place.LAST);
            if (later || !(hidden || older.mayHold(account))) continue;
            Place place = append(PackRecord.ERASE, PackRecord.body(account), new byte[0]);
            young.erase(account, place);
            sticky = account;
        }
    }

    private void take(Word word) throws IOException, Stopped {
        ObjectName name = word.name();
        Slot slot = word.slot();
        Snapshot now = segments.now();
        boolean over =
                now.saysAfter(job.last(), name) || now.erased(name.account(), slot.place(), Place.LAST);
        if (over) {
            work.done(0);
        } else if (slot.removed()) {
            if (!hidden && !older.mayHold(name)) return;
            young(name).delete(name, append(PackRecord.DELETE, name.bytes(), new byte[0]));
        } else {
            byte[] object = object(word);
            if (object == null) return;
            young(name).put(name, append(PackRecord.PUT, name.bytes(), object), object.length);
        }
    }

    /// Returns the object, or null after its bytes were set aside because they are not what was written.
    private byte @Nullable [] object(Word word) throws IOException, Stopped {
        Slot slot = word.slot();
        Place place = slot.place();
        work.done(Garbage.recordBytes(slot.length()));
        try {
            AppendLog.Found found = log.read(place, PackRecord.NAME_BYTES + slot.length());
            byte[] body = found.body();
            byte[] name = word.name().bytes();
            boolean same = found.kind() == PackRecord.PUT && Arrays.equals(body, 0, name.length, name, 0, name.length);
            if (same) return Arrays.copyOfRange(body, name.length, body.length);
        } catch (Fault.Corrupt e) {
            // told below
        }
        Segment segment = segments.segment(place.segment());
        if (segment == null) throw new IOException("segment removed");
        segments.evidence().keep(segment, place.offset(), place.offset() + Garbage.recordBytes(slot.length()));
        Log.event(Event.PACK_OBJECT_LOST, "object", word.name(), "segment", place.segment());
        segments.carry(segments.carried().minus(new Change(1, slot.length())));
        lost++;
        return null;
    }

    /// Returns the names of the part that takes a record of `name` next, a new one if the last is full.
    private YoungSegment young(ObjectName name) throws IOException, Stopped {
        boolean bound = sticky != null && sticky.equals(name.account());
        if (!bound && part != null && (part.bytes() >= partBytesMax || young.said() >= NAMES_MAX)) finishPart(false);
        if (part == null) begin();
        return young;
    }

    private void begin() throws IOException, Stopped {
        long number = job.last() + 1;
        while (numbers.contains(number)) number++;
        if (number >= job.below()) throw new Stopped("no number left");
        part = log.whole(number);
        numbers.add(number);
        young = new YoungSegment(number);
        sticky = null;
    }

    private Place append(int kind, byte[] head, byte[] body) throws IOException, Stopped {
        if (part == null) begin();
        WholeSegment to = part;
        if (to == null || to.bytes() + body.length + 1_024 > PART_BYTES_LIMIT) throw new Stopped("account too large");
        Place place = to.append(kind, head, body);
        long length = AppendLog.HEAD_BYTES + (long) head.length + body.length;
        young.end(place.offset() + length);
        written += length;
        work.done(length);
        return place;
    }

    /// Puts the part in its place and removes inputs that are taken up.
    private void finishPart(boolean last) throws IOException, Stopped {
        List<PackIndex> merged = new ArrayList<>();
        WholeSegment whole = part;
        if (whole != null) {
            whole.finish();
            Segment segment = whole.keep();
            part = null;
            young.end(segments.size(segment));
            try {
                merged.add(segments.index(segment, young));
            } catch (IOException e) {
                log.drop(segment.number(), false);
                throw e;
            }
        }
        List<PackIndex> retired = last ? List.copyOf(left) : takenUp();
        if (!segments.swap(merged, new HashSet<>(retired))) {
            for (PackIndex index : merged) segments.remove(index);
            throw new Stopped("an input's index is being rebuilt");
        }
        left.removeAll(retired);
        for (PackIndex index : retired) work.remove(index);
    }

    /// Returns inputs all of whose names are in the run and which no older input shares names with: if that were
    /// still there without this one, what this one removed in it would be back.
    private List<PackIndex> takenUp() {
        List<PackIndex> taken = new ArrayList<>();
        List<PackIndex> staying = new ArrayList<>();
        for (PackIndex input : left) {
            ObjectName high = input.high();
            boolean done = high == null || (reached != null && high.compareTo(reached) <= 0);
            boolean alone = staying.stream().noneMatch(before -> tails.contains(before) || overlap(before, input));
            if (done && alone) taken.add(input);
            else staying.add(input);
        }
        taken.sort(Comparator.comparingLong(PackIndex::number));
        return taken;
    }

    static boolean overlap(PackIndex one, PackIndex other) {
        ObjectName low = one.low();
        ObjectName high = one.high();
        ObjectName otherLow = other.low();
        ObjectName otherHigh = other.high();
        if (low == null || high == null || otherLow == null || otherHigh == null) return false;
        return low.compareTo(otherHigh) <= 0 && otherLow.compareTo(high) <= 0;
    }
}
