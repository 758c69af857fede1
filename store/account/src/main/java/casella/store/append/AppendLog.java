package casella.store.append;

import casella.base.Clock;
import casella.base.Committer;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.append.SegmentFormat.Head;
import casella.store.append.SegmentFormat.Header;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Numbered files that only grow: append many, sync once, read back by place.
///
/// One committer thread writes for all callers. A failed, hung or changed file is left and a new one goes on; the
/// records of the batch that failed are written again from memory before anyone is answered. What was there at opening
/// is read by [#scan], never written again. Tickets need no thread; everything else here blocks and belongs on the
/// owner's bulkhead.
public final class AppendLog implements AutoCloseable {
    /// Takes one good record of a scan, in order. The array is the visitor's to keep.
    public interface Visitor {
        void record(Place place, int kind, byte[] body);
    }

    /// A record read back.
    public record Found(int kind, byte[] body) {}

    /// The start of a record.
    ///
    /// @param length of the whole body
    /// @param body its first bytes, unchecked
    public record Start(int kind, int length, byte[] body) {}

    /// What stands before a record's body.
    public static final int HEAD_BYTES = SegmentFormat.HEAD_BYTES;

    /// So many hung threads are left behind; with one more the breaker stays open until one comes home.
    private static final int LEFT_BEHIND_MAX = 3;
    private static final int OPEN_FILES_MAX = 512;
    private static final String QUARANTINE = "quarantine";

    private final Disk disk;
    private final Path folder;
    private final AppendConfig config;
    private final Clock clock;
    private final LongSupplier ids;
    private final FreeSpace space;
    private final OpenFiles files;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final AtomicLong syncs = new AtomicLong();
    private final List<Committer<Append>> leftBehind = new ArrayList<>();
    private final Object publishing = new Object();
    private final Thread watch;
    /// The last synced place known: what the next file's header says of the one before.
    private Place tip = Place.FIRST;
    /// The highest number that a file of ours ever had; 0 before the first. Guarded by `publishing`.
    private long highest;
    private volatile SegmentWriter writer;
    private volatile Committer<Append> committer;
    /// No segment up to this one is written any more; one that is older is not anyway.
    private final AtomicLong toLeave = new AtomicLong(-1);
    private volatile boolean closed;

    private AppendLog(Disk disk, Path folder, AppendConfig config, Clock clock, LongSupplier ids) {
        this.disk = disk;
        this.folder = folder;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        this.space = new FreeSpace(disk, folder, config);
        this.files = new OpenFiles(disk, OPEN_FILES_MAX);
        this.writer = new SegmentWriter(this);
        this.committer = committer(writer);
        this.watch = Thread.ofPlatform().daemon().name(config.name() + "-watch").unstarted(this::watch);
    }

    /// Opens the log in `folder`. Lists what is there and reads none of it.
    ///
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    public static AppendLog open(Disk disk, Path folder, AppendConfig config) {
        return open(disk, folder, config, Clock.system(), new SecureRandom()::nextLong);
    }

    /// @param ids gives each file its random bits
    static AppendLog open(Disk disk, Path folder, AppendConfig config, Clock clock, LongSupplier ids) {
        AppendLog log = new AppendLog(disk, folder, config, clock, ids);
        try {
            disk.makeFolder(folder);
            for (String name : disk.list(folder)) {
                Segment segment = Segment.of(folder, name);
                if (segment != null) log.found(segment);
            }
            log.space.lookNow();
        } catch (IOException e) {
            log.close();
            throw new Fault.Unavailable("Folder cannot be opened", Map.of("folder", folder), e);
        }
        log.watch.start();
        return log;
    }

    /// Takes up a file. Of two with one number the one begun later counts: only it can hold a record that was answered. The other
    /// failed before and could not be removed; until decision 0150 its number was given again.
    private void found(Segment segment) throws IOException {
        Segment other = segments.putIfAbsent(segment.number(), segment);
        if (other == null) return;
        boolean later = begun(other) < begun(segment)
                || (begun(other) == begun(segment) && disk.size(other.path()) < disk.size(segment.path()));
        if (later) segments.put(segment.number(), segment);
        Segment left = later ? other : segment;
        Log.event(Event.APPEND_NUMBER_TWICE, "log", config.name(), "file", left.path().getFileName());
        quarantine(left);
        disk.syncFolder(folder);
    }

    /// Returns when a file was begun, Unix milliseconds; -1 if it has no header.
    private long begun(Segment segment) throws IOException {
        Header header = Header.of(files.read(segment.path(), 0, SegmentFormat.HEADER_BYTES));
        return header == null ? -1 : header.createdMillis();
    }

    private Committer<Append> committer(SegmentWriter sink) {
        return new Committer<>(config.name(), sink, 512, 8L << 20, 8_192, 64L << 20, config.breakerAge());
    }

    /// Hands a record over; the ticket is answered when it is synced. Any thread, never blocks.
    ///
    /// The ticket fails with `Fault.Exhausted` for a record over its limit and, unless it is vital, for a disk that is
    /// nearly full; with `Fault.Unavailable` when the outcome is unknown.
    public Ticket<Void> append(Append record) {
        if (record.length() > config.recordBytesMax()) {
            return Ticket.failed(
                    config.name(), new Fault.Exhausted("Record too large", Map.of("bytes", record.length())));
        }
        if (space.low() && !record.vital()) return Ticket.failed(config.name(), space.full());
        return committer.submit(record, record.length());
    }

    /// Returns the segments there are, oldest first.
    public List<Segment> segments() {
        return List.copyOf(segments.values());
    }

    /// Reads a whole segment that was there at opening, makes durable what it finds, and reports damage as an event.
    ///
    /// @param claimed offset up to which the owner knows that it was synced, 0 if it does not
    /// @throws Fault.Corrupt if it was written by a newer version or is another log's
    public Scanned scan(Segment segment, long claimed, Visitor visitor) {
        Scanned scanned;
        try (Disk.File file = disk.open(segment.path())) {
            makeDurable(segment, file);
            long size = disk.size(segment.path());
            long known = Math.max(claimed, claimOfNext(segment));
            scanned = SegmentScan.read(segment, config.content(), file, size, known, visitor);
        } catch (IOException e) {
            Log.event(Event.APPEND_READ_FAILED, e, "log", config.name(), "file", segment.path().getFileName());
            scanned = new Scanned(0, 0, List.of(), List.of(new Scanned.Stretch(0, Math.max(1, claimed))),
                    false);
        }
        String name = String.valueOf(segment.path().getFileName());
        for (Scanned.Stretch stretch : scanned.damaged()) {
            Log.event(
                    Event.APPEND_DAMAGED,
                    "log", config.name(), "file", name, "from", stretch.from(), "until", stretch.until());
        }
        for (Scanned.Stretch stretch : scanned.torn()) {
            Log.event(
                    Event.APPEND_TORN,
                    "log", config.name(), "file", name, "from", stretch.from(), "until", stretch.until());
        }
        ends(new Place(segment.number(), scanned.end()));
        return scanned;
    }

    /// Looks at the segments there are without telling what is in them: for an owner who writes before he has read them all.
    /// The header of what is written next says where the last one ends, so that its end is never taken for torn.
    ///
    /// @throws Fault.Corrupt if one was written by a newer version or is another log's
    public void look() {
        List<Segment> all = segments();
        for (Segment segment : all) {
            boolean last = segment.equals(all.getLast());
            try (Disk.File file = disk.open(segment.path())) {
                if (last) makeDurable(segment, file);
                long size = last ? disk.size(segment.path()) : SegmentFormat.HEADER_BYTES;
                Scanned scanned = SegmentScan.read(segment, config.content(), file, size, 0, (_, _, _) -> {});
                if (last) ends(new Place(segment.number(), scanned.end()));
            } catch (IOException e) {
                // Told when it is read.
                Log.event(
                        Event.APPEND_READ_FAILED, e,
                        "log", config.name(), "file", segment.path().getFileName());
            }
        }
    }

    private void ends(Place last) {
        synchronized (publishing) {
            if (tip.before(last)) tip = last;
        }
    }

    /// A killed process may have left records that are in the page cache only: once told, they must stay.
    private void makeDurable(Segment segment, Disk.File file) {
        try {
            file.sync();
        } catch (IOException e) {
            Log.event(Event.APPEND_FILE_FAILED, e, "log", config.name(), "file", segment.path().getFileName());
        }
    }

    /// Returns what the header of the segment after `segment` says of it.
    private long claimOfNext(Segment segment) throws IOException {
        Map.@Nullable Entry<Long, Segment> next = segments.higherEntry(segment.number());
        if (next == null) return 0;
        try {
            Header header = Header.of(files.read(next.getValue().path(), 0, SegmentFormat.HEADER_BYTES));
            return header != null && header.previous() == segment.number() ? header.previousEnd() : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /// Says whether there is such a segment.
    public boolean has(long segment) {
        return segments.containsKey(segment);
    }

    /// Says whether a segment still begins with its header: a look that finds most overwritten files.
    public boolean headed(Segment segment) throws IOException {
        Header header = Header.of(files.read(segment.path(), 0, SegmentFormat.HEADER_BYTES));
        return header != null && header.number() == segment.number() && header.id() == segment.id();
    }

    private byte[] read(long segment, long offset, int length) throws IOException {
        Segment file = segments.get(segment);
        if (file == null) throw new NoSuchFileException("segment " + segment);
        return files.read(file.path(), offset, length);
    }

    /// Returns the start of the record at `place`, its body unchecked: at most `length` bytes of it.
    ///
    /// @throws Fault.Corrupt if no record starts there
    public Start start(Place place, int length) throws IOException {
        byte[] read = read(place.segment(), place.offset(), SegmentFormat.HEAD_BYTES + length);
        Head head = Head.of(read, 0);
        if (head == null) throw unreadable(place);
        int until = (int) Math.min(read.length, SegmentFormat.HEAD_BYTES + (long) head.length());
        return new Start(head.kind(), head.length(),
                Arrays.copyOfRange(read, SegmentFormat.HEAD_BYTES, until));
    }

    /// Returns bytes of the body of the record at `place` from `from` on, unchecked, fewer at the file's end.
    public byte[] body(Place place, long from, int length) throws IOException {
        return read(place.segment(), place.offset() + SegmentFormat.HEAD_BYTES + from, length);
    }

    /// Returns the record at `place`, checked.
    ///
    /// @throws Fault.Corrupt if there is no good record; the file is then not written any more
    public Found read(Place place) throws IOException {
        Head head = Head.of(read(place.segment(), place.offset(), SegmentFormat.HEAD_BYTES), 0);
        if (head != null && head.length() <= config.recordBytesMax()) {
            byte[] body = read(place.segment(), place.offset() + SegmentFormat.HEAD_BYTES, head.length());
            if (body.length == head.length()
                    && SegmentFormat.checksum(body, 0, body.length) == head.bodyChecksum()) {
                return new Found(head.kind(), body);
            }
        }
        throw unreadable(place);
    }

    /// Returns the record at `place` whose body is `length` bytes long, checked, in one read.
    ///
    /// @throws Fault.Corrupt if there is no such good record
    public Found read(Place place, int length) throws IOException {
        byte[] bytes = read(place.segment(), place.offset(), SegmentFormat.HEAD_BYTES + length);
        Head head = Head.of(bytes, 0);
        boolean good =
                head != null
                        && head.length() == length
                        && bytes.length == SegmentFormat.HEAD_BYTES + length
                        && SegmentFormat.checksum(bytes, SegmentFormat.HEAD_BYTES,
                                length) == head.bodyChecksum();
        if (head == null || !good) throw unreadable(place);
        return new Found(head.kind(), Arrays.copyOfRange(bytes, SegmentFormat.HEAD_BYTES, bytes.length));
    }

    private Fault.Corrupt unreadable(Place place) {
        leave(place.segment());
        return new Fault.Corrupt("Record unreadable", Map.of("log", config.name(), "place", place));
    }

    /// Says that nothing more should be written to a segment: a read found other bytes there than were written, or its
    /// owner has enough in it. If it is the current one, the next batch goes to a new file. Any thread, never blocks.
    public void leave(long segment) {
        toLeave.accumulateAndGet(segment, Math::max);
    }

    /// Removes a segment for good, or moves it to the folder `quarantine` if it is kept as evidence of damage. One whose file
    /// could not be removed stays one.
    public void drop(long number, boolean evidence) throws IOException {
        Segment segment = segments.get(number);
        if (segment == null) return;
        files.close(segment.path());
        if (evidence) quarantine(segment);
        else disk.delete(segment.path());
        segments.remove(number);
        disk.syncFolder(folder);
    }

    private void quarantine(Segment segment) throws IOException {
        Path quarantine = folder.resolve(QUARANTINE);
        disk.makeFolder(quarantine);
        try {
            disk.rename(segment.path(), quarantine.resolve(segment.path().getFileName()));
        } catch (NoSuchFileException e) {
            // moved by an attempt that failed later
        }
        disk.syncFolder(quarantine);
    }

    /// Begins a segment that is written in one go, beside what the committer writes.
    ///
    /// @param number that no segment has, and that tells where in the order its records stand
    public WholeSegment whole(long number) throws IOException {
        if (segments.containsKey(number)) throw new IllegalArgumentException("segment number: taken");
        return new WholeSegment(this, Segment.in(folder, number, ids.getAsLong()));
    }

    /// Removes what a crash left of segments that were written in one go.
    public void removeUnfinished() throws IOException {
        for (String name : disk.list(folder)) {
            if (name.endsWith(WholeSegment.UNFINISHED)) disk.delete(folder.resolve(name));
        }
    }

    /// Returns bytes of a segment's file, whatever they are, fewer at its end.
    public byte[] bytes(long segment, long offset, int length) throws IOException {
        return read(segment, offset, length);
    }

    /// Returns how many syncs of files and of the folder were made since opening.
    public long syncs() {
        return syncs.get();
    }

    /// Says whether the log takes nothing but vital records, for want of space.
    public boolean full() {
        return space.low();
    }

    /// Measures now whether space is wanting. For what can be made again later: it must not use up what removals need.
    public boolean fullNow() {
        return space.lowNow();
    }

    /// Returns how many bytes may be written now to make room on a disk that is nearly full: what is free above the
    /// last hundredth, which is for removals.
    public long roomToMerge() {
        return space.roomNow();
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(config.breakerAge().toNanos() / 4);
            if (!closed && committer.open()) takeOver();
        }
    }

    /// Leaves the hung file with its thread and goes on in a new one with another.
    private synchronized void takeOver() {
        if (closed) return;
        leftBehind.removeIf(Committer::ended);
        if (leftBehind.size() >= LEFT_BEHIND_MAX) return;
        SegmentWriter next = new SegmentWriter(this);
        synchronized (publishing) {
            writer.leave();
            writer = next;
        }
        Log.event(Event.APPEND_FILE_HUNG, "log", config.name(), "leftBehind", leftBehind.size() + 1);
        Committer<Append> hung = committer;
        leftBehind.add(hung);
        committer = hung.succeedWith(next);
        hung.giveUpRunning();
    }

    // What follows is for the writer.

    Disk disk() {
        return disk;
    }

    AppendConfig config() {
        return config;
    }

    FreeSpace space() {
        return space;
    }

    boolean toLeave(long segment) {
        return segment <= toLeave.get();
    }

    void synced() {
        syncs.incrementAndGet();
    }

    void syncFolder() throws IOException {
        disk.syncFolder(folder);
        syncs.incrementAndGet();
    }

    /// Names the next file. Numbers go up for ever: after the highest there is or was, and with the time, so that a number is
    /// not used again even when all files were dropped. A number used twice would hide one file behind the other.
    Segment begin() throws IOException {
        disk.makeFolder(folder);
        synchronized (publishing) {
            Map.@Nullable Entry<Long, Segment> last = segments.lastEntry();
            if (last != null) highest = Math.max(highest, last.getKey());
            long after = highest == 0 ? 1 : highest + config.numbersApart();
            long number = Math.max(after, clock.now().toEpochMilli());
            highest = number;
            Segment segment = Segment.in(folder, number, ids.getAsLong());
            segments.put(number, segment);
            return segment;
        }
    }

    /// Tells that a record is about to be written, unless another writer has taken over; returns whether it told.
    boolean placing(SegmentWriter by, Append record, Place batch, Place place) {
        synchronized (publishing) {
            if (by.left()) return false;
            record.progress().placing(batch, place, record.head());
            return true;
        }
    }

    void forget(Segment segment) {
        segments.remove(segment.number());
    }

    void admit(Segment segment) {
        segments.put(segment.number(), segment);
    }

    /// Returns the header of a segment that does not follow the one written last, and so claims nothing of any.
    Header wholeHeader(Segment segment) {
        long now = clock.now().toEpochMilli();
        return new Header(SegmentFormat.FORMAT, config.content(), segment.number(), segment.id(), now, 0, 0);
    }

    Header header(Segment segment) {
        synchronized (publishing) {
            return new Header(
                    SegmentFormat.FORMAT,
                    config.content(),
                    segment.number(),
                    segment.id(),
                    clock.now().toEpochMilli(),
                    tip.segment(),
                    tip.offset());
        }
    }

    /// Tells that a batch is synced up to `end`, unless another writer has taken over; returns whether it told.
    boolean publish(SegmentWriter by, List<Append> batch, Place[] places, long end) {
        synchronized (publishing) {
            if (by.left()) return false;
            for (int i = 0; i < places.length; i++) batch.get(i).progress().placed(places[i]);
            tip = new Place(places[0].segment(), end);
            return true;
        }
    }

    /// Writes what waits, syncs, ends. A hung thread is left behind.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        LockSupport.unpark(watch);
        committer.close();
        if (committer.ended()) writer.close();
        try {
            files.close();
        } catch (IOException e) {
            Log.event(Event.APPEND_READ_FAILED, e, "log", config.name());
        }
    }
}
