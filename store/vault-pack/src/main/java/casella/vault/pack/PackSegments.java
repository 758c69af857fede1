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
import casella.vault.pack.LiveObjects.Live;
import casella.vault.pack.PackSegment.Slot;
import casella.vault.pack.YoungSegment.Erasure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    private static final int YOUNG_NAMES_MAX = 100_000;

    private static final Duration BEHIND = Duration.ofDays(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Disk disk;
    private final Path folder;
    private final AppendLog log;
    private final OpenFiles files;
    private final Bulkhead behind;
    private final Erasures erasures = new Erasures();
    /// Bad stretches found in segments that have no index yet.
    private final Map<Long, List<Stretch>> damaged = new HashMap<>();
    /// Segments whose file somebody removed.
    private int missing;

    /// Newest first; replaced, never changed.
    private volatile List<PackSegment> segments = List.of();

    private PackSegments(String name, Disk disk, Path folder, AppendLog log) {
        this.disk = disk;
        this.folder = folder;
        this.log = log;
        this.files = new OpenFiles(disk, OPEN_FILES_MAX);
        this.behind = new Bulkhead("vault." + name + ".behind", 1, BEHIND_WAITING_MAX);
    }

    /// Takes up what is in the folder: indexes where they are good, a scan where not.
    static PackSegments open(String name, Disk disk, Path folder, AppendLog log) {
        var all = new PackSegments(name, disk, folder, log);
        try {
            all.missing(folder);
            for (Segment segment : log.segments()) {
                PackIndex index = all.indexOf(segment);
                if (index != null && all.tellsOf(index, segment)) all.add(index);
                else all.add(all.scan(segment, index == null ? 0 : index.facts().end()));
            }
        } catch (IOException e) {
            all.close();
            throw new Fault.Unavailable("Segment cannot be read", Map.of("folder", folder), e);
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
        for (PackSegment segment : all.segments.reversed()) {
            if (segment instanceof YoungSegment young) all.behind(young, () -> all.seal(young));
        }
        return all;
    }

    // What is there.

    /// Returns where an object is, or null if it is not there.
    @Nullable Slot find(ObjectName name) throws IOException {
        return find(segments, name, Place.LAST);
    }

    /// Returns the objects that are there; `account` narrows the segments looked into.
    LiveObjects live(@Nullable AccountId account) {
        return live(segments, account, Place.LAST);
    }

    private @Nullable Slot find(List<PackSegment> in, ObjectName name, Place before) throws IOException {
        for (PackSegment segment : in) {
            if (segment.number() > before.segment()) continue;
            Slot slot = segment.find(name, before);
            if (slot == null) continue;
            return slot.removed() || erasures.erased(name.account(), slot.place(), before) ? null : slot;
        }
        return null;
    }

    private LiveObjects live(List<PackSegment> in, @Nullable AccountId account, Place before) {
        List<PackSegment> from = new ArrayList<>();
        for (PackSegment segment : in) {
            if (segment.number() <= before.segment() && (account == null || segment.mayHold(account))) {
                from.add(segment);
            }
        }
        return new LiveObjects(from, erasures, before);
    }

    Vault.Figures figures() {
        long objects = 0;
        long bytes = 0;
        long quarantined = missing;
        for (PackSegment segment : segments) {
            switch (segment) {
                case YoungSegment young -> {
                    objects += young.objects.get();
                    bytes += young.bytes.get();
                    quarantined += damagedIn(young.number()).size();
                }
                case PackIndex index -> {
                    objects += index.facts().objects();
                    bytes += index.facts().bytes();
                    quarantined += index.damaged().size();
                }
            }
        }
        return new Vault.Figures(objects, bytes, quarantined);
    }

    // What the log tells, on its thread, in order.

    void put(ObjectName name, Place place, int length) {
        YoungSegment young = young(place);
        boolean perhapsKnown = segments.stream().anyMatch(segment -> segment.mayHold(name));
        young.put(name, place, length);
        young.end(place.offset() + AppendLog.HEAD_BYTES + PackRecord.NAME_BYTES + length);
        if (young.said() >= YOUNG_NAMES_MAX) log.leave(young.number());
        if (perhapsKnown) behind(young, () -> forgetBefore(segments, young, name, place));
    }

    void delete(ObjectName name, Place place) {
        YoungSegment young = young(place);
        young.delete(name, place);
        young.end(place.offset() + AppendLog.HEAD_BYTES + PackRecord.NAME_BYTES);
        if (young.said() >= YOUNG_NAMES_MAX) log.leave(young.number());
        behind(young, () -> forgetBefore(segments, young, name, place));
    }

    void erase(AccountId account, Place place) {
        YoungSegment young = young(place);
        young.erase(account, place);
        erasures.add(account, place);
        young.end(place.offset() + AppendLog.HEAD_BYTES + Long.BYTES);
        behind(young, () -> forgetBefore(segments, young, account, place));
    }

    void nothing(Place place, int length) {
        young(place).end(place.offset() + AppendLog.HEAD_BYTES + length);
    }

    /// Returns the segment being filled; when it is a new one, the one before is ready for its index.
    private YoungSegment young(Place place) {
        List<PackSegment> now = segments;
        if (!now.isEmpty() && now.getFirst() instanceof YoungSegment young && young.number() == place.segment()) {
            return young;
        }
        var next = new YoungSegment(place.segment());
        if (!now.isEmpty() && now.getFirst() instanceof YoungSegment full) behind(full, () -> seal(full));
        add(next);
        return next;
    }

    // What runs behind, on one thread, in order.

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
    private boolean forgetBefore(List<PackSegment> in, YoungSegment young, ObjectName name, Place place)
            throws IOException {
        Slot slot = find(in, name, place);
        if (slot == null) return false;
        young.objects.decrementAndGet();
        young.bytes.addAndGet(-slot.length());
        return true;
    }

    private boolean forgetBefore(List<PackSegment> in, YoungSegment young, AccountId account, Place place)
            throws IOException {
        LiveObjects objects = live(in, account, place).seek(LiveObjects.first(account));
        Live live = objects.next();
        while (live != null && live.name().account().equals(account)) {
            young.objects.decrementAndGet();
            young.bytes.addAndGet(-live.slot().length());
            live = objects.next();
        }
        return true;
    }

    /// Gives a segment its index in place of its names in memory. If that fails it stays as it is until a restart.
    private boolean seal(YoungSegment young) {
        if (log.fullNow()) return false; // an index can be made again; the room that is left is for removals
        Segment segment = segment(young.number());
        if (segment == null || !young.certain() || !segments.contains(young)) return false;
        try {
            new PackIndexWriter(folder, segment, young, damagedIn(young.number())).write(disk);
            Path path = PackIndexWriter.path(segment);
            files.close(path);
            PackIndex index = PackIndex.open(files, path);
            if (index == null) throw new IOException("index unreadable after it was written");
            replace(young, index);
            return true;
        } catch (IOException e) {
            Log.event(Event.PACK_INDEX_FAILED, e, "segment", young.number());
            return false;
        }
    }

    /// Makes a lost index again. Meanwhile reads that need it are told to come back.
    void rebuild(PackIndex lost) {
        Ticket<Boolean> ticket =
                behind.submit(
                        Deadline.in(BEHIND),
                        () -> {
                            Segment segment = segment(lost.number());
                            if (segment == null || !segments.contains(lost)) return false;
                            Log.event(Event.PACK_INDEX_REBUILT, "segment", lost.number());
                            YoungSegment young = scan(segment, lost.facts().end());
                            replace(lost, young);
                            return seal(young);
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

    /// Reads a whole segment into memory and corrects the figures by what its records replaced and removed.
    ///
    /// @param claimed offset up to which its records are known to have been on the disk
    private YoungSegment scan(Segment segment, long claimed) throws IOException {
        var young = new YoungSegment(segment.number());
        List<PackSegment> in = new ArrayList<>();
        in.add(young);
        for (PackSegment older : segments) if (older.number() < segment.number()) in.add(older);
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

    private void take(List<PackSegment> in, YoungSegment young, Place place, int kind, byte[] body) {
        try {
            switch (PackRecord.of(kind, body)) {
                case PackRecord.Put(ObjectName name, int length) -> {
                    boolean perhapsKnown = in.stream().anyMatch(segment -> segment.mayHold(name));
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

    private @Nullable Segment segment(long number) {
        for (Segment segment : log.segments()) if (segment.number() == number) return segment;
        return null;
    }

    private synchronized void add(PackSegment newest) {
        if (newest instanceof PackIndex index) {
            for (Erasure erasure : index.erasures()) erasures.add(erasure.account(), erasure.place());
        }
        List<PackSegment> next = new ArrayList<>(segments.size() + 1);
        next.add(newest);
        next.addAll(segments);
        segments = List.copyOf(next);
    }

    private synchronized void replace(PackSegment old, PackSegment by) {
        List<PackSegment> next = new ArrayList<>(segments);
        next.replaceAll(segment -> segment == old ? by : segment);
        segments = List.copyOf(next);
    }

    /// Gives the last segment its index and ends.
    void close() {
        List<PackSegment> now = segments;
        if (!now.isEmpty() && now.getFirst() instanceof YoungSegment last) {
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
