package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Deadline;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a vault of plain files that joins a running history gets a copy of all of it, that an account comes back
/// from it alone, and that what it holds can be proven with a signature.
final class ThirdVaultTest {
    private static final String ANNA = "anna@posta.example";
    private static final Duration TIME = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path config;

    private record Result(int code, String out, String err) {}

    @BeforeEach
    void configure() throws IOException {
        config = folder.resolve("casella.yaml");
        // All three: what the end of a process archives last may else be owed by the slowest, which is this one.
        Files.writeString(config, "store: {vaults: [pack, rocksdb, files], copies: 3, ack: 3}\n");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Result casella(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var where = Stream.of("--data", data().toString(), "--config", config.toString());
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), folder),
                new Server(),
                Stream.concat(Stream.of(arguments), where).toArray(String[]::new));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void done(Result result) {
        assertThat(result.code()).as(result.out() + result.err()).isZero();
    }

    private static void deliver(RunningServer server, int number) throws IOException {
        String mail = "Subject: numero " + number + "\r\n\r\n" + "riga\r\n".repeat(number + 1);
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            String reply = client.deliver("x@test.example", ANNA, mail.getBytes(StandardCharsets.UTF_8));
            assertThat(reply).startsWith("250");
        }
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            return client.bodies("INBOX");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /// Waits until every vault has every mail and the whole journal.
    private void wholeEverywhere() {
        Deadline deadline = Deadline.in(TIME);
        Result verified = casella("verify", "--all");
        while (verified.code() != 0 && !deadline.over()) verified = casella("verify", "--all");
        done(verified);
    }

    @Test
    void anAccountComesBackFromPlainFilesAlone() throws Exception {
        try (var server = RunningServer.start(data())) {
            for (int i = 0; i < 3; i++) deliver(server, i);
            assertThat(server.stop()).isZero();
        }
        SortedMap<Long, byte[]> bodies;
        try (var server = RunningServer.serve(data(), config)) {
            for (int i = 3; i < 6; i++) deliver(server, i);
            wholeEverywhere();
            bodies = bodies(server);
            done(casella("export", ANNA, "--to", folder.resolve("one").toString(), "--from", "pack"));
            proven(server);
            assertThat(server.stop()).isZero();
        }
        try (Stream<Path> files = Files.walk(data().resolve("vaults/files/accounts"))) {
            assertThat(files.filter(path -> path.toString().endsWith(".eml"))).hasSizeGreaterThanOrEqualTo(6);
        }

        for (String part : List.of("engine", "tail", "vaults/pack", "vaults/rocksdb")) delete(data()
                .resolve(part));

        done(casella("export", ANNA, "--to", folder.resolve("two").toString(), "--from", "files"));
        for (String file : List.of("INBOX.mbox", "messages.jsonl")) {
            assertThat(folder.resolve("two").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
        }
        done(casella("rebuild", "--all", "--from", "files"));
        try (var server = RunningServer.serve(data(), config)) {
            SortedMap<Long, byte[]> after = bodies(server);
            assertThat(after.keySet()).isEqualTo(bodies.keySet());
            bodies.forEach((uid, bytes) -> assertThat(after.get(uid)).as("uid %d", uid).isEqualTo(bytes));
            assertThat(server.stop()).isZero();
        }
    }

    private void proven(RunningServer server) throws Exception {
        Path file = folder.resolve("anna.proof.json");
        Result proof = casella("proof", ANNA, "--to", file.toString());
        done(proof);
        assertThat(proof.out()).contains("(" + ANNA + ")", "vault files: ", "nothing is wrong");
        Result checked = casella("proof", "check", file.toString());
        done(checked);
        assertThat(checked.out()).startsWith("signed by ").contains(proof.out());

        Result key = casella("proof", "--key");
        done(key);
        Path published = folder.resolve("published.pub");
        Files.writeString(published, key.out());
        done(casella("proof", "check", file.toString(), "--key", published.toString()));
        String id = checked.out().lines().findFirst().orElseThrow().substring("signed by ".length());
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.port("operations") + "/api/keys");
            String keys = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
            assertThat(keys).contains("\"crv\":\"Ed25519\"", "\"kid\":\"" + id + "\"");
        }

        String text = Files.readString(file);
        int at = text.indexOf("\"payload\" : \"") + 40;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
        Result changed = casella("proof", "check", file.toString());
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.err()).contains("Signature is wrong");
        assertThat(casella("proof").code()).isEqualTo(2);
        assertThat(casella("proof", ANNA, "--to", file.toString()).code())
                .isEqualTo(1); // nothing is written over
    }
}
