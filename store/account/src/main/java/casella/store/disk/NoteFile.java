package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A small file of fixed length that is written over in place and never synced: what is written is in the page cache,
/// outlives the process, and is nowhere else before the machine writes it back. For evidence, never for what must be kept:
/// nothing says when, or whether, it is on the disk.
///
/// Calls block and may hang as long as a disk hangs: one thread of a `Bulkhead` makes them.
public final class NoteFile implements AutoCloseable {
    private final FileChannel channel;
    private final byte[] known;

    private NoteFile(FileChannel channel, byte[] known) {
        this.channel = channel;
        this.known = known;
    }

    /// Opens a file of `length` bytes, which is made of zeros where it is not there with that length.
    public static NoteFile open(Path path, int length) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() == length) return new NoteFile(channel, read(channel, length));
            channel.truncate(0);
            var file = new NoteFile(channel, new byte[0]);
            file.write(ByteBuffer.allocate(length), 0);
            return file;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static byte[] read(FileChannel channel, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, bytes.position()) < 0) return new byte[0];
        }
        return bytes.array();
    }

    /// Returns what it held when it was opened; empty if it was not there with that length.
    public byte[] known() {
        return known.clone();
    }

    /// Writes all that remains in `bytes` at `position`.
    public void write(ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) at += channel.write(bytes, at);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
