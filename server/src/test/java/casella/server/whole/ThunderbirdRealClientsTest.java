package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that Thunderbird can be used: without a screen it lists folders, opens the inbox, reads, flags, moves, deletes and
/// sends, and imaplib sees what became of it.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
@Tag("long")
final class ThunderbirdRealClientsTest {
    private static final Path SCRIPT =
            Path.of(System.getProperty("casella.root"), "server/src/test/python/thunderbird.py");

    @Test
    void mailIsReadFlaggedMovedDeletedAndSent(@TempDir Path folder) throws Exception {
        try (var server = RunningServer.start(folder.resolve("data"))) {
            String said = run(folder, "" + server.port("imap"), "" + server.port("submission"));
            assertThat(said).contains("\nsends\n").contains("\nkeeps what it sent\n");
            assertThat(server.log()).doesNotContain("Exception").doesNotContain(" ERROR ");
        }
    }

    private static String run(Path folder, String imap, String submission) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder("python3", SCRIPT.toString(), imap, submission)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(8, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
