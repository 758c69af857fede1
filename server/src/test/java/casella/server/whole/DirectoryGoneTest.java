package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Launch;
import casella.server.Server;
import casella.server.config.Config;
import casella.server.control.DataFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a server whose directory is gone, database and snapshot, does not start as if nobody had ever been there:
/// mail would be refused for good. With a copy put back everything is as it was.
final class DirectoryGoneTest {
    private static final String ANNA = "anna@posta.example";

    /// Starts in this process; a server that comes up is closed again, and then nothing was said.
    private static String refused(Path data) throws Exception {
        var config = (Config.Loaded.Good) Config.text("", new Config.Overrides(data, 0));
        var held = (DataFolder.Taken.Held) DataFolder.take(config.config().data());
        try (DataFolder taken = held.folder();
                AutoCloseable running = new Server().start(config.config(), taken, false)) {
            return "served: " + running;
        } catch (Launch.StartFailed e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void anEmptyDirectoryOverAFullStoreIsNotServed(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            deliver(server);
            assertThat(server.stop()).isZero();
        }
        Path away = folder.resolve("away");
        Files.move(data.resolve("directory"), away);

        String said = refused(data);

        assertThat(said).contains("The directory is empty").contains(data.resolve("directory").toString());
        try (Stream<Path> made = Files.list(data.resolve("directory"))) {
            for (Path file : made.toList()) Files.delete(file);
        }
        Files.delete(data.resolve("directory"));
        Files.move(away, data.resolve("directory"));
        try (var server = RunningServer.start(data)) {
            deliver(server);
            assertThat(server.stop()).isZero();
        }
    }

    private static void deliver(RunningServer server) throws Exception {
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            byte[] mail = "Subject: uno\r\n\r\nriga\r\n".getBytes(StandardCharsets.UTF_8);
            assertThat(lmtp.deliver("x@test.example", ANNA, mail)).startsWith("250");
        }
    }
}
