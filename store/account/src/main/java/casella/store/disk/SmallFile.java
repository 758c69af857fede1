package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small file of lines that is replaced as a whole, and either read whole or not at all.
///
/// ```text
/// casella-tail 1         what it is and its format
/// …lines…
/// crc32c 1a2b3c4d        of all bytes before this line
/// ```
///
/// @param first its first line
public record SmallFile(Disk disk, Path path, String first) {
    private static final String LAST = "crc32c ";
    private static final long BYTES_MAX = 1 << 20;

    /// Returns the lines between the first and the last; empty if there is no file or it is not whole.
    ///
    /// @throws IOException if the disk does not say
    public Optional<List<String>> read() throws IOException {
        try (Disk.File file = disk.open(path)) {
            long size = disk.size(path);
            if (size > BYTES_MAX) return Optional.empty();
            ByteBuffer into = ByteBuffer.allocate((int) size);
            while (into.hasRemaining() && file.read(into, into.position()) > 0) {
                // Until it is full or the file ends.
            }
            return lines(Arrays.copyOf(into.array(), into.position()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Optional<List<String>> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int last = text.lastIndexOf("\n" + LAST) + 1;
        if (last == 0 || !text.startsWith(first + "\n")) return Optional.empty();
        if (!text.substring(last).equals(LAST + sum(bytes, last) + "\n")) return Optional.empty();
        return Optional.of(text.substring(first.length() + 1, last).lines().toList());
    }

    private static String sum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return String.format("%08x", crc.getValue());
    }

    /// Replaces the file; on the disk when this returns.
    public void write(List<String> lines) throws IOException {
        var text = new StringBuilder(first).append('\n');
        for (String line : lines) text.append(line).append('\n');
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] end = (LAST + sum(body, body.length) + "\n").getBytes(StandardCharsets.US_ASCII);
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) throw new IOException("a file needs a folder");
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        disk.makeFolder(folder);
        disk.delete(fresh);
        try (Disk.File file = disk.create(fresh)) {
            file.append(ByteBuffer.wrap(body));
            file.append(ByteBuffer.wrap(end));
            file.sync();
        }
        disk.rename(fresh, path);
        disk.syncFolder(folder);
    }
}
