package casella.store.append;

import casella.store.append.SegmentFormat.Head;
import casella.store.append.SegmentFormat.Header;
import casella.store.append.SegmentFormat.Mark;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A segment written in one go and not by the log's committer: aside, synced, read back, and only then given its name.
///
/// Its bytes are those of every segment. What a crash leaves of an unfinished one has the suffix [#UNFINISHED] and is
/// nobody's. For one thread.
public final class WholeSegment implements AutoCloseable {
    /// What an unfinished one is called: the segment's name and this.
    public static final String UNFINISHED = ".new";

    private static final int BATCH_BYTES_MAX = 1 << 20;
    private static final int BUFFER_BYTES = 1 << 20;

    private record Waiting(int kind, byte[] head, byte[] body) {
        int length() {
            return SegmentFormat.HEAD_BYTES + head.length + body.length;
        }
    }

    private final AppendLog log;
    private final Segment segment;
    private final Path aside;
    private final Disk.File file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<Waiting> batch = new ArrayList<>();
    private int batchBytes;
    private int marks;
    /// Where the mark of the batch that waits goes.
    private long end = SegmentFormat.HEADER_BYTES;
    /// Checksums of the bodies, in order: what the file must give back.
    private int[] checksums = new int[64];
    private int records;
    private boolean finished;
    private boolean kept;

    WholeSegment(AppendLog log, Segment segment) throws IOException {
        this.log = log;
        this.segment = segment;
        this.aside = segment.path().resolveSibling(segment.path().getFileName() + UNFINISHED);
        log.disk().delete(aside);
        this.file = log.disk().create(aside);
        put(log.wholeHeader(segment).bytes());
    }

    public long number() {
        return segment.number();
    }

    /// Returns how long the file is with all that was appended.
    public long bytes() {
        return end + (batch.isEmpty() ? 0 : SegmentFormat.MARK_BYTES + batchBytes);
    }

    /// Appends a record and returns its place. The arrays are not changed by the caller afterwards.
    public Place append(int kind, byte[] head, byte[] body) throws IOException {
        var record = new Waiting(kind, head, body);
        if (batchBytes > 0 && batchBytes + record.length() > BATCH_BYTES_MAX) write();
        Place place = new Place(segment.number(), end + SegmentFormat.MARK_BYTES + batchBytes);
        batch.add(record);
        batchBytes += record.length();
        if (records == checksums.length) checksums = Arrays.copyOf(checksums, 2 * records);
        checksums[records++] = SegmentFormat.checksum(head, body);
        return place;
    }

    /// Writes the batch that waits.
    private void write() throws IOException {
        mark(0, batchBytes);
        int first = records - batch.size();
        for (int i = 0; i < batch.size(); i++) {
            Waiting record = batch.get(i);
            if (buffer.remaining() < SegmentFormat.HEAD_BYTES) flush();
            int length = record.head().length + record.body().length;
            Head.put(buffer, length, record.kind(), checksums[first + i]);
            put(record.head());
            put(record.body());
        }
        end += batchBytes;
        batch.clear();
        batchBytes = 0;
    }

    private void mark(long synced, int length) throws IOException {
        put(new Mark(++marks, segment.id(), synced, length).bytes());
        end += SegmentFormat.MARK_BYTES;
    }

    private void put(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            if (!buffer.hasRemaining()) flush();
            int some = Math.min(buffer.remaining(), bytes.length - at);
            buffer.put(bytes, at, some);
            at += some;
        }
    }

    private void flush() throws IOException {
        file.append(buffer.flip());
        buffer.clear();
    }

    /// Makes all of it durable and reads it back from end to end.
    ///
    /// Two syncs: the first for the records, the second for the mark that claims that they were synced, so that a bad
    /// byte found later is damage and not a torn end.
    ///
    /// @throws IOException if the disk fails, or gives back anything but what was written
    public void finish() throws IOException {
        if (!batch.isEmpty()) write();
        flush();
        file.sync();
        mark(end, 0);
        flush();
        file.sync();
        log.synced();
        log.synced();
        var written = new Segment(aside, segment.number(), segment.id());
        int[] seen = new int[1];
        Scanned scanned =
                SegmentScan.read(
                        written, log.config().content(), file, log.disk().size(aside), 0, (_, _, body) -> {
                            boolean same =
                                    seen[0] < records
                                            && checksums[seen[0]] == SegmentFormat.checksum(body, 0, body.length);
                            seen[0] += same ? 1 : records + 1;
                        });
        boolean same =
                seen[0] == records && scanned.whole() && scanned.torn().isEmpty() && scanned.damaged().isEmpty();
        if (!same) throw new IOException("segment does not come back as it was written");
        finished = true;
    }

    /// Gives the finished segment its name and makes it one of the log's.
    public Segment keep() throws IOException {
        if (!finished) throw new IllegalStateException("not finished");
        file.close();
        log.disk().rename(aside, segment.path());
        // From here on there is a file of this number, whatever comes.
        kept = true;
        log.admit(segment);
        try {
            log.syncFolder();
        } catch (IOException e) {
            log.drop(segment.number(), false);
            throw e;
        }
        return segment;
    }

    /// Removes what was not kept.
    @Override
    public void close() throws IOException {
        if (kept) return;
        file.close();
        log.disk().delete(aside);
    }
}
