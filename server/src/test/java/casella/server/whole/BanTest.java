package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that who guesses at one port is shut out of every other, over a restart, until an operator lets him in.
@Tag("long")
final class BanTest {
    @TempDir
    private Path folder;

    @Test
    void whoGuessesAtOnePortIsShutOutOfAll() throws Exception {
        Path data = folder.resolve("data");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        Path config = Files.writeString(folder.resolve("casella.yaml"), """
                access: {plain-login-on-loopback: yes, throttle-loopback: yes, failures-max: 0, ban-points: 5}
                """);
        try (var server = RunningServer.serve(data, config)) {
            try (var imap = new LineClient(server.port("imap"))) {
                imap.line();
                for (int i = 0; i < 5; i++) imap.command("a" + i, "LOGIN anna@posta.example guess" + i);
            }
            for (String port : List.of("imap", "pop3", "smtp", "submission")) {
                assertThat(greeting(server.port(port))).as(port)
                        .contains("Too much was tried from your network");
            }
            assertThat(casella(data, "ban", "list")).contains("127.0.0.1/32", "log-ins", "1 networks");
            assertThat(server.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config)) {
            assertThat(greeting(server.port("imap"))).as("a restart is no way out")
                    .contains("Too much was tried");
            assertThat(casella(data, "ban", "lift", "127.0.0.1")).contains("is let in again");
            assertThat(greeting(server.port("imap"))).startsWith("* OK");
            assertThat(server.stop()).isZero();
        }
    }

    private static String greeting(int port) throws IOException {
        try (var client = new LineClient(port)) {
            return client.line();
        }
    }

    private static String casella(Path data, String... order) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(out), Map.of(), data);
        List<String> words = new ArrayList<>(List.of(order));
        words.addAll(List.of("--data", data.toString()));
        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(Cli.run(terminal, new Server(), words.toArray(String[]::new))).as(said).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
