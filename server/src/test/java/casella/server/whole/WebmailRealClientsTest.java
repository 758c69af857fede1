package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that owners can use the webmail: the browser suite of `web/` runs in real Chromium against a whole server.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class WebmailRealClientsTest {
    private static final File WEB = Path.of(System.getProperty("casella.root"), "web").toFile();

    @Test
    void theBrowserSuitePassesAgainstAWholeServer(@TempDir Path folder) throws Exception {
        if (!new File(WEB, "node_modules/.package-lock.json").exists()) run(folder, "", List.of("npm", "ci"));
        if (!new File(WEB, "mail/dist/index.html").exists()) run(folder, "", List.of("npm", "run", "build"));
        try (var server = RunningServer.start(folder.resolve("data"))) {
            String said = run(folder, "http://127.0.0.1:" + server.port("http"), List.of("npm", "run", "e2e"));
            assertThat(said).containsPattern("(?m)^[1-9][0-9]* passed, 0 failed$");
        }
    }

    private static String run(Path folder, String url, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command).directory(WEB).redirectErrorStream(true).redirectOutput(output.toFile());
        if (!url.isEmpty()) builder.environment().put("CASELLA_URL", url);
        Process process = builder.start();
        boolean ended = process.waitFor(6, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
