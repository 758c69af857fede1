package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Proves that a server whose vaults go away tells its operators by a webhook and by mail over another server, with TLS and
/// a log-in, when it begins and when it is over; and that `alert-test` says whether both work.
final class AlertsWholeTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final boolean LONG_TIER = "long".equals(System.getProperty("casella.tier"));

    private record Posted(String authorization, JsonNode body) {}

    private final BlockingQueue<Posted> posted = new LinkedBlockingQueue<>();
    private volatile int answer = 200;
    private HttpServer hook;

    private static final String SECOND = "anna@altrove.example";

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void listen() throws Exception {
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/alerts", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
            if (answer == 200) posted.add(new Posted(authorization, Json.MAPPER.readTree(body)));
        });
        hook.start();
    }

    @AfterEach
    void close() {
        hook.stop(0);
    }

    private static String casella(Path data, int code, String... order) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(out), Map.of(), data);
        List<String> words = new ArrayList<>(List.of(order));
        words.addAll(List.of("--data", data.toString()));
        assertThat(Cli.run(terminal, new Server(), words.toArray(String[]::new)))
                .as(out.toString(StandardCharsets.UTF_8)).isEqualTo(code);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path config(Path folder, RunningServer relay, Path relayData) throws Exception {
        Files.writeString(folder.resolve("token"), "geheim\n");
        Files.writeString(folder.resolve("password"), "casella\n");
        return Files.writeString(folder.resolve("casella.yaml"), """
                alerts:
                  webhook: http://127.0.0.1:%d/alerts
                  webhook-token: %s
                  relay: localhost:%d
                  relay-certificate: %s
                  relay-user: anna@posta.example
                  relay-password: %s
                  from: anna@posta.example
                  to: [carlo@posta.example]
                incident: {second-addresses: yes}
                """.formatted(
                hook.getAddress().getPort(), folder.resolve("token"), relay.port("submission"),
                relayData.resolve("run/tls.crt"), folder.resolve("password")));
    }

    @Test
    void operatorsAreToldByWebhookAndByMail(@TempDir Path folder) throws Exception {
        Path relayData = folder.resolve("relay");
        Path data = folder.resolve("data");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var relay = RunningServer.start(relayData);
                var server = RunningServer.troubled(data, config(folder, relay, relayData))) {
            casella(relayData, 0, "brand", "domain", "add", "posta", "altrove.example");
            casella(relayData, 0, "account", "alias", "carlo@posta.example", SECOND);
            confirmSecond(server, relay);
            assertThat(casella(data, 0, "alert-test")).contains("relay      sent", "webhook    sent");
            answer = 500;
            assertThat(casella(data, 1, "alert-test")).contains("relay      sent",
                    "webhook    the webhook answered 500");
            answer = 200;
            assertThat(mail(relay)).contains("Subject: [localhost] test: This is a test",
                    "Auto-Submitted: auto-generated");
            assertThat(taken("test").authorization()).isEqualTo("Bearer geheim");

            server.tell("vaults away");
            JsonNode began = taken("part-is-gone").body();
            assertThat(began.path("status").asString()).isEqualTo("firing");
            assertThat(began.path("commonLabels").path("severity").asString()).isEqualTo("warning");
            assertThat(began.path("commonAnnotations").path("runbook_url").asString())
                    .isEqualTo("docs/operations/runbooks/part-is-gone.md");

            // The end comes half a minute after the vault counts again; AlertsTest has it on a clock of its own.
            if (LONG_TIER) {
                server.tell("vaults well");
                assertThat(taken("part-is-gone").body().path("status").asString()).isEqualTo("resolved");
            }
            newsGoThere(server, relay);
            assertThat(server.stop()).isZero();
        }
    }

    /// An owner leaves a second address while all is well.
    private void confirmSecond(RunningServer server, RunningServer relay) throws Exception {
        assertThat(second(server, "{\"address\": \"" + SECOND + "\"}"))
                .contains("\"updated\":{\"singleton\":null}");
        assertThat(ask(server, "anna@posta.example", SECOND)).contains("Richiesta ricevuta");
        String mail = arrived(relay, 1);
        assertThat(mail).contains("notices@posta.example", "DKIM-Signature");
        Matcher code = Pattern.compile("codice =C3=A8 (\\d{6})\\.").matcher(mail);
        assertThat(code.find()).as(mail).isTrue();
        assertThat(second(server, "{\"code\": \"" + code.group(1) + "\"}"))
                .contains("\"updated\":{\"singleton\":null}");
    }

    /// With engine and vaults away it is asked for there; whoever else asks reads the same, and nobody is written to.
    private void newsGoThere(RunningServer server, RunningServer relay) throws Exception {
        server.tell("engine away");
        server.tell("vaults away");
        String said = ask(server, "anna@posta.example", SECOND);
        assertThat(ask(server, "nobody@posta.example", SECOND)).isEqualTo(said);
        assertThat(ask(server, "anna@posta.example", "carlo@altrove.example")).isEqualTo(said);
        assertThat(arrived(relay, 2)).contains("Subject: Notizie della tua casella", "anna@altrove.example");
        assertThat(http.send(request(server, "/login/it/").build(), BodyHandlers.ofString()).body())
                .contains("href=\"/news/it/\"");
    }

    private static HttpRequest.Builder request(RunningServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("http") + path));
    }

    private String second(RunningServer server, String patch) throws Exception {
        String basic = Base64.getEncoder()
                .encodeToString("anna@posta.example:casella".getBytes(StandardCharsets.UTF_8));
        String session = http.send(request(server, "/jmap/session").header("Authorization", "Basic " + basic)
                .build(),
                BodyHandlers.ofString()).body();
        String account = Json.MAPPER.readTree(session).path("accounts").propertyNames().iterator().next();
        String call = """
                {"using": ["urn:ietf:params:jmap:core", "https://casella.example/jmap/service"], "methodCalls":
                 [["SecondAddress/set", {"accountId": "%s", "update": {"singleton": %s}}, "0"]]}""".formatted(account, patch);
        return http.send(request(server, "/jmap/api").header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(call)).build(),
                        BodyHandlers.ofString()).body();
    }

    private String ask(RunningServer server, String mailbox, String address) throws Exception {
        String form = "mailbox=" + URLEncoder.encode(mailbox, StandardCharsets.UTF_8)
                + "&address=" + URLEncoder.encode(address, StandardCharsets.UTF_8);
        var answer = http.send(request(server, "/news/it/").header("Content-Type",
                "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /// Returns the newest mail at the second address, of so many.
    private static String arrived(RunningServer relay, int mails) throws Exception {
        try (var client = LineClient.imap(relay.port("imap"), "carlo@posta.example")) {
            for (int i = 0; i < 300; i++) {
                var all = client.bodies("INBOX").values().stream().map(one -> new String(one,
                        StandardCharsets.UTF_8))
                        .filter(one -> one.contains(SECOND)).toList();
                if (all.size() >= mails) return all.getLast();
                new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("no mail came to " + SECOND);
    }

    private Posted taken(String alert) throws InterruptedException {
        @Nullable Posted next = posted.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        while (next != null && !next.body().path("groupLabels").path("alertname").asString().equals(alert)) {
            next = posted.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(next).as("an alert " + alert).isNotNull();
        if (next == null) throw new AssertionError(alert);
        return next;
    }

    /// Delivered before the relay answered: it is there.
    private static String mail(RunningServer relay) throws Exception {
        try (var client = LineClient.imap(relay.port("imap"), "carlo@posta.example")) {
            return new String(client.bodies("INBOX").lastEntry().getValue(), StandardCharsets.UTF_8);
        }
    }
}
