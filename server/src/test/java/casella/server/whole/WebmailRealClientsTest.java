package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        if (!new File(WEB, "node_modules/.package-lock.json").exists()) run(folder, Map.of(), List.of("npm", "ci"));
        if (!new File(WEB, "mail/dist/index.html").exists()) run(folder, Map.of(), List.of("npm", "run", "build"));
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        // Accounts that a fault turned go back soon.
        Files.writeString(config, """
                store: {return-after: 1s}
                alerts: {relay: localhost:1, relay-tls: none, from: casella@posta.example, to: [carlo@posta.example]}
                incident: {second-addresses: yes}
                """);
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config)) {
            String said = run(folder, Map.of(
                    "CASELLA_URL", "http://127.0.0.1:" + server.port("http"),
                    "CASELLA_SMTP_PORT", String.valueOf(server.port("smtp")),
                    "CASELLA_COMMAND", command(folder, data)), List.of("npm", "run", "e2e"));
            assertThat(said).containsPattern("(?m)^[1-9][0-9]* passed, 0 failed$");
        }
    }

    /// Returns, as JSON, the words of a command that gives the server of `data` orders.
    private static String command(Path folder, Path data) throws IOException {
        Path script = folder.resolve("casella.sh");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(script, """
                exec %s -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED -cp '%s' casella.server.Main "$@" --data %s
                """.formatted(java, System.getProperty("java.class.path"), data));
        return "[\"sh\",\"" + script + "\"]";
    }

    private static String run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command).directory(WEB).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(6, TimeUnit.MINUTES);
        if (!ended) process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
