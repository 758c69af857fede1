package casella.vault.pack;

import casella.store.append.AppendLog;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// Bytes of segments that could not be read as the records they were: kept when compaction removes the segment around
/// them, each stretch a file `quarantine/<segment>-<offset>.bad`. Nothing here reads them again.
final class Evidence {
    private static final String FOLDER = "quarantine";
    private static final String SUFFIX = ".bad";
    private static final int CHUNK_BYTES = 1 << 20;

    private final Disk disk;
    private final Path folder;
    private final AppendLog log;
    private final AtomicLong pieces = new AtomicLong();

    Evidence(Disk disk, Path vault, AppendLog log) {
        this.disk = disk;
        this.folder = vault.resolve(FOLDER);
        this.log = log;
    }

    /// Counts what is there already.
    void count() throws IOException {
        pieces.set(disk.list(folder).size());
    }

    long pieces() {
        return pieces.get();
    }

    /// Removes all of it; it is gone from the disk when this returns.
    synchronized void forget() throws IOException {
        for (String name : disk.list(folder)) {
            disk.delete(folder.resolve(name));
            pieces.decrementAndGet();
        }
        disk.syncFolder(folder);
    }

    /// Copies a stretch of a segment; it is on the disk when this returns. What the file does not give back is left
    /// out.
    synchronized void keep(Segment segment, long from, long until) throws IOException {
        String of = String.valueOf(segment.path().getFileName());
        String name = of.substring(0, of.lastIndexOf('.')) + "-" + HexFormat.of().toHexDigits(from) + SUFFIX;
        Path path = folder.resolve(name);
        disk.makeFolder(folder);
        if (disk.list(folder).contains(name)) disk.delete(path); // perhaps half of it, from before a crash
        else pieces.incrementAndGet();
        try (Disk.File file = disk.create(path)) {
            for (long at = from; at < until; at += CHUNK_BYTES) {
                byte[] some = log.bytes(segment.number(), at, (int) Math.min(CHUNK_BYTES, until - at));
                file.append(ByteBuffer.wrap(some));
                if (some.length == 0) break;
            }
            file.sync();
        }
        disk.syncFolder(folder);
    }
}
