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
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an owner's deleted mail is listed and had back by command, beside a running server and without
/// one.
final class RestoreTest {
    private static final String ANNA = "anna@posta.example";

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data",
                data.toString())).toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data),
                new Server(),
                all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void expungeAll(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            client.command("a1", "SELECT INBOX");
            client.command("a2", "UID STORE 1:* +FLAGS.SILENT (\\Deleted)");
            assertThat(client.command("a3", "EXPUNGE").getLast()).startsWith("a3 OK");
        }
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            return client.bodies("INBOX");
        }
    }

    @Test
    void whatWasExpungedComesBackByteForByte(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        SortedMap<Long, byte[]> before;
        String then;
        try (var server = RunningServer.start(data)) {
            String mail = "Subject: da riavere\r\n\r\nriga\r\n";
            try (var client = LineClient.lmtp(server.port("lmtp"))) {
                assertThat(client.deliver("x@test.example", ANNA,
                        mail.getBytes(StandardCharsets.UTF_8))).startsWith("250");
            }
            before = bodies(server);
            then = Instant.now().toString();
            expungeAll(server);
            assertThat(bodies(server)).isEmpty();
            Result list = casella(data, "restore", ANNA, "--list");
            assertThat(list.code()).as(list.out() + list.err()).isZero();
            assertThat(list.out()).contains("da riavere");
            String id = list.out().lines().filter(line ->
                    line.contains("da riavere")).findFirst().orElseThrow().substring(0, 26);

            Result one = casella(data, "restore", ANNA, "--email", id);

            assertThat(one.code()).as(one.out() + one.err()).isZero();
            assertThat(bodies(server)).hasSize(1);
            assertThat(bodies(server).firstKey()).isGreaterThan(before.lastKey());
            assertThat(server.stop()).isZero();
        }
        Result all = casella(data, "restore", ANNA, "--as-of", then);
        assertThat(all.code()).as(all.out() + all.err()).isZero();
        assertThat(all.out()).contains("missing 0");
        assertThat(casella(data, "restore", ANNA, "--folder", "Mai", "--as-of", then).code()).isEqualTo(1);
        assertThat(casella(data, "restore", ANNA).code()).isEqualTo(2);
        assertThat(casella(data, "restore", ANNA, "--as-of", "gestern").code()).isEqualTo(1);
        try (var server = RunningServer.start(data)) {
            assertThat(bodies(server).values()).containsExactlyInAnyOrderElementsOf(before.values());
        }
    }
}
