package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.append.Scanned;
import casella.store.append.Scanned.Stretch;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.vault.pack.PackSegment.Slot;
import casella.vault.pack.YoungSegment.Erasure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// All segments of a vault: the one being filled, those that wait for an index, those that have one.
///
/// Records are told here in the order of the log, on its thread. What needs reading (the figures' corrections, making
/// indexes) runs behind, on one thread, in the same order: a segment gets its index after the corrections of its
/// records, so "as of" questions never meet a segment that forgot.
final class PackSegments {
    private static final int OPEN_FILES_MAX = 512;
    private static final int BEHIND_WAITING_MAX = 65_536;
    /// A segment of many small objects ends early, so that its names fit in memory: about 30 MB.
    static final int YOUNG_NAMES_MAX = 100_000;

    private static final Duration BEHIND = Duration.ofDays(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Disk disk;
    private final Path folder;
    private final AppendLog log;
    private final OpenFiles files;
    private final Bulkhead behind;
    private final Erasures erasures = new Erasures();
    private final Leases leases = new Leases();
    private final Garbage garbage = new Garbage();
    private final Evidence evidence;
    /// Bad stretches found in segments that have no index yet.
    private final Map<Long, List<Stretch>> damaged = new HashMap<>();
    /// Segments whose file somebody removed.
    private int missing;
    private final AtomicLong losses = new AtomicLong();

    private long device;
    private volatile Snapshot segments = Snapshot.empty(erasures);
    /// What the figures of the segments say too much or too little while a compaction has written what it has not yet
    /// removed; guarded by this.
    private Change carried = Change.NONE;

    /// A change of the vault's figures.
    record Change(long objects, long bytes) {
        static final Change NONE = new Change(0, 0);

        Change plus(Change other) {
            return new Change(objects + other.objects, bytes + other.bytes);
        }

        Change minus(Change other) {
            return new Change(objects - other.objects, bytes - other.bytes);
        }
    }

    private PackSegments(String vault, Disk disk, Path folder, AppendLog log) {
        this.disk = disk;
        this.folder = folder;
        this.log = log;
        this.files = new OpenFiles(disk, OPEN_FILES_MAX);
        this.evidence = new Evidence(disk, folder, log);
        this.behind = new Bulkhead("vault." + vault + ".behind", 1, BEHIND_WAITING_MAX);
    }

    /// Takes up what is in the folder: indexes where they are good, a scan where not.
    static PackSegments open(String vault, Disk disk, Path folder, AppendLog log) {
        var all = new PackSegments(vault, disk, folder, log);
        try {
            log.removeUnfinished();
            all.device = disk.device(folder);
            all.missing(folder);
            all.evidence.count();
            List<PackSegment> indexed = new ArrayList<>();
            for (Segment segment : log.segments()) {
                PackIndex index = all.indexOf(segment);
                if (index != null && all.tellsOf(index, segment)) {
                    indexed.add(index);
                    continue;
                }
                all.add(indexed);
                indexed.clear();
                all.add(List.of(all.scan(segment, index == null ? 0 : index.facts().end())));
            }
            all.add(indexed);
        } catch (IOException e) {
            all.close();
            throw new Fault.Unavailable("Segment cannot be read", Map.of("folder", folder), e);
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
        for (PackSegment segment : all.segments.segments().reversed()) {
            if (segment instanceof YoungSegment young) all.behind(young, () -> all.seal(young));
        }
        return all;
    }

    // What is there.

    /// Returns the segments of now. Whoever reads in files holds a [#lease].
    Snapshot now() {
        return segments;
    }

    /// Returns the segments of now, whose files stay until the lease is closed.
    Leases.Lease lease() {
        return leases.take(() -> segments);
    }

    /// Returns how long a segment's file is.
    long size(Segment segment) throws IOException {
        return disk.size(segment.path());
    }

    boolean reading(PackSegment segment) {
        return leases.reading(segment);
    }

    Garbage garbage() {
        return garbage;
    }

    Erasures erasures() {
        return erasures;
    }

    Evidence evidence() {
        return evidence;
    }

    synchronized Vault.Figures figures() {
        Change sum = carried;
        long quarantined = missing + evidence.pieces();
        for (PackSegment segment : segments.segments()) {
            sum = sum.plus(change(segment));
            quarantined +=
                    switch (segment) {
                        case YoungSegment young -> damagedIn(young.number()).size();
                        case PackIndex index -> index.damaged().size();
                    };
        }
        return new Vault.Figures(sum.objects(), sum.bytes(), quarantined);
    }

    /// Returns what a segment's records changed in the vault's figures.
    static Change change(PackSegment segment) {
        return switch (segment) {
            case YoungSegment young -> new Change(young.objects.get(), young.bytes.get());
            case PackIndex index -> new Change(index.facts().objects(), index.facts().bytes());
        };
    }

    // What the log tells, on its thread, in order.

    void put(ObjectName name, Place place, int length) {
        YoungSegment young = young(place);
        boolean perhapsKnown = segments.mayHold(name);
        young.put(name, place, length);
        young.end(place.offset() + AppendLog.HEAD_BYTES + PackRecord.NAME_BYTES + length);
        if (young.said() >= YOUNG_NAMES_MAX) log.leave(young.number());
        if (perhapsKnown) behind(young, () -> forgetBefore(young, name, place));
    }

    void delete(ObjectName name, Place place) {
        YoungSegment young = young(place);
        young.delete(name, place);
        young.end(place.offset() + AppendLog.HEAD_BYTES + PackRecord.NAME_BYTES);
        if (young.said() >= YOUNG_NAMES_MAX) log.leave(young.number());
        behind(young, () -> forgetBefore(young, name, place));
    }

    void erase(AccountId account, Place place) {
        YoungSegment young = young(place);
        young.erase(account, place);
        erasures.add(account, place);
        young.end(place.offset() + AppendLog.HEAD_BYTES + Long.BYTES);
        behind(young, () -> forgetBefore(young, account, place));
    }

    void nothing(Place place, int length) {
        young(place).end(place.offset() + AppendLog.HEAD_BYTES + length);
    }

    /// Returns the segment being filled; when it is a new one, the one before is ready for its index.
    private YoungSegment young(Place place) {
        PackSegment newest = segments.newest();
        if (newest instanceof YoungSegment young && young.number() == place.segment()) return young;
        var next = new YoungSegment(place.segment());
        if (newest instanceof YoungSegment full) behind(full, () -> seal(full));
        add(List.of(next));
        return next;
    }

    // What runs behind, on one thread, in order.

    /// Answered when all that was handed over before is done.
    Ticket<Boolean> behind() {
        return behind.submit(Deadline.in(BEHIND), () -> true);
    }

    /// Runs `work` behind. If it cannot be run, or fails, the segment's figures are not certain: it is left without an
    /// index and counted again at the next start.
    private Ticket<Boolean> behind(YoungSegment young, Callable<Boolean> work) {
        Ticket<Boolean> ticket = behind.submit(Deadline.in(BEHIND), work);
        ticket.whenAnswered(
                (_, failure) -> {
                    if (failure == null) return;
                    young.uncertain();
                    Log.event(Event.PACK_BEHIND_FAILED, failure, "segment", young.number());
                });
        return ticket;
    }

    /// Takes out of the figures the object that a record at `place` replaced or removed.
    private boolean forgetBefore(YoungSegment young, ObjectName name, Place place) throws IOException {
        try (var lease = lease()) {
            forgetBefore(lease.segments(), young, name, place);
        }
        return true;
    }

    private boolean forgetBefore(YoungSegment young, AccountId account, Place place) throws IOException {
        try (var lease = lease()) {
            forgetBefore(lease.segments(), young, account, place);
        }
        return true;
    }

    private void forgetBefore(Snapshot in, YoungSegment young, ObjectName name, Place place) throws IOException {
        Slot slot = young.count(in, name, place);
        if (slot != null) garbage.died(slot);
    }

    private void forgetBefore(Snapshot in, YoungSegment young, AccountId account, Place place) throws IOException {
        for (Slot slot : young.count(in, account, place)) garbage.died(slot);
    }

    /// Gives a segment its index in place of its names in memory. If that fails it stays as it is until a restart.
    private boolean seal(YoungSegment young) {
        if (log.fullNow()) return false; // an index can be made again; the room that is left is for removals
        Segment segment = segment(young.number());
        if (segment == null || !young.certain() || !segments.has(young)) return false;
        try {
            return replace(young, index(segment, young));
        } catch (IOException e) {
            Log.event(Event.PACK_INDEX_FAILED, e, "segment", young.number());
            return false;
        }
    }

    /// Writes the index of a segment and returns it as it is read back.
    PackIndex index(Segment segment, YoungSegment young) throws IOException {
        new PackIndexWriter(folder, segment, young, damagedIn(young.number())).write(disk);
        Path path = PackIndexWriter.path(segment);
        files.close(path);
        PackIndex index = PackIndex.open(files, path);
        if (index == null) throw new IOException("index unreadable after it was written");
        return index;
    }

    /// Makes a lost index again. Meanwhile reads that need it are told to come back.
    void rebuild(PackIndex lost) {
        Ticket<Boolean> ticket =
                behind.submit(
                        Deadline.in(BEHIND),
                        () -> {
                            Segment segment = segment(lost.number());
                            if (segment == null || !segments.has(lost)) return false;
                            Log.event(Event.PACK_INDEX_REBUILT, "segment", lost.number());
                            YoungSegment young = scan(segment, lost.facts().end());
                            return replace(lost, young) && seal(young);
                        });
        ticket.whenAnswered(
                (_, failure) -> {
                    if (failure != null) Log.event(Event.PACK_BEHIND_FAILED, failure, "segment", lost.number());
                });
    }

    // Taking up what is there.

    /// Returns the index a segment has, or null.
    private @Nullable PackIndex indexOf(Segment segment) {
        @Nullable PackIndex index = null;
        try {
            index = PackIndex.open(files, PackIndexWriter.path(segment));
        } catch (NoSuchFileException e) {
            return null; // as always after a crash: the last segment has none yet
        } catch (IOException e) {
            Log.event(Event.PACK_INDEX_FAILED, e, "segment", segment.number());
        }
        if (index != null && index.number() == segment.number() && index.facts().id() == segment.id()) return index;
        Log.event(Event.PACK_INDEX_REBUILT, "segment", segment.number());
        return null;
    }

    /// Says whether a segment looks as it did when its index was made: as long, and beginning with its header.
    private boolean tellsOf(PackIndex index, Segment segment) {
        try {
            if (index.facts().end() <= disk.size(segment.path()) && log.headed(segment)) return true;
            Log.event(Event.PACK_INDEX_REBUILT, "segment", segment.number());
        } catch (IOException e) {
            Log.event(Event.PACK_INDEX_REBUILT, e, "segment", segment.number());
        }
        return false;
    }

    /// Names segments of which there is an index only: somebody removed the file.
    private void missing(Path folder) throws IOException {
        List<Path> known = log.segments().stream().map(PackIndexWriter::path).toList();
        for (String file : disk.list(folder)) {
            if (!file.endsWith(PackIndexWriter.SUFFIX) || known.contains(folder.resolve(file))) continue;
            missing++;
            Log.event(Event.PACK_SEGMENT_MISSING, "index", file);
        }
    }

    /// Leaves segments whose file somebody removed: what is open of them would be gone with the process. From now on they
    /// are as if they had never been, like at the next opening.
    ///
    /// @return whether there were any
    boolean leaveRemoved() throws IOException {
        Snapshot then = segments; // before the look: a segment that comes meanwhile is not missed in it
        Set<String> files = Set.copyOf(disk.list(folder));
        var removed = new HashSet<Long>();
        for (PackSegment each : then.segments()) {
            Segment segment = segment(each.number());
            if (segment == null || files.contains(segment.path().getFileName().toString())) continue;
            if (gone(segment)) removed.add(each.number());
        }
        if (removed.isEmpty()) return false;
        // A file system that is not there comes back, with everything.
        if (disk.device(folder) != device) throw new IOException("The vault's file system is not there");
        return leave(removed);
    }

    private boolean gone(Segment segment) throws IOException {
        try {
            return disk.size(segment.path()) < 0;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /// What a merge retired meanwhile is not there any more and rightly has no file.
    private synchronized boolean leave(Set<Long> numbers) {
        var removed = new HashSet<PackSegment>();
        for (PackSegment each : segments.segments()) if (numbers.contains(each.number())) removed.add(each);
        if (removed.isEmpty()) return false;
        segments = segments.with(List.of(), removed);
        for (PackSegment each : removed) {
            log.leave(each.number());
            missing++;
            Log.event(Event.PACK_SEGMENT_MISSING, "segment", each.number());
        }
        losses.incrementAndGet();
        return true;
    }

    /// Has objects and indexes read from the disk from now on.
    void forgetCached() {
        for (Segment segment : log.segments()) {
            disk.forgetCached(segment.path());
            disk.forgetCached(PackIndexWriter.path(segment));
        }
    }

    long losses() {
        return losses.get();
    }

    /// Reads a whole segment into memory and corrects the figures by what its records replaced and removed.
    ///
    /// @param claimed offset up to which its records are known to have been on the disk
    private YoungSegment scan(Segment segment, long claimed) throws IOException {
        var young = new YoungSegment(segment.number());
        Snapshot in = segments.before(segment.number()).with(List.of(young), Set.of());
        Scanned scanned;
        try {
            scanned = log.scan(segment, claimed, (place, kind, body) -> take(in, young, place, kind, body));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        young.end(scanned.end());
        // What a failing disk did not give may come back: no index then, which would make its loss last.
        if (!scanned.whole()) young.uncertain();
        synchronized (damaged) {
            damaged.put(segment.number(), scanned.damaged());
        }
        return young;
    }

    private void take(Snapshot in, YoungSegment young, Place place, int kind, byte[] body) {
        try {
            switch (PackRecord.of(kind, body)) {
                case PackRecord.Put(ObjectName name, int length) -> {
                    boolean perhapsKnown = in.mayHold(name);
                    young.put(name, place, length);
                    if (perhapsKnown) forgetBefore(in, young, name, place);
                }
                case PackRecord.Delete(ObjectName name) -> {
                    young.delete(name, place);
                    forgetBefore(in, young, name, place);
                }
                case PackRecord.Erase(AccountId account) -> {
                    young.erase(account, place);
                    erasures.add(account, place);
                    forgetBefore(in, young, account, place);
                }
                case PackRecord.Nothing() -> {}
            }
        } catch (Fault.Corrupt e) {
            Log.event(Event.PACK_RECORD_UNKNOWN, e, "segment", place.segment(), "offset", place.offset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Stretch> damagedIn(long number) {
        synchronized (damaged) {
            return damaged.getOrDefault(number, List.of());
        }
    }

    @Nullable Segment segment(long number) {
        for (Segment segment : log.segments()) if (segment.number() == number) return segment;
        return null;
    }

    private synchronized void add(List<PackSegment> more) {
        for (PackSegment segment : more) if (segment instanceof PackIndex index) learn(index);
        segments = segments.with(more, Set.of());
    }

    /// Puts a segment in another's place, unless that is there no more: then it was merged meanwhile.
    private synchronized boolean replace(PackSegment old, PackSegment by) {
        if (!segments.has(old)) return false;
        segments = segments.with(List.of(by), Set.of(old));
        return true;
    }

    private void learn(PackIndex index) {
        for (Erasure erasure : index.erasures()) erasures.add(erasure.account(), erasure.place());
    }

    // What compaction does.

    /// Puts merged segments in the place of those they were merged from, in one step. What the figures say stays.
    ///
    /// @return false if any of `retired` is not there as it was: nothing is changed then
    synchronized boolean swap(List<PackIndex> merged, Set<PackIndex> retired) {
        for (PackIndex index : retired) if (!segments.has(index)) return false;
        for (PackIndex index : merged) {
            learn(index);
            carried = carried.minus(change(index));
        }
        for (PackIndex index : retired) carried = carried.plus(change(index));
        segments = segments.with(merged, retired);
        return true;
    }

    /// Says by how much the figures of the segments are off from here on.
    synchronized void carry(Change now) {
        carried = now;
    }

    synchronized Change carried() {
        return carried;
    }

    /// Keeps the bytes of a segment that could not be read as records.
    void keepEvidence(PackIndex of) throws IOException {
        Segment segment = segment(of.number());
        if (segment == null) return;
        for (Stretch stretch : of.damaged()) evidence.keep(segment, stretch.from(), stretch.until());
    }

    /// Removes what was kept of damaged segments that are merged.
    void forgetEvidence(Duration time) {
        var _ = behind.submit(Deadline.in(time), () -> {
            if (evidence.pieces() > 0) evidence.forget();
            return true;
        }).await(Deadline.in(time));
    }

    /// Removes the files of a retired segment that nobody reads any more, the index first: an index alone would tell of
    /// a segment that somebody removed. Each step is on the disk before the next.
    void remove(PackIndex retired) throws IOException {
        files.close(retired.path());
        disk.delete(retired.path());
        disk.syncFolder(folder);
        log.drop(retired.number(), false);
        for (Erasure erasure : retired.erasures()) erasures.remove(erasure.account(), erasure.place());
        garbage.gone(retired.number());
    }

    /// Gives the last segment its index and ends.
    void close() {
        if (segments.newest() instanceof YoungSegment last) {
            try {
                var _ = behind(last, () -> seal(last)).await(Deadline.in(CLOSING));
            } catch (Fault.Unavailable e) {
                Log.event(Event.PACK_INDEX_FAILED, e, "segment", last.number());
            }
        }
        behind.close();
        try {
            files.close();
        } catch (IOException e) {
            Log.event(Event.PACK_INDEX_FAILED, e, "closing", true);
        }
    }
}
