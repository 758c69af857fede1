package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A complaint is taken by the form while engine and vaults answer nobody, is acknowledged in its owner's mailbox when they are back,
/// and is answered; one that comes by mail is a case too; all of it is there after a kill.
final class ComplaintTest {
    private static final String ANNA = "anna@posta.example";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void aComplaintIsTakenAnsweredAndKept() throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, """
                store: {read-timeout: 1s, write-timeout: 1s, return-after: 1s}
                incident: {complaint-mailboxes: ["posta: reclami@posta.example"]}
                """);
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        casella(0, data, "account", "add", "reclami@posta.example");
        try (var server = RunningServer.troubled(data, config)) {
            server.tell("engine away");
            server.tell("vaults away");
            takenByTheForm(server, data);

            server.tell("heal");
            until("Anna is told that it came", () -> subjects(server).contains("ricevuto il tuo reclamo R-"));
            broughtByMail(server);
            until("the mail is a case", () -> list(data).contains(" mail "));
            answered(server, data);
            server.kill();
        }
        try (var server = RunningServer.serve(data, config)) {
            assertThat(casella(0, data, "complaint", "show", "1")).contains("Tre giorni senza posta.")
                    .contains("decided");
            assertThat(list(data)).contains("1 open, 0 answered, 2 closed; 0 overdue");
            assertThat(server.stop()).isZero();
        }
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("ComplaintAnswer[complaint=1, way=mailbox]")
                .doesNotContain("dispiace").doesNotContain("Tre giorni");
    }

    private void takenByTheForm(RunningServer server, Path data) throws Exception {
        assertThat(get(server, "/complaints/it/").body()).contains("<h1>Reclami</h1>")
                .doesNotContain("<script");
        assertThat(form(server, "mailbox=&name=Anna&text=x").statusCode()).isEqualTo(422);
        String filled =
                "mailbox=anna%40posta.example&name=Anna+%3Cb%3E&contact=&category=availability&text=Tre+giorni+senza+posta.";
        HttpResponse<String> taken = form(server, filled);
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(taken.body()).containsPattern("R-\\d{4}-000001");
        // Whoever sends it again has the same number, and a mailbox that is none is told nothing else.
        assertThat(form(server, filled).body()).isEqualTo(taken.body());
        HttpResponse<String> nobody = form(server, filled.replace("anna", "nessuno"));
        assertThat(nobody.body().replaceAll("R-\\d{4}-\\d+", ""))
                .isEqualTo(taken.body().replaceAll("R-\\d{4}-\\d+", ""));
        assertThat(list(data)).contains("2 open");
        casella(0, data, "complaint", "close", "2", "--outcome", "withdrawn", "--way", "telephone",
                "--text", "Non era una casella.");
        int status = 200;
        for (int i = 0; i < 20 && status == 200; i++) status = form(server, filled).statusCode();
        assertThat(status).as("a flood").isEqualTo(429);
    }

    private static void broughtByMail(RunningServer server) throws IOException {
        try (var outside = new LineClient(server.port("smtp"))) {
            outside.reply();
            outside.send("EHLO test.example");
            outside.reply();
            byte[] mail = "From: Carla <carla@elsewhere.example>\r\nSubject: Reclamo\r\n\r\nNon ricevo nulla.\r\n".getBytes(
                    StandardCharsets.UTF_8);
            assertThat(outside.deliver("carla@elsewhere.example", "reclami@posta.example", mail))
                    .startsWith("250");
        }
    }

    /// Returns the subjects in Anna's inbox, decoded as far as they are plain.
    private static String subjects(RunningServer server) throws IOException {
        var all = new StringBuilder();
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            for (byte[] mail : imap.bodies("INBOX").values()) {
                new String(mail, StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("Subject:"))
                        .findFirst()
                        .ifPresent(line -> all.append(line).append('\n'));
            }
        }
        return all.toString();
    }

    private void answered(RunningServer server, Path data) throws Exception {
        casella(0, data, "complaint", "answer", "1", "--text", "Ci dispiace. Guardiamo subito.");
        until("Anna reads the answer", () -> subjects(server).contains("Risposta al tuo reclamo"));
        casella(0, data, "complaint", "close", "1", "--outcome", "upheld", "--text",
                "Ci dispiace: un mese in regalo.");
        assertThat(casella(1, data, "complaint", "answer", "1", "--text", "Vai su https://evil.example"))
                .contains("clicked");
    }

    private static String list(Path data) {
        return casella(0, data, "complaint", "list");
    }

    private HttpResponse<String> form(RunningServer server, String fields) throws Exception {
        return http.send(request(server, "/complaints/it/").header("Content-Type",
                "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + path));
    }

    private HttpResponse<String> get(RunningServer server, String path) throws IOException,
            InterruptedException {
        return http.send(request(server, path).build(), BodyHandlers.ofString());
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as(what).isLessThan(300);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static String casella(int expected, Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }
}
