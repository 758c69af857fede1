package casella.vault.files;

import casella.base.Sha256;
import casella.store.disk.Disk;
import casella.store.disk.OpenFiles;
import casella.store.vault.ObjectName;
import casella.vault.files.FileHead.Damaged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/// A file open for reading, its text read and checked.
final class OneFile implements AutoCloseable {
    /// Enough for the text of nearly every mail, and for small mails whole.
    private static final int FIRST_READ = 4_096;

    private final Disk.File file;
    private final FileHead head;

    private OneFile(Disk.File file, FileHead head) {
        this.file = file;
        this.head = head;
    }

    /// @throws java.nio.file.NoSuchFileException if there is none
    /// @throws Damaged if it is not `name`'s, or not as long as it says
    static OneFile open(Disk disk, Path path, ObjectName name) throws IOException, Damaged {
        Disk.File file = disk.open(path);
        try {
            byte[] start = new byte[FIRST_READ];
            int came = OpenFiles.fill(file, 0, start, start.length);
            FileHead head = FileHead.parse(name, start, came);
            if (head == null) {
                start = new byte[FileHead.BYTES_MAX];
                came = OpenFiles.fill(file, 0, start, start.length);
                head = FileHead.parse(name, start, came);
            }
            if (head == null) throw new Damaged("cut off");
            if (disk.size(path) != head.bytes() + head.contentLength()) throw new Damaged("length");
            return new OneFile(file, head);
        } catch (IOException | Damaged | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    FileHead head() {
        return head;
    }

    /// Returns the content from `from` on, unchecked; fewer than `length` bytes only if the file became shorter.
    byte[] content(int from, int length) throws IOException {
        return OpenFiles.read(file, head.bytes() + (long) from, length);
    }

    /// Reads it whole and compares it with the hash in its name.
    void check() throws IOException, Damaged {
        var digest = Sha256.digest();
        byte[] some = new byte[Math.min(head.contentLength(), 256 << 10)];
        for (int at = 0; at < head.contentLength(); at += some.length) {
            int ask = Math.min(some.length, head.contentLength() - at);
            if (OpenFiles.fill(file, head.bytes() + (long) at, some, ask) < ask) throw new Damaged("length");
            digest.update(some, 0, ask);
        }
        if (!Sha256.wrap(digest.digest()).equals(head.name().hash())) throw new Damaged("hash");
    }

    /// Returns `length` bytes of the stored object from `from` on, fewer at its end. All of a content that is asked for
    /// whole is checked; what is asked for in part is checked by the caller, chunk by chunk.
    byte[] object(long from, int length) throws IOException, Damaged {
        byte[] front = head.objectHead();
        long end = Math.min(head.objectBytes(), from + length);
        if (end <= from) return new byte[0];
        ByteBuffer out = ByteBuffer.allocate((int) (end - from));
        if (from < front.length) out.put(front, (int) from, (int) (Math.min(front.length, end) - from));
        if (end > front.length) {
            int at = (int) Math.max(0, from - front.length);
            byte[] content = content(at, out.remaining());
            if (content.length < out.remaining()) throw new Damaged("length");
            boolean whole = content.length == head.contentLength();
            if (whole && !Sha256.of(content).equals(head.name().hash())) throw new Damaged("hash");
            out.put(content);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
