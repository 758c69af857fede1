package casella.store.care;

import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Log;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small file of lines that is replaced as a whole, and either read whole or not at all. What it says is derived:
/// without it a survey or another pass finds the same.
///
/// ```text
/// casella-care 1
/// …lines…
/// crc32c 1a2b3c4d        of all bytes before this line
/// ```
///
/// Page: docs/formats/care.md.
public final class CareFile {
    private static final String FIRST = "casella-care 1";
    private static final String LAST = "crc32c ";
    private static final long BYTES_MAX = 512L << 20;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Disk disk;
    private final Path path;
    private final Bulkhead files;

    /// @param files the thread on which files are read and written
    public CareFile(Disk disk, Path path, Bulkhead files) {
        this.disk = disk;
        this.path = path;
        this.files = files;
    }

    /// Returns the lines, or nothing if there is no file or it is not whole.
    public Optional<List<String>> read() {
        return files.call(TIME, () -> {
            try {
                return lines(bytes());
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (IOException e) {
                Log.event(Event.CARE_FILE_UNREADABLE, e, "file", path.getFileName());
                return Optional.empty();
            }
        });
    }

    private byte[] bytes() throws IOException {
        try (Disk.File file = disk.open(path)) {
            long size = disk.size(path);
            if (size > BYTES_MAX) throw new IOException("file too long");
            ByteBuffer into = ByteBuffer.allocate((int) size);
            while (into.hasRemaining() && file.read(into, into.position()) > 0) {
                // Until it is full or the file ends.
            }
            return java.util.Arrays.copyOf(into.array(), into.position());
        }
    }

    private Optional<List<String>> lines(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int last = text.lastIndexOf("\n" + LAST) + 1;
        boolean whole = last > 0 && text.startsWith(FIRST + "\n");
        if (whole) whole = text.substring(last).equals(LAST + sum(bytes, last) + "\n");
        if (!whole) {
            Log.event(Event.CARE_FILE_UNREADABLE, "file", path.getFileName());
            return Optional.empty();
        }
        return Optional.of(text.substring(FIRST.length() + 1, last).lines().toList());
    }

    private static String sum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return String.format("%08x", crc.getValue());
    }

    /// Replaces the file. A failure is logged and harms nobody.
    public void write(Iterable<String> lines) {
        boolean _ = kept(lines, TIME);
    }

    /// Replaces the file, and says whether it is on the disk. A failure is logged.
    ///
    /// @param time after which it is not known whether it is
    /// @throws casella.base.Fault.Unavailable then
    public boolean kept(Iterable<String> lines, Duration time) {
        return files.call(time, () -> {
            var text = new StringBuilder(FIRST).append('\n');
            for (String line : lines) text.append(line).append('\n');
            byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
            byte[] end = (LAST + sum(body, body.length) + "\n").getBytes(StandardCharsets.US_ASCII);
            Path folder = path.toAbsolutePath().getParent();
            Path fresh = path.resolveSibling(path.getFileName() + ".new");
            try {
                if (folder != null) disk.makeFolder(folder);
                disk.delete(fresh);
                try (Disk.File file = disk.create(fresh)) {
                    file.append(ByteBuffer.wrap(body));
                    file.append(ByteBuffer.wrap(end));
                    file.sync();
                }
                disk.rename(fresh, path);
                if (folder != null) disk.syncFolder(folder);
            } catch (IOException e) {
                Log.event(Event.CARE_FILE_NOT_KEPT, e, "file", path.getFileName());
                return false;
            }
            return true;
        });
    }
}
