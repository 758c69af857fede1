package casella.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The machine's disk, through `FileChannel`.
final class RealDisk implements Disk {
    private static final int WRITE_BYTES_MAX = 1 << 20;

    private record OpenFile(FileChannel channel) implements File {
        @Override
        public void append(ByteBuffer bytes) throws IOException {
            // At the channel's own position and not O_APPEND: if somebody truncates the file under us, the places we
            // have told stay right.
            while (bytes.hasRemaining()) {
                // The JDK keeps a direct buffer for each thread as large as the largest heap buffer it ever wrote.
                int some = Math.min(bytes.remaining(), WRITE_BYTES_MAX);
                int written = channel.write(bytes.slice(bytes.position(), some));
                bytes.position(bytes.position() + written);
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public File create(Path path) throws IOException {
        return new OpenFile(
                FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public File open(Path path) throws IOException {
        return new OpenFile(FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public long size(Path path) throws IOException {
        return Files.size(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (@Nullable Path at = folder.toAbsolutePath(); at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        for (Path path : missing) {
            Files.createDirectories(path);
            Path parent = path.getParent();
            if (parent != null) syncFolder(parent);
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long device(Path folder) throws IOException {
        for (@Nullable Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            try {
                return ((Number) Files.getAttribute(at, "unix:dev")).longValue();
            } catch (NoSuchFileException e) {
                // then the folder above
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                return 0; // a system without such numbers
            }
        }
        return 0;
    }

    @Override
    public void forgetCached(Path path) {
        PageCache.forget(path);
    }

    @Override
    public Space space(Path folder) throws IOException {
        // Not through FileStore, which reads the table of mounts each time.
        java.io.File file = folder.toFile();
        long total = file.getTotalSpace();
        if (total == 0) throw new IOException("size of the file system unknown");
        return new Space(file.getUsableSpace(), total);
    }
}
