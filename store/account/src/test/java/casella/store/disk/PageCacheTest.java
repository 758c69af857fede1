package casella.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a file which was read is in memory, and is not any more once it is forgotten: the next read is of the disk.
final class PageCacheTest {
    private static final int BYTES = 4 << 20;

    @Test
    void aForgottenFileIsNotInMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bytes");
        Files.write(file, new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        assertThat(Files.readAllBytes(file)).hasSize(BYTES);
        assertThat(inMemory(file)).isTrue();

        boolean forgotten = PageCache.forget(file);

        // A file system that is memory itself has nothing to forget, and other systems cannot.
        boolean can = System.getProperty("os.name").equals("Linux");
        boolean memory = Files.getFileStore(file).type().equals("tmpfs");
        assertThat(forgotten).isEqualTo(can);
        assertThat(inMemory(file)).isEqualTo(!can || memory);
        assertThat(Files.readAllBytes(file)).hasSize(BYTES);
        assertThat(PageCache.forget(folder.resolve("none"))).isFalse();
    }

    private static boolean inMemory(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, BYTES, arena).isLoaded();
        }
    }
}
