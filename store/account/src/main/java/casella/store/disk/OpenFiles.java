package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/// Files kept open for reading, at most so many; one more is opened for each read and closed again.
///
/// Never written through. Safe from any thread that may block.
public final class OpenFiles implements AutoCloseable {
    /// One read call asks for at most this: the JDK keeps a direct buffer of that size for each reading thread.
    private static final int READ_BYTES_MAX = 256 << 10;

    private final Disk disk;
    private final int filesMax;
    private final ConcurrentHashMap<Path, Disk.File> files = new ConcurrentHashMap<>();

    public OpenFiles(Disk disk, int filesMax) {
        this.disk = disk;
        this.filesMax = filesMax;
    }

    /// Returns `length` bytes of the file from `position` on, fewer if it ends before.
    public byte[] read(Path path, long position, int length) throws IOException {
        Disk.File file = files.get(path);
        if (file != null) return read(file, position, length);
        file = disk.open(path);
        if (files.size() < filesMax && files.putIfAbsent(path, file) == null) return read(file, position, length);
        try (Disk.File once = file) {
            return read(once, position, length);
        }
    }

    /// Returns `length` bytes of `file` from `position` on, fewer if it ends before.
    public static byte[] read(Disk.File file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = fill(file, position, bytes, length);
        return filled == length ? bytes : Arrays.copyOf(bytes, filled);
    }

    /// Fills `bytes` up to `length` and returns how many came: fewer only at the file's end.
    public static int fill(Disk.File file, long position, byte[] bytes, int length) throws IOException {
        int filled = 0;
        while (filled < length) {
            int ask = Math.min(length - filled, READ_BYTES_MAX);
            int came = file.read(ByteBuffer.wrap(bytes, filled, ask), position + filled);
            if (came < 0) break;
            filled += came;
        }
        return filled;
    }

    /// Closes one file, for example before it is deleted. A read of it that is running may fail.
    public void close(Path path) throws IOException {
        Disk.File file = files.remove(path);
        if (file != null) file.close();
    }

    @Override
    public void close() throws IOException {
        for (Path path : files.keySet()) close(path);
    }
}
