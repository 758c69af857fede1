package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves that the process starts, is reached by commands, ends cleanly when asked, and starts again after it was killed.
class ProcessTest {
    @TempDir Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private Process run(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "casella.server.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err.txt").toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process serve() throws IOException {
        Path config = folder.resolve("c.yaml");
        var yaml = new StringBuilder("listen:\n");
        for (String port : List.of(
                "smtp", "submission", "submission-tls", "lmtp", "imap", "imap-tls", "pop3", "pop3-tls", "managesieve",
                "http", "operations")) {
            yaml.append("  ").append(port).append(": 0\n");
        }
        Files.writeString(config, yaml);
        return run("serve", "--config", config.toString(), "--data", "d");
    }

    private String firstLine(Process process) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        assertThat(line).as(Files.readString(folder.resolve("err.txt"))).isNotNull();
        return line;
    }

    @Test
    void itServesUntilItIsAskedToEndAndThenEndsCleanly() throws Exception {
        Process server = serve();
        assertThat(firstLine(server)).startsWith("Casella is ready").contains("operations=");

        Process add = run("brand", "add", "posta", "--data", "d");
        assertThat(add.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(add.exitValue()).isZero();
        Process second = run("serve", "--data", "d");
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);

        server.destroy(); // SIGTERM
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(Files.exists(folder.resolve("d/run/control.sock"))).isFalse();
        assertThat(Files.exists(folder.resolve("d/directory/directory.snapshot"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "tls.certificate, 'tls: {certificate: none.pem, key: none.key}'",
        "listen.host, 'listen: {host: 300.1.1.1}'",
        "dns.zone-file, 'dns: {zone-file: none.zone}'"
    })
    void whatCannotBeUsedIsNamedByItsKey(String key, String yaml) throws Exception {
        Path config = Files.writeString(folder.resolve("c.yaml"), yaml + "\n");

        Process server = run("serve", "--config", config.toString(), "--data", "d");

        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err.txt"))).contains("casella: " + key + ": ");
    }

    @Test
    void afterBeingKilledItStartsOnWhatWasAcknowledged() throws Exception {
        Process first = serve();
        firstLine(first);
        Process add = run("brand", "add", "posta", "--data", "d");
        assertThat(add.waitFor()).isZero();

        first.destroyForcibly().waitFor();
        assertThat(Files.exists(folder.resolve("d/run/control.sock"))).isTrue();

        firstLine(serve());
        Process list = run("brand", "list", "--data", "d");
        assertThat(new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("posta");
        assertThat(list.waitFor()).isZero();
    }
}
