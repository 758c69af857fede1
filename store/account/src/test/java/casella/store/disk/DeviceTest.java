package casella.store.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a folder that is not there is told to be on the file system it would be on, and one of another apart.
final class DeviceTest {
    private final Disk disk = Disk.real();

    @Test
    void aFolderThatIsNotThereIsOnTheFileSystemOfTheFolderAbove(@TempDir Path folder) throws IOException {
        assertThat(disk.device(folder.resolve("gone/too"))).isEqualTo(disk.device(folder));
        Path other = Path.of("/proc");
        if (Files.isDirectory(other)) assertThat(disk.device(other)).isNotEqualTo(disk.device(folder));
    }
}
