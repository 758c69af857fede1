package casella.server.control;

import casella.server.config.DataConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A data folder held by this process: nobody else opens anything in it until it is closed.
///
/// The lock is the operating system's, on `run/lock`; it ends with the process however that ends. The file says the
/// process id for people.
public final class DataFolder implements AutoCloseable {
    private final DataConfig layout;
    private final FileChannel channel;

    private DataFolder(DataConfig layout, FileChannel channel) {
        this.layout = layout;
        this.channel = channel;
    }

    /// What came of taking a folder.
    public sealed interface Taken {
        record Held(DataFolder folder) implements Taken {}

        /// @param process id of the process that has it, 0 if it did not say
        record Busy(long process) implements Taken {}
    }

    /// Makes the folders of `layout` (mode 0700 where they are new) and takes the lock.
    ///
    /// @throws UncheckedIOException if a folder cannot be made or written, or a newer version wrote it: then nothing in it
    ///         was touched
    public static Taken take(DataConfig layout) {
        try {
            boolean known = FolderFormat.check(layout.folder());
            for (Path folder : folders(layout)) make(folder);
            Path file = layout.run().resolve("lock");
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                long process = process(channel);
                channel.close();
                return new Taken.Busy(process);
            }
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            if (!known) FolderFormat.write(layout.folder());
            return new Taken.Held(new DataFolder(layout, channel));
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder cannot be used: " + e.getMessage(), e);
        }
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(
            FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process has it
        }
    }

    private static long process(FileChannel channel) {
        try {
            var bytes = ByteBuffer.allocate(32);
            int length = channel.read(bytes, 0);
            return Long.parseLong(new String(bytes.array(), 0, Math.max(0, length),
                    StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static List<Path> folders(DataConfig layout) {
        return List.of(
                layout.folder(), layout.engine(), layout.tail(), layout.pack(), layout.rocksdb(),
                        layout.directory(),
                layout.queue(), layout.keys(), layout.search(), layout.registry(), layout.desk(),
                layout.run());
    }

    private static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        Files.createDirectories(folder);
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /// Makes a folder that only this user may enter, where there is none.
    ///
    /// @throws UncheckedIOException if it cannot be made
    public static void makePrivate(Path folder) {
        try {
            make(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("A folder cannot be made: " + e.getMessage(), e);
        }
    }

    /// Returns where everything is.
    public DataConfig layout() {
        return layout;
    }

    /// Returns where the server of this folder listens for orders.
    public static Path socket(DataConfig layout) {
        return layout.run().resolve("control.sock");
    }

    /// Gives the folder back.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock cannot be given back", e);
        }
    }
}
