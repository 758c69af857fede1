package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.Desk;
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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server on which there is something of everything that operators look at: an incident, a compensation, a complaint, a breach, mail that
/// waits, a vault on its way, a reopening, a report of a drill. And both ways to order: the command line and the network.
///
/// @param data of a server that [RunningServer#start] made, so that there are accounts
record FullDesk(RunningServer server, Path data, HttpClient http) implements AutoCloseable {
    static final String ANNA = "anna@posta.example";
    static final String PASSWORD = "una frase lunga abbastanza";
    static final String REPORT = "20261102T030000Z-vault-lying";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RULES = """
            version: 1
            rules:
              - rule: everybody
                brands: all
                plans: [free, plus]
                away: mailbox
                longer-than: 0m
                quota: 1GiB
            """;

    static FullDesk of(RunningServer server, Path data) {
        return new FullDesk(server, data, HttpClient.newHttpClient());
    }

    /// Has something of everything.
    void fill() throws IOException {
        casella(0, "incident", "open", "--title", "Le caselle non si aprono", "--title-en", "Mailboxes do not open",
                "--severity", "critical", "--brand", "posta");
        long now = System.currentTimeMillis();
        // What a kill leaves in the record (AvailabilityTest): that nothing worked for anybody for a minute.
        try (Desk desk = Desk.open(data.resolve("desk"))) {
            desk.write(s -> s.change("INSERT INTO availability_scopes VALUES ('everybody', 'killed', ?, ?)",
                    now - 60_000, now));
        }
        casella(0, "incident", "resolve", "1");
        casella(0, "incident", "open", "--title", "Lento", "--title-en", "Slow", "--severity", "minor", "--brand", "posta",
                "--brand", "virgola");
        Path rules = Files.writeString(data.resolve("rules.yaml"), RULES);
        casella(0, "compensation", "preview", "--incident", "1", "--rules", rules.toString(), "--as", "bice");
        casella(0, "compensation", "approve", "--incident", "1", "--as", "dario");
        casella(0, "compensation", "apply", "--incident", "1", "--as", "dario");
        casella(0, "standby", "open", "bruno@virgola.example");
        casella(0, "complaint", "open", "--brand", "posta", "--channel", "letter", "--category", "availability", "--account",
                ANNA, "--name", "Anna Bianchi", "--protocol", "4471/2026", "--text", "Che cosa mi spetta?");
        casella(0, "breach", "open", "--incident", "1", "--title", "Caselle non raggiungibili", "--aware-by", "Turno");
        casella(0, "vault", "add", "nuovo", "--kind", "pack");
        Path report = Files.createDirectories(data.resolve("drills").resolve(REPORT));
        Files.writeString(report.resolve("report.md"), "# Drill vault-lying\n");
        Files.writeString(report.resolve("report.json"), """
                {"version": 1, "drill": "vault-lying", "cohort": "slice-07", "by": "carla", "begun": "2026-11-02T03:00:00Z",
                 "passed": false, "aborted": null, "darkMinutes": 0.0, "accepted": 1118, "refused": 0, "lost": 2, "duplicated": 0,
                 "identifiersChanged": 0, "wrongBytesServed": 0, "timeToDialToneMillis": 1840, "returned": true,
                 "checks": [], "timeline": [{"atMillis": 2100, "what": "the fault is on"}]}
                """);
        casella(0, "reopen", "start", "--soak", "24h");
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(lmtp.deliver("x@firma.example", ANNA, ("Subject: " + i + "\r\n\r\nciao\r\n").getBytes(
                        StandardCharsets.US_ASCII))).startsWith("250");
            }
        }
    }

    /// Gives a command and returns what it printed.
    String casella(int expected, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var in = new ByteArrayInputStream((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        int code = Cli.run(new Terminal(in, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(), data), new Server(),
                all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(String.join(" ", arguments) + ": " + told + err.toString(StandardCharsets.UTF_8))
                .isEqualTo(expected);
        return told;
    }

    /// Returns the cookie of somebody who is in the book with [#PASSWORD].
    String logIn(String name) throws Exception {
        HttpResponse<String> answer = http.send(request("/api/v1/session", """
                {"name": "%s", "password": "%s"}""".formatted(name, PASSWORD)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
    }

    HttpResponse<String> post(String cookie, String order, String fields) throws Exception {
        return http.send(request("/api/v1/orders/" + order, fields).header("Cookie", cookie).build(),
                BodyHandlers.ofString());
    }

    /// Returns what an order that is carried out answers.
    JsonNode ordered(String cookie, String order, String fields) throws Exception {
        HttpResponse<String> answer = post(cookie, order, fields);
        assertThat(answer.statusCode()).as(order + ": " + answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations") + path))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    @Override
    public void close() {
        http.close();
    }
}
