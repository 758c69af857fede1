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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that `verify`, `rebuild` and `export` say what is, beside a running server and without one, and with most of
/// what is stored gone.
final class ProofTest {
    private static final String ANNA = "anna@posta.example";

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString())).toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data),
                new Server(),
                all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void deliver(RunningServer server, int number) throws IOException {
        String mail = "Subject: numero " + number + "\r\n\r\nriga\r\nFrom qui\r\n>From là\r\n";
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            String reply = client.deliver("x@test.example", ANNA, mail.getBytes(StandardCharsets.UTF_8));
            assertThat(reply).startsWith("250");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    @Test
    void anAccountIsProvenRebuiltAndTakenAway(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            for (int i = 0; i < 5; i++) deliver(server, i);
            Result running = casella(data, "verify", ANNA, "--json");
            assertThat(running.code()).as(running.out() + running.err()).isZero();
            assertThat(running.out()).contains("\"problems\":[]");
            Result rebuilt = casella(data, "rebuild", ANNA, "--from", "pack");
            assertThat(rebuilt.code()).as(rebuilt.out() + rebuilt.err()).isZero();
            assertThat(rebuilt.out()).contains(ANNA + "  rebuilt");
            Result away = casella(data, "export", ANNA, "--to", folder.resolve("one").toString());
            assertThat(away.code()).as(away.out() + away.err()).isZero();
            assertThat(server.stop()).isZero();
        }
        Result stopped = casella(data, "verify", "--all");
        assertThat(stopped.code()).as(stopped.out() + stopped.err()).isZero();
        assertThat(stopped.out()).contains(ANNA + "  right").contains("wrong 0").doesNotContain("WRONG");
        assertThat(stopped.err()).contains("100 %").contains(" accounts").doesNotContain("rows");

        for (String part : List.of("engine", "tail", "vaults/pack")) delete(data.resolve(part));
        Result wrong = casella(data, "verify", "--all");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.out()).contains("engine: has no view").contains("vault pack").contains("repair:");

        Result two = casella(data, "export", ANNA, "--to", folder.resolve("two").toString(), "--from", "rocksdb");
        assertThat(two.code()).as(two.out() + two.err()).isZero();
        for (String file : List.of("INBOX.mbox", "messages.jsonl", "export.json")) {
            assertThat(folder.resolve("two").resolve(file)).hasSameBinaryContentAs(folder.resolve("one").resolve(file));
        }
        assertThat(Files.readString(folder.resolve("two/INBOX.mbox"))).contains("\r\n>From qui\r\n>>From là\r\n");

        Result again = casella(data, "rebuild", "--all", "--from", "rocksdb");
        assertThat(again.code()).as(again.out() + again.err()).isZero();
        Result resumed = casella(data, "rebuild", "--all", "--from", "rocksdb");
        assertThat(resumed.out()).contains("whole").contains("rebuilt 0");
        assertThat(casella(data, "rebuild", ANNA, "--from", "nowhere").code()).isEqualTo(1);
        assertThat(casella(data, "verify").code()).isEqualTo(2);
    }
}
