package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares a page with the one checked in. `-Dgolden=rewrite` writes what came instead; the reviewer reads the diff.
public final class Golden {
    private Golden() {}

    /// @param page path from the root of the project
    public static void compare(String page, String now) {
        Path file = Path.of(System.getProperty("casella.root", "..")).resolve(page);
        try {
            if ("rewrite".equals(System.getProperty("golden"))) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, now);
            }
            assertThat(Files.exists(file) ? Files.readString(file) : "")
                    .as(page + " (run the test with -Dgolden=rewrite and read the diff)")
                    .isEqualTo(now);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
