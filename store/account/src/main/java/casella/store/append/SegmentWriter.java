package casella.store.append;

import casella.base.Committer;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.append.SegmentFormat.Head;
import casella.store.append.SegmentFormat.Header;
import casella.store.append.SegmentFormat.Mark;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes batches to one file after another, on the committer's thread. One writer, one thread, one buffer.
///
/// A file is left for good when a write or sync fails, when it is full, when it is not what was written (somebody
/// garbled, truncated or removed it under us), or when it hangs; in the last case the whole writer is left with it and
/// another one goes on.
final class SegmentWriter implements Committer.Sink<Append> {
    private static final int BUFFER_BYTES = 1 << 20;
    /// A batch that failed is written once more, in a new file; if that fails too, the disk is at fault.
    private static final int ATTEMPTS = 2;

    /// The file being written.
    private static final class Current {
        final Segment segment;
        final Disk.File file;
        /// Where the next mark goes.
        long end;
        /// Synced up to here.
        long synced;
        int batches;
        byte[] lastMark = new byte[0];
        long lastMarkAt;

        Current(Segment segment, Disk.File file) {
            this.segment = segment;
            this.file = file;
        }

        /// Whether a mark after the last batch says that it was synced.
        boolean claimed() {
            return end > synced;
        }
    }

    private final AppendLog log;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private @Nullable Current current;
    private volatile boolean left;

    SegmentWriter(AppendLog log) {
        this.log = log;
    }

    /// Tells the writer that another one goes on: what hangs in it may come back, and must then do nothing more.
    void leave() {
        left = true;
    }

    @Override
    public void commit(List<Append> batch) {
        long length = 0;
        for (Append record : batch) length += SegmentFormat.HEAD_BYTES + record.length();
        log.space().look(length);
        @Nullable IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS && !left; attempt++) {
            try {
                if (write(batch, length)) return;
            } catch (IOException e) {
                last = e;
                if (!left) giveUp(e);
            }
        }
        if (left) {
            closeQuietly();
            throw new Fault.Unavailable("Left behind by another writer", Map.of("log", log.config().name()));
        }
        log.space().lookNow();
        if (log.space().low() || log.space().lacks(length)) throw log.space().full();
        throw new Fault.Unavailable("Disk does not take writes", Map.of("log", log.config().name()), last);
    }

    /// Writes, syncs and tells; returns false if another writer took over meanwhile.
    private boolean write(List<Append> batch, long length) throws IOException {
        Current to = fileFor(SegmentFormat.MARK_BYTES + length);
        buffer.clear();
        if (to.batches == 0) buffer.put(log.header(to.segment).bytes());
        long markAt = to.end;
        byte[] mark = new Mark(to.batches + 1, to.segment.id(), to.synced, (int) length).bytes();
        put(to, mark);
        Place start = new Place(to.segment.number(), markAt);
        Place[] places = new Place[batch.size()];
        long at = markAt + SegmentFormat.MARK_BYTES;
        for (int i = 0; i < places.length; i++) {
            Append record = batch.get(i);
            places[i] = new Place(to.segment.number(), at);
            if (!log.placing(this, record, start, places[i])) return false;
            put(to, record);
            at += SegmentFormat.HEAD_BYTES + record.length();
        }
        flush(to);
        to.file.sync();
        log.synced();
        if (to.batches == 0) log.syncFolder();
        to.batches++;
        to.end = at;
        to.synced = at;
        to.lastMark = mark;
        to.lastMarkAt = markAt;
        return log.publish(this, batch, places, at);
    }

    boolean left() {
        return left;
    }

    /// Says in the file that its last batch was synced, so that damage to it is not taken for a torn end.
    @Override
    public void idle() throws IOException {
        log.space().lookNow();
        Current now = current;
        if (left || now == null || now.batches == 0 || now.claimed()) return;
        try {
            claim(now);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void claim(Current to) throws IOException {
        buffer.clear();
        put(to, new Mark(to.batches + 1, to.segment.id(), to.synced, 0).bytes());
        flush(to);
        to.batches++;
        to.end += SegmentFormat.MARK_BYTES;
    }

    /// Ends the file in order. Called when the committer's thread has ended.
    void close() {
        Current now = current;
        if (now != null && now.batches > 0 && !left) {
            try {
                if (!now.claimed()) claim(now);
                now.file.sync();
            } catch (IOException e) {
                Log.event(Event.APPEND_FILE_FAILED, e, "log", log.config().name(), "file", name(now));
            }
        }
        closeQuietly();
    }

    private void put(Current to, Append record) throws IOException {
        if (buffer.remaining() < SegmentFormat.HEAD_BYTES) flush(to);
        Head.put(buffer, record.length(), record.kind(), SegmentFormat.checksum(record.head(), record.body()));
        put(to, record.head());
        put(to, record.body());
    }

    private void put(Current to, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            if (!buffer.hasRemaining()) flush(to);
            int some = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, some);
            at += some;
        }
    }

    private void flush(Current to) throws IOException {
        if (left) throw new IOException("Left behind by another writer");
        to.file.append(buffer.flip());
        buffer.clear();
    }

    /// Returns the file the next batch goes to: a new one where the current one will not do.
    private Current fileFor(long bytes) throws IOException {
        Current now = current;
        if (now != null) {
            boolean room = now.end + bytes <= log.config().segmentBytesMax();
            if (room && !log.toLeave(now.segment.number()) && unchanged(now)) return now;
            closeQuietly();
        }
        Segment segment = log.begin();
        Current next;
        try {
            next = new Current(segment, log.disk().create(segment.path()));
        } catch (IOException e) {
            log.forget(segment);
            throw e;
        }
        next.end = SegmentFormat.HEADER_BYTES;
        current = next;
        return next;
    }

    /// Whether the file that has the name now is as long as we made it and ends with the batch we wrote last.
    private boolean unchanged(Current now) throws IOException {
        boolean same = false;
        try {
            byte[] mark = OpenFiles.read(now.file, now.lastMarkAt, SegmentFormat.MARK_BYTES);
            same = log.disk().size(now.segment.path()) == now.end && Arrays.equals(mark, now.lastMark);
        } catch (NoSuchFileException e) {
            // removed under us: the same as changed
        }
        if (!same) Log.event(Event.APPEND_FILE_CHANGED, "log", log.config().name(), "file", name(now));
        return same;
    }

    /// Leaves the current file after an error. One that never held an answered record is removed.
    private void giveUp(IOException cause) {
        Current now = current;
        if (now == null) return;
        Log.event(Event.APPEND_FILE_FAILED, cause, "log", log.config().name(), "file", name(now));
        closeQuietly();
        if (now.batches > 0) return;
        try {
            log.disk().delete(now.segment.path());
            log.forget(now.segment);
        } catch (IOException e) {
            // a file without an answered record does no harm where it is, as long as its number is its own
        }
    }

    private void closeQuietly() {
        Current now = current;
        current = null;
        if (now == null) return;
        try {
            now.file.close();
        } catch (IOException e) {
            Log.event(Event.APPEND_FILE_FAILED, e, "log", log.config().name(), "file", name(now));
        }
    }

    private static String name(Current now) {
        return String.valueOf(now.segment.path().getFileName());
    }
}
