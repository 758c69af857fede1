package casella.server.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A way to a socket whose own path is longer than a socket's name may be (108 bytes on Linux, 104 elsewhere): by a
/// link to its folder, which is only there while the socket is bound or connected to.
///
/// @param path what to bind or connect to
/// @param link the link, in a folder of its own; the path itself where none was needed
record ShortPath(Path path, Path link) implements AutoCloseable {
    private static final int BYTES_MAX = 100;

    /// @throws IOException if no link can be made
    static ShortPath to(Path path) throws IOException {
        if (fits(path)) return new ShortPath(path, path);
        Path whole = path.toAbsolutePath();
        Path link = Files.createTempDirectory("casella").resolve("run");
        try {
            Files.createSymbolicLink(link, whole.getParent());
        } catch (UnsupportedOperationException e) {
            Files.delete(link.getParent());
            throw new IOException("data.run: the path of control.sock must be at most 100 bytes", e);
        }
        return new ShortPath(link.resolve(whole.getFileName()), link);
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    }

    @Override
    public void close() throws IOException {
        if (link.equals(path)) return;
        Files.delete(link);
        Files.delete(link.getParent());
    }
}
