package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A small file in memory: what is written there outlives the process, and is nowhere else before the machine writes it
/// back. For evidence, never for what must be kept: nothing says when, or whether, it is on the disk.
///
/// @param known whether it was there with that length
public record MappedFile(MappedByteBuffer bytes, boolean known) {
    /// Maps a file of `length` bytes, which is made of zeros where it is not there with that length. Blocks on files.
    public static MappedFile open(Path path, int length) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            boolean known = channel.size() == length;
            // Its blocks are there before it is mapped: a full disk would else end the process that writes.
            if (!known) {
                channel.truncate(0);
                channel.write(ByteBuffer.allocate(length), 0);
            }
            return new MappedFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, length), known);
        }
    }
}
