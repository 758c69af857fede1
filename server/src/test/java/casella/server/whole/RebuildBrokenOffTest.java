package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a rebuild of all accounts that ended in the middle, views erased and not written again, goes on where it
/// was when it is given again, and tells what it did.
final class RebuildBrokenOffTest {
    private static final String ANNA = "anna@posta.example";

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString())).toArray(String[]::new);
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err), Map.of(), data);
        int code = Cli.run(terminal, new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aRebuildThatWasKilledInTheMiddleGoesOn(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {read-timeout: 2s, write-timeout: 2s, automatic-standby: false, return-after: 10s}\n");
        try (var server = RunningServer.start(data)) {
            assertThat(server.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config)) {
            try (var client = LineClient.lmtp(server.port("lmtp"))) {
                byte[] mail = "Subject: uno\r\n\r\nriga\r\n".getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < 5; i++) assertThat(client.deliver("x@test.example", ANNA, mail)).startsWith("250");
            }
            Result one = casella(data, "rebuild", ANNA, "--from", "pack");
            assertThat(one.out()).as(one.err()).contains("rebuilt");
            // The view is erased, and that is the last thing that is heard of the engine.
            server.tell("engine unknown");
            Result broken = casella(data, "rebuild", ANNA, "--from", "pack");
            assertThat(broken.out()).contains("failed");
            assertThat(broken.code()).isEqualTo(1);
            server.kill();
        }

        Result again = casella(data, "rebuild", "--all", "--from", "pack");

        assertThat(again.code()).as(again.out() + again.err()).isZero();
        assertThat(again.out()).contains("accounts 4", "failed 0");
        assertThat(again.err()).contains("of 4 accounts");
        Result verified = casella(data, "verify", "--all");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        Result third = casella(data, "rebuild", "--all", "--from", "pack");
        assertThat(third.out()).doesNotContain("rebuilt  ").contains("whole");
        try (var server = RunningServer.serve(data, config)) {
            try (var client = LineClient.imap(server.port("imap"), ANNA)) {
                assertThat(client.command("a1", "STATUS INBOX (MESSAGES)").toString()).contains("MESSAGES");
            }
            assertThat(server.stop()).isZero();
        }
    }
}
