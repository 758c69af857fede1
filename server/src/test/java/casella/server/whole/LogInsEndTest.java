package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.server.Launch;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;

/// Proves that whoever was logged in, by any protocol, is out once the password is changed or the account
/// disabled.
final class LogInsEndTest {
    private static final String WHO = "dora@virgola.example";
    private static final Launch NO_SERVER = (_, _, _) -> {
        throw new Launch.StartFailed("not here");
    };

    private final HttpClient http = HttpClient.newHttpClient();

    private static void command(Path data, String... words) {
        var terminal = new Terminal(
                new ByteArrayInputStream("another\n".getBytes(StandardCharsets.UTF_8)),
                new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(OutputStream.nullOutputStream()),
                Map.of("CASELLA_DATA", data.toString()),
                data);
        assertThat(Cli.run(terminal, NO_SERVER, words)).isZero();
    }

    private HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + path))
                .header("X-Casella", "1");
    }

    private String cookie(RunningServer server) throws IOException, InterruptedException {
        HttpResponse<Void> opened = http.send(
                request(server, "/auth/session")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"login\":\"" + WHO + "\",\"password\":\"casella\"}"))
                        .build(),
                BodyHandlers.discarding());
        assertThat(opened.statusCode()).isEqualTo(204);
        return opened.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    private int session(RunningServer server, String cookie) throws IOException, InterruptedException {
        HttpRequest asked = request(server, "/jmap/session").header("Cookie", cookie).build();
        return http.send(asked, BodyHandlers.discarding()).statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"passwd", "disable"})
    void allOfThemEnd(String how, @TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data);
                var selected = LineClient.imap(server.port("imap"), WHO);
                var idle = LineClient.imap(server.port("imap"), WHO);
                var pop = new LineClient(server.port("pop3"));
                var other = LineClient.imap(server.port("imap"), "anna@posta.example")) {
            selected.command("s", "SELECT INBOX");
            idle.command("s", "SELECT INBOX");
            idle.send("i IDLE");
            assertThat(idle.line()).startsWith("+");
            pop.line();
            pop.send("USER " + WHO);
            pop.line();
            pop.send("PASS casella");
            assertThat(pop.line()).startsWith("+OK");
            String cookie = cookie(server);
            assertThat(session(server, cookie)).isEqualTo(200);
            HttpResponse<InputStream> stream = http.send(
                    request(server, "/jmap/eventsource?types=*&closeafter=no&ping=1")
                            .header("Cookie", cookie)
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);

            if (how.equals("passwd")) command(data, "account", "passwd", WHO, "--password-stdin");
            else command(data, "account", "disable", WHO);

            selected.send("f FETCH 1 FLAGS");
            assertThat(selected.line()).isEqualTo("* BYE Log in again");
            assertThatThrownBy(selected::line).isInstanceOf(EOFException.class);
            idle.send("DONE");
            idle.line();
            pop.send("STAT");
            assertThat(pop.line()).isEqualTo("-ERR [AUTH] Log in again");
            assertThat(session(server, cookie)).isEqualTo(401);
            try (InputStream events = stream.body()) {
                events.transferTo(OutputStream.nullOutputStream()); // ends, at the next sign of life
            }
            assertThat(other.command("n", "NOOP").getLast()).startsWith("n OK");
        }
    }
}
