package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an operator says is read at every door at once, while engine and vaults answer nobody, and after a kill.
final class IncidentTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ANNA = "anna@posta.example";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> posted = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void whatIsSaidIsReadEverywhereWhateverIsAway() throws Exception {
        Path data = folder.resolve("data");
        Path pages = folder.resolve("pages");
        HttpServer bridge = bridge();
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, """
                store: {read-timeout: 1s, write-timeout: 1s}
                incident:
                  contacts: ["posta: 800 100 200; tutti i giorni 8-20; every day 8-20"]
                  status-folder: %s
                  webhooks: ["social=http://127.0.0.1:%d/social", "sms=http://127.0.0.1:%d/broken"]
                """.formatted(pages, bridge.getAddress().getPort(), bridge.getAddress().getPort()));
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config);
                var idle = LineClient.imap(server.port("imap"), ANNA)) {
            server.tell("engine away");
            server.tell("vaults away");

            assertThat(casella(1, data, "incident", "open", "--title", "Le caselle non si aprono",
                    "--severity", "critical",
                    "--brand", "posta", "--text", "Nessun dato è andato perso."))
                    .contains("no data was lost").contains("--proof");
            assertThat(casella(0, data, "incident", "open", "--title", "Le caselle non si aprono",
                    "--title-en",
                    "Mailboxes do not open", "--severity", "critical", "--brand", "posta", "--preview"))
                    .contains("nothing was").contains("800 100 200");
            assertThat(JSON.readTree(casella(0, data, "incident", "open", "--title", "Prova", "--severity",
                    "minor",
                    "--brand", "posta", "--brand", "virgola", "--preview", "--json")).at("/lines")
                            .findValuesAsString("brand"))
                    .containsExactly("posta", "virgola");
            assertThat(posted).isEmpty();
            assertThat(casella(0, data, "incident", "open", "--title", "Le caselle non si aprono",
                    "--title-en",
                    "Mailboxes do not open", "--severity", "critical", "--brand", "posta"))
                    .contains("incident 1 is investigating");
            casella(0, data, "incident", "update", "1", "--back", "2030-01-24T19:00:00+01:00",
                    "--confidence", "medium");

            everybodyReadsIt(server, idle);
            until("the folder and the bridge have it", () -> posted.size() > 0
                    && Files.exists(pages.resolve("posta/it/incident-1.html")));
            JsonNode post = JSON.readTree(posted.getFirst());
            assertThat(post.at("/brands")).hasSize(1);
            assertThat(post.at("/brands/0/it").stringValue()).startsWith("Le caselle non si aprono.")
                    .hasSizeLessThanOrEqualTo(280);
            until("the failed channel is shown", () -> casella(0, data, "incident", "show", "1").contains(
                    "NOT PUBLISHED by sms: it answered 500"));
            server.kill();
        }
        afterTheKill(data, config);
        bridge.stop(0);
        assertThat(Files.readString(data.resolve("audit.log"))).contains("IncidentOpen").contains(
                "IncidentUpdate");
    }

    private void afterTheKill(Path data, Path config) throws Exception {
        try (var server = RunningServer.serve(data, config)) {
            assertThat(get(server, "/status/en/").body()).contains("Mailboxes do not open");
            assertThat(casella(0, data, "incident", "resolve", "1", "--text",
                    "Nessun dato è andato perso.", "--text-en",
                    "No data was lost.", "--proof", "verify --all of today: 0 wrong"))
                            .contains("incident 1 is resolved");
            assertThat(get(server, "/status/en/").body()).contains("Everything works")
                    .contains("incident-1.html");
            assertThat(get(server, "/status/en/incident-1.html").body())
                    .contains("Proof: verify --all of today: 0 wrong");
            assertThat(JSON.readTree(get(server, "/brand").body()).get("notice").isNull()).isTrue();
            learned(server, data);
            try (var again = new LineClient(server.port("imap"))) {
                again.line();
                assertThat(again.command("l", "LOGIN " + ANNA + " casella")).noneMatch(line ->
                        line.contains("ALERT"));
                whomItDoesNotConcernHearsNothing(server, data, again);
            }
            assertThat(server.stop()).isZero();
        }
    }

    /// Who uses another program, or is in another cohort, is not disturbed; on pages for anybody it is said whom it concerns.
    private void whomItDoesNotConcernHearsNothing(RunningServer server, Path data, LineClient anna)
            throws Exception {
        anna.command("i", "ID (\"name\" \"Thunderbird\")");
        String other = casella(0, data, "cohort", "show", ANNA).contains("slice-07") ? "slice-08"
                : "slice-07";
        casella(0, data, "incident", "open", "--title", "Posta lenta", "--severity", "minor", "--brand",
                "all",
                "--cohort", other);
        casella(0, data, "incident", "open", "--title", "App lenta", "--severity", "minor", "--brand", "all",
                "--app", "K-9");
        assertThat(anna.command("n", "NOOP")).noneMatch(line -> line.contains("ALERT"));
        assertThat(get(server, "/brand").body()).contains("App lenta").contains("Riguarda chi usa K-9");
        assertThat(get(server, "/status/it/").body()).contains("Riguarda una parte delle caselle")
                .contains("Riguarda chi usa K-9");

        String[] order = {"incident", "open", "--title", "Thunderbird", "--severity", "major", "--brand",
                "all", "--app", "thunderbird"};
        var preview = new ArrayList<>(List.of(order));
        preview.add("--preview");
        until("what owners use is written down",
                () -> casella(0, data, preview.toArray(String[]::new))
                        .matches("(?s).*they use [^\n]*Thunderbird \\d+ %.*"));
        assertThat(casella(0, data, order)).contains("incident 4 is investigating");
        assertThat(anna.command("n", "NOOP")).anyMatch(line ->
                line.contains("[ALERT] Thunderbird. Riguarda chi usa thunderbird."));
        assertThat(casella(0, data, "incident", "list")).contains("(all brands; only thunderbird)");
        assertThat(casella(1, data, "incident", "open", "--title", "x", "--severity", "minor", "--brand",
                "all", "--cohort", "slice-7"))
                .contains("cohort: 'slice-7' is none");
        for (String number : List.of("2", "3", "4")) casella(0, data, "incident", "resolve", number);
    }

    /// What was learned is published when it is over, and written where pages are served from elsewhere.
    private void learned(RunningServer server, Path data) throws Exception {
        Files.writeString(data.resolve("it.md"), "# Il disco\n\nEra pieno. <script>\n");
        Files.writeString(data.resolve("en.md"), "# The disk\n\nIt was full. No data was lost.\n");
        assertThat(casella(1, data, "incident", "postmortem", "1", "--file", "it.md"))
                .contains("both languages");
        assertThat(casella(1, data, "incident", "postmortem", "1", "--file", "it.md", "--file-en", "en.md"))
                .contains("--proof");
        assertThat(casella(0, data, "incident", "postmortem", "1", "--file", "it.md", "--file-en", "en.md",
                "--proof", "run 9",
                "--preview")).contains("nothing was");
        assertThat(get(server, "/status/en/incident-1-post-mortem.html").statusCode()).isEqualTo(404);
        assertThat(casella(0, data, "incident", "postmortem", "1", "--file", "it.md", "--file-en", "en.md",
                "--proof", "run 9"))
                .contains("version 1 is at");
        assertThat(get(server, "/status/it/incident-1-post-mortem.html").body()).contains("<h1>Il disco</h1>")
                .contains("Prova: run 9").doesNotContain("<script").contains("href=\"/complaints/it/\"");
        assertThat(get(server, "/status/en/feed.atom").body()).contains("incident-1-post-mortem.html");
        Path copy = folder.resolve("pages/posta/en/incident-1-post-mortem.html");
        until("the copy elsewhere has it", () -> Files.exists(copy));
        // A path of this server leads nowhere from there.
        assertThat(Files.readString(copy)).contains("It was full").doesNotContain("complaints/");
        assertThat(JSON.readTree(get(server, "/brand").body()).get("complaints").stringValue())
                .isEqualTo("/complaints/");
    }

    private void everybodyReadsIt(RunningServer server, LineClient idle) throws Exception {
        String told = "Le caselle non si aprono. Alcune cose non funzionano come sempre.";
        assertThat(idle.command("a", "NOOP")).anyMatch(line -> line.startsWith("* OK [ALERT] " + told)
                && line.contains("800 100 200"));
        assertThat(idle.command("b", "NOOP")).noneMatch(line -> line.contains(told));
        JsonNode brand = JSON.readTree(get(server, "/brand").body());
        assertThat(brand.at("/notice/text/en").stringValue()).contains("Mailboxes do not open")
                .contains("24 January at 19:00");
        assertThat(brand.at("/notice/severity").stringValue()).isEqualTo("critical");
        JsonNode jmap = JSON.readTree(http.send(request(server, "/jmap/api")
                .header("Content-Type", "application/json")
                .header("Authorization", "Basic " + java.util.Base64.getEncoder().encodeToString(
                        (ANNA + ":casella").getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"using": ["https://casella.example/jmap/service"], "methodCalls": [["Notice/get",
                                {"accountId": "%s"}, "0"]]}
                        """.formatted(account(server)))).build(), BodyHandlers.ofString()).body());
        assertThat(jmap.at("/methodResponses/0/1/list/0/text/it").stringValue()).startsWith(told);
        assertThat(get(server, "/status/it/").body()).contains("Il servizio è interrotto per molti")
                .contains("800 100 200")
                .contains("Riguarda 2 caselle");
        assertThat(get(server, "/status/").headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("script");
        JsonNode summary = JSON.readTree(get(server, "/status/api/v2/summary.json").body());
        assertThat(summary.at("/status/indicator").stringValue()).isEqualTo("critical");
        assertThat(summary.at("/incidents/0/name").stringValue()).isEqualTo("Mailboxes do not open");
        for (String path : List.of("/status/it/%2e%2e%2fstyle.css", "/status/it/none.html")) {
            assertThat(get(server, path).statusCode()).as(path).isIn(400, 404);
        }
    }

    private String account(RunningServer server) throws Exception {
        String session = http.send(request(server, "/jmap/session").header("Authorization", "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString((ANNA + ":casella").getBytes(StandardCharsets.UTF_8)))
                .build(), BodyHandlers.ofString()).body();
        return JSON.readTree(session).at("/accounts").propertyNames().iterator().next();
    }

    private HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + path));
    }

    private java.net.http.HttpResponse<String> get(RunningServer server, String path) throws IOException,
            InterruptedException {
        return http.send(request(server, path).build(), BodyHandlers.ofString());
    }

    /// Takes what is posted to `/social`, and fails for all else.
    private HttpServer bridge() throws IOException {
        HttpServer bridge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bridge.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean social = exchange.getRequestURI().getPath().equals("/social");
            if (social) posted.add(body);
            exchange.sendResponseHeaders(social ? 204 : 500, -1);
            exchange.close();
        });
        bridge.start();
        return bridge;
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
