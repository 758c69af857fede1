package casella.store.append;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.append.Scanned.Stretch;
import casella.store.append.SegmentFormat.Head;
import casella.store.append.SegmentFormat.Header;
import casella.store.append.SegmentFormat.Mark;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one segment from end to end, whatever is in it: every good record is told, every bad stretch is set aside.
///
/// A bad body costs its record. A bad head costs the rest of its batch, a bad mark all up to the next good one. Each
/// step goes forward, so garbage of any kind ends.
final class SegmentScan {
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int SECTOR_BYTES = 512;

    private final Segment segment;
    private final Disk.File file;
    private final AppendLog.Visitor visitor;
    private final long size;
    private final List<Stretch> bad = new ArrayList<>();
    private byte[] window = new byte[0];
    private long windowAt;
    private long id;
    private long claimed;
    private long records;
    private long end;
    private boolean anyMark;

    private SegmentScan(Segment segment, Disk.File file, long size, long claimed, AppendLog.Visitor visitor) {
        this.segment = segment;
        this.file = file;
        this.size = size;
        this.claimed = claimed;
        this.visitor = visitor;
        this.id = segment.id();
    }

    /// @param claimed offset up to which the segment is known to be synced, from elsewhere than its own marks
    /// @throws Fault.Corrupt if the file is of a newer format, or another log's
    static Scanned read(
            Segment segment, String content, Disk.File file, long size, long claimed, AppendLog.Visitor visitor)
            throws IOException {
        return new SegmentScan(segment, file, size, claimed, visitor).read(content);
    }

    private Scanned read(String content) throws IOException {
        Header header = Header.of(peek(0, SegmentFormat.HEADER_BYTES));
        if (header == null) {
            setAside(0, Math.min(size, SegmentFormat.HEADER_BYTES));
        } else {
            check(header, content);
            id = header.id();
            end = SegmentFormat.HEADER_BYTES;
        }
        boolean whole = true;
        long at = SegmentFormat.HEADER_BYTES;
        try {
            while (at < size) at = batch(at);
        } catch (IOException e) {
            // Bytes that the disk does not give back were something: the rest of this file is damage.
            Log.event(Event.APPEND_READ_FAILED, e, "file", name(), "from", at);
            setAside(at, size);
            claimed = size;
            whole = false;
        }
        return sort(header != null, whole);
    }

    private void check(Header header, String content) {
        if (header.format() > SegmentFormat.FORMAT) {
            throw new Fault.Corrupt(
                    "Segment written by a newer version", Map.of("file", name(), "format", header.format()));
        }
        if (!header.content().equals(content)) {
            throw new Fault.Corrupt("Segment of another log", Map.of("file", name(), "content", header.content()));
        }
    }

    /// Reads the batch at `at` and returns where the next one should start.
    private long batch(long at) throws IOException {
        Mark mark = mark(at);
        if (mark == null) {
            long next = nextMark(at + 1);
            setAside(at, next);
            return next;
        }
        anyMark = true;
        claimed = Math.max(claimed, mark.synced());
        long until = at + SegmentFormat.MARK_BYTES + Integer.toUnsignedLong(mark.length());
        end = at + SegmentFormat.MARK_BYTES;
        long record = end;
        while (record < until && record < size) record = record(record, Math.min(until, size));
        return record;
    }

    /// Reads the record at `at` of a batch that ends at `until` and returns where to go on.
    private long record(long at, long until) throws IOException {
        Head head = at + SegmentFormat.HEAD_BYTES > until ? null : Head.of(peek(at, SegmentFormat.HEAD_BYTES), 0);
        if (head == null || at + SegmentFormat.HEAD_BYTES + head.length() > until) {
            long next = until == size || mark(until) != null ? until : nextMark(at + 1);
            setAside(at, next);
            return next;
        }
        long next = at + SegmentFormat.HEAD_BYTES + head.length();
        byte[] body = body(at + SegmentFormat.HEAD_BYTES, head.length());
        if (body.length < head.length() || SegmentFormat.checksum(body, 0, body.length) != head.bodyChecksum()) {
            setAside(at, next);
        } else {
            visitor.record(new Place(segment.number(), at), head.kind(), body);
            records++;
            end = next;
        }
        return next;
    }

    private byte[] body(long at, int length) throws IOException {
        return length <= WINDOW_BYTES / 2 ? peek(at, length) : OpenFiles.read(file, at, length);
    }

    private @Nullable Mark mark(long at) throws IOException {
        return Mark.of(id, peek(at, SegmentFormat.MARK_BYTES), 0);
    }

    /// Returns the offset of the first good mark at or after `from`, or the size if there is none.
    private long nextMark(long from) throws IOException {
        for (long at = from; at + SegmentFormat.MARK_BYTES <= size; ) {
            byte[] here = OpenFiles.read(file, at, (int) Math.min(WINDOW_BYTES, size - at));
            if (here.length < SegmentFormat.MARK_BYTES) break;
            for (int i = 0; i + SegmentFormat.MARK_BYTES <= here.length; i++) {
                if (here[i] == (byte) (SegmentFormat.MARK_MAGIC >>> 24) && Mark.of(id, here, i) != null) return at + i;
            }
            at += here.length - SegmentFormat.MARK_BYTES + 1;
        }
        return size;
    }

    /// Returns `length` bytes at `at`, fewer at the end, through a window that reads ahead.
    private byte[] peek(long at, int length) throws IOException {
        if (at < windowAt || at + length > windowAt + window.length) {
            window = OpenFiles.read(file, at, Math.clamp(size - at, 0, WINDOW_BYTES));
            windowAt = at;
        }
        int from = (int) (at - windowAt);
        return Arrays.copyOfRange(window, from, Math.min(window.length, from + length));
    }

    private void setAside(long from, long until) {
        if (until <= from) return;
        if (!bad.isEmpty() && bad.getLast().until() == from) {
            bad.set(bad.size() - 1, new Stretch(bad.getLast().from(), until));
        } else {
            bad.add(new Stretch(from, until));
        }
    }

    private Scanned sort(boolean header, boolean whole) throws IOException {
        if (claimed > size) setAside(size, claimed);
        // Without header and marks nothing claims anything. A file too short for a record, or whose first sector is
        // zeros, is one whose first write never came; other bytes were something once.
        boolean wiped = !header && !anyMark && !unborn();
        List<Stretch> torn = new ArrayList<>();
        List<Stretch> damaged = new ArrayList<>();
        for (Stretch stretch : bad) {
            boolean lost = wiped || stretch.from() < claimed || (!header && anyMark && stretch.from() == 0);
            (lost ? damaged : torn).add(stretch);
        }
        return new Scanned(records, end, torn, damaged, whole);
    }

    private boolean unborn() throws IOException {
        if (size <= SegmentFormat.HEADER_BYTES + SegmentFormat.MARK_BYTES) return true;
        for (byte b : peek(0, SECTOR_BYTES)) if (b != 0) return false;
        return true;
    }

    private String name() {
        return String.valueOf(segment.path().getFileName());
    }
}
