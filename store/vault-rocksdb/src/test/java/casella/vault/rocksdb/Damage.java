package casella.vault.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// What disks do to files, in place and while they are open.
final class Damage {
    private Damage() {}

    /// Returns the files below `folder` whose name contains `part`, in path order.
    static List<Path> files(Path folder, String part) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Overwrites with other bytes: the same file, the same length.
    static void garbage(Path file, Random random) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] bytes = new byte[(int) channel.size()];
            random.nextBytes(bytes);
            channel.write(ByteBuffer.wrap(bytes));
        } catch (NoSuchFileException e) {
            // Replaced meanwhile by the database; then there is nothing to damage.
        }
    }

    /// Leaves the first `part` of a hundred.
    static void truncate(Path file, int part) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() * part / 100);
        } catch (NoSuchFileException e) {
            // Replaced meanwhile by the database; then there is nothing to damage.
        }
    }

    static void flip(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) return;
        int bit = random.nextInt(bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }
}
