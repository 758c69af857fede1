package casella.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.queue.LocalQueue;
import casella.queue.QueueLimits;
import casella.server.config.DataConfig;
import casella.server.control.DataFolder;
import casella.store.disk.Disk;
import casella.store.tail.Tail;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what a newer version wrote is refused with a clear sentence, and that nothing in it is touched.
final class NewerFormatsTest {
    private static final Path KEPT =
            Path.of(System.getProperty("casella.root", "."), "testdata/format/v1/data").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private DataConfig data;

    @BeforeEach
    void copy() throws IOException {
        data = DataConfig.of(folder);
        try (Stream<Path> all = Files.walk(KEPT)) {
            for (Path path : all.toList()) {
                Path target = folder.resolve(KEPT.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(target);
                else Files.copy(path, target);
            }
        }
    }

    /// Every file with the hash of its bytes.
    private static Map<String, Sha256> files(Path folder) throws IOException {
        var found = new TreeMap<String, Sha256>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                found.put(folder.relativize(path).toString(), Sha256.of(Files.readAllBytes(path)));
            }
        }
        return found;
    }

    /// Makes the newest segment of a log one of format 2, whole in every other way.
    private static void newerSegment(Path log) throws IOException {
        String name = Disk.real().list(log).stream().filter(file -> file.endsWith(".seg"))
                .reduce((_, last) -> last).orElseThrow();
        byte[] bytes = Files.readAllBytes(log.resolve(name));
        var crc = new CRC32C();
        ByteBuffer.wrap(bytes).putShort(4, (short) 2);
        crc.update(bytes, 0, 60);
        ByteBuffer.wrap(bytes).putInt(60, (int) crc.getValue());
        Files.write(log.resolve(name), bytes);
    }

    private interface Opening {
        AutoCloseable open();
    }

    private static void refused(Path part, Opening opening) throws Exception {
        Map<String, Sha256> before = files(part);
        assertThatThrownBy(() -> {
            try (var _ = opening.open()) {
                throw new AssertionError("opened: " + part);
            }
        }).isInstanceOf(Fault.Corrupt.class).hasMessageContaining("newer version");
        assertThat(files(part)).isEqualTo(before);
    }

    @Test
    void aWholeFolder() throws IOException {
        Files.writeString(folder.resolve("format.txt"),
                "Casella data folder, format 5\nand what else it says\n");
        Map<String, Sha256> before = files(folder);

        assertThatThrownBy(() -> DataFolder.take(data))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("written by a newer version (format 5; this version reads 4)");

        assertThat(files(folder)).isEqualTo(before);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aFolderThatSaysNothingIsOfTheFirstFormatAndSaysItThen() throws IOException {
        Files.deleteIfExists(folder.resolve("format.txt"));

        var held = (DataFolder.Taken.Held) DataFolder.take(data);

        held.folder().close();
        assertThat(folder.resolve("format.txt")).hasContent("Casella data folder, format 4\n");
        Files.writeString(folder.resolve("format.txt"), "garbage");
        assertThatThrownBy(() -> DataFolder.take(data)).hasMessageContaining("is not what a server wrote");
    }

    @Test
    void aSegmentOfTheTail() throws Exception {
        newerSegment(data.tail());
        refused(data.tail(), () -> Tail.open(data.tail()));
    }

    @Test
    void aSegmentOfThePackVault() throws Exception {
        newerSegment(data.pack());
        refused(data.pack(), () -> PackVault.open("pack", data.pack()));
    }

    @Test
    void aSegmentOfTheQueue() throws Exception {
        newerSegment(data.queue());
        for (String index : Disk.real().list(data.queue())) {
            if (index.startsWith("queue.db")) Files.delete(data.queue().resolve(index)); // derived
        }
        Map<String, Sha256> before = files(data.queue());
        assertThatThrownBy(() -> {
            try (var _ = LocalQueue.open(data.queue(), QueueLimits.DEFAULT, Clock.system(), Metrics.none())) {
                throw new AssertionError("opened");
            }
        }).isInstanceOf(Fault.Corrupt.class).hasMessageContaining("newer version");
        Map<String, Sha256> after = files(data.queue());
        after.keySet().removeIf(file -> file.startsWith("queue.db"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void theFilesVault() throws Exception {
        Files.writeString(data.files().resolve("README.txt"), "Casella files vault, format 2\n");
        refused(data.files(), () -> FilesVault.open("files", data.files()));
    }
}
