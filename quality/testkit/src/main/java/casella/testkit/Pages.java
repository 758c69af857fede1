package casella.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// What the operating system's memory holds of files.
public final class Pages {
    private Pages() {}

    /// Says whether memory holds all of a file.
    public static boolean loaded(Path file) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena).isLoaded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Says whether files there can be forgotten: on Linux, where the file system is not memory itself.
    public static boolean forgettable(Path folder) throws IOException {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        return linux && !Files.getFileStore(folder).type().equals("tmpfs");
    }

    /// Returns the files below `folder` whose names end so, of at least so many bytes; all are read into memory.
    public static List<Path> read(Path folder, String suffix, int bytesMin) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(file ->
                            file.toString().endsWith(suffix) && file.toFile().length() >= bytesMin)
                    .toList();
            for (Path file : files) Files.readAllBytes(file);
            return files;
        }
    }
}
