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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that `standby open`, `return` and `list` do what they say, beside a running server and without one,
/// and that mail goes on being delivered and the account proven meanwhile.
final class StandbyOrdersTest {
    private static final String ANNA = "anna@posta.example";

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments),
                Stream.of("--data", data.toString())).toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data),
                new Server(),
                all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void deliver(RunningServer server, int number) throws IOException {
        byte[] mail = ("Subject: numero " + number + "\r\n\r\nriga\r\n").getBytes(StandardCharsets.UTF_8);
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            assertThat(client.deliver("x@test.example", ANNA, mail)).startsWith("250");
        }
    }

    private static void done(Result result, String... parts) {
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains(parts);
    }

    @Test
    void anAccountGoesToTheStandbyAndComesBackByOrder(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            for (int i = 0; i < 5; i++) deliver(server, i);
            done(casella(data, "standby", "open", ANNA), "opened", "1 accounts, 1 switched, 0 failed");
            done(casella(data, "standby", "open", ANNA), "already");
            deliver(server, 5);
            done(casella(data, "standby", "list", "--json"), "\"reason\":\"operator\"",
                    "\"returning\":false");
            done(casella(data, "verify", ANNA), "right");
            Result status = casella(data, "status");
            assertThat(status.out()).startsWith("degraded").contains("1 accounts served from their journal");
            assertThat(status.code()).isEqualTo(1);
            assertThat(casella(data, "rebuild", ANNA, "--from", "pack").code()).isEqualTo(1);
            assertThat(server.stop()).isZero();
        }
        done(casella(data, "standby", "list"), "1 accounts on standby");
        try (var server = RunningServer.start(data)) {
            deliver(server, 6);
            done(casella(data, "standby", "return", "--all", "--json"), "\"outcome\":\"returned\"");
            done(casella(data, "standby", "list"), "0 accounts on standby");
            done(casella(data, "status"), "whole");
            deliver(server, 7);
            assertThat(server.stop()).isZero();
        }
        done(casella(data, "verify", "--all"), "wrong 0");
        done(casella(data, "standby", "open", "--all"), "opened", "0 failed");
        done(casella(data, "standby", "return", "--all"), "returned", "0 failed");
        done(casella(data, "verify", "--all"), "wrong 0");
        assertThat(casella(data, "standby", "open").code()).isEqualTo(2);
    }
}
