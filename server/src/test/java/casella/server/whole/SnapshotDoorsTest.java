package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a server whose directory is an older snapshot says "not now" at every door of what is newer than it, and
/// serves what the snapshot knows.
final class SnapshotDoorsTest {
    private static final String ANNA = "anna@posta.example";
    private static final String DORA = "dora@nuova.example";
    private static final List<String> SNAPSHOT = List.of("directory.snapshot", "directory.snapshot.seals");
    private static final byte[] MAIL = "Subject: prova\r\n\r\nriga\r\n".getBytes(StandardCharsets.US_ASCII);

    private Path data = Path.of("");

    private void casella(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var terminal = new Terminal(in, print, print, Map.of(), data);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    }

    /// Leaves a damaged database, and a snapshot from before dora's domain and dora.
    private Path damaged(Path folder) throws IOException {
        data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("casella.yaml"), "\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        Path directory = data.resolve("directory");
        for (String name : SNAPSHOT) Files.copy(directory.resolve(name), folder.resolve(name));
        casella("", "brand", "domain", "add", "posta", "nuova.example");
        casella("casella\n", "account", "add", DORA, "--password-stdin");
        for (String name : SNAPSHOT) {
            Files.copy(folder.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(directory.resolve("directory.snapshot.previous"));
        Files.writeString(directory.resolve("directory.db"), "not a database");
        return config;
    }

    @Test
    void whatIsNewerThanTheSnapshotIsNotRefusedForGood(@TempDir Path folder) throws Exception {
        Path config = damaged(folder);
        try (var server = RunningServer.serve(data, config)) {
            try (var lmtp = LineClient.lmtp(server.port("lmtp"));
                    var smtp = new LineClient(server.port("smtp"))) {
                assertThat(lmtp.deliver("x@test.example", DORA, MAIL)).startsWith("451 4.3.0");
                smtp.reply();
                smtp.send("EHLO test.example");
                smtp.reply();
                assertThat(smtp.deliver("x@test.example", DORA, MAIL)).startsWith("451 4.3.0");
                assertThat(smtp.deliver("x@test.example", ANNA, MAIL)).startsWith("250");
            }
            submission(server);
            try (var imap = new LineClient(server.port("imap"));
                    var pop3 = new LineClient(server.port("pop3"))) {
                imap.line();
                assertThat(imap.command("a", "LOGIN " + DORA + " casella").getLast()).startsWith("a NO [UNAVAILABLE]");
                // As one it does not know: who has an account is not told;
                // a password may be newer, too.
                assertThat(imap.command("b", "LOGIN " + ANNA + " wrong").getLast()).startsWith("b NO [UNAVAILABLE]");
                assertThat(imap.command("c", "LOGIN " + ANNA + " casella").getLast()).startsWith("c OK");
                pop3.line();
                pop3.send("USER " + DORA);
                pop3.line();
                pop3.send("PASS casella");
                assertThat(pop3.line()).startsWith("-ERR [SYS/TEMP]");
            }
            assertThat(jmap(server, DORA)).isEqualTo(503);
            assertThat(jmap(server, ANNA)).isEqualTo(200);
            assertThat(server.stop()).isZero();
        }
    }

    private static void submission(RunningServer server) throws IOException {
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            client.send("EHLO test.example");
            client.reply();
            client.send("AUTH PLAIN " + plain(DORA));
            assertThat(client.reply()).startsWith("454 4.7.0");
            client.send("AUTH PLAIN " + plain(ANNA));
            assertThat(client.reply()).startsWith("235");
            // Whose it is nobody can say now.
            assertThat(client.deliver(DORA, ANNA, MAIL)).startsWith("451 4.3.0");
            assertThat(client.deliver("bruno@virgola.example", ANNA, MAIL)).startsWith("553");
            assertThat(client.deliver(ANNA, ANNA, MAIL)).startsWith("250");
        }
    }

    private static String plain(String address) {
        return Base64.getEncoder().encodeToString(("\0" + address + "\0casella").getBytes(StandardCharsets.UTF_8));
    }

    private static int jmap(RunningServer server, String address) throws Exception {
        String login = Base64.getEncoder().encodeToString((address + ":casella").getBytes(StandardCharsets.UTF_8));
        try (HttpClient http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + "/jmap/session"))
                    .timeout(Duration.ofSeconds(60))
                    .header("X-Casella", "1")
                    .header("Authorization", "Basic " + login);
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
