package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// People who work here see by the network what the command line says, and are let in and carried out while every engine and vault is
/// away.
final class StaffTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ANNA = "anna@posta.example";
    private static final String PASSWORD = "una frase lunga abbastanza";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void whatIsOrderedByTheNetworkIsWhatTheCommandLineSays() throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {read-timeout: 1s, write-timeout: 1s}\nlisten: {console: 0}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        // Where no server runs, the book is written all the same.
        casella(0, data, "staff", "put", "carla", "--role", "operator,support,data-protection",
                "--password-stdin");
        assertThat(casella(0, data, "staff", "put", "dario", "--role", "billing")).contains("password: ");
        try (var server = RunningServer.troubled(data, config)) {
            String carla = logIn(server, "carla", PASSWORD);
            assertThat(ordered(server, carla, "compensation-preview", "{\"incident\": 1, \"rules\": \"x\"}")
                    .statusCode())
                    .isEqualTo(403);
            server.tell("engine away");
            server.tell("vaults away");

            JsonNode opened = JSON.readTree(ordered(server, carla, "incident-open", """
                    {"title": {"italian": "Le caselle non si aprono", "english": "Mailboxes do not open"}, "severity": "major",
                     "brands": ["posta"]}""").body());
            assertThat(opened.at("/outcome").stringValue()).as(opened.toString()).isEqualTo("done");
            assertThat(casella(0, data, "incident", "show", "1")).contains("Mailboxes do not open")
                    .contains("staff:carla");
            JsonNode card = JSON.readTree(ordered(server, carla, "account-show", "{\"account\": \"" + ANNA
                    + "\"}").body());
            assertThat(card.at("/facts/account/address").stringValue()).isEqualTo(ANNA);
            assertThat(card.at("/facts/say/italian").stringValue()).isNotEmpty();

            same(server, carla, data, "incident-list", "{}", "incident", "list");
            same(server, carla, data, "vault-list", "{}", "vault", "list");
            same(server, carla, data, "cohort-list", "{}", "cohort", "list");
            same(server, carla, data, "brand-list", "{}", "brand", "list");
            same(server, carla, data, "plan-list", "{}", "plan", "list");
            same(server, carla, data, "staff-list", "{}", "staff", "list");
            same(server, carla, data, "account-find", "{\"text\": \"ann\", \"limit\": 10}", "account", "find",
                    "ann");
            same(server, carla, data, "complaint-list", "{}", "complaint", "list");

            String orders = casella(0, data, "staff", "audit");
            assertThat(orders).contains("staff:carla").contains("AccountShow[account=" + ANNA + "]  done")
                    .contains("IncidentOpen");
            JsonNode audit = JSON.readTree(ordered(server, carla, "audit-list", "{\"limit\": 3}").body());
            assertThat(audit.at("/rows").size()).isEqualTo(3);
            assertThat(audit.at("/rows/0/at").stringValue()).isGreaterThanOrEqualTo(audit.at("/rows/2/at")
                    .stringValue());
            JsonNode older = JSON.readTree(ordered(server, carla, "audit-list",
                    "{\"limit\": 100, \"before\": \"" + audit.at("/rows/2/at").stringValue() + "\"}").body());
            assertThat(older.at("/rows").toString()).contains("StaffPut").doesNotContain(PASSWORD);
            overTls(server);
            casella(0, data, "staff", "remove", "carla");
            assertThat(ordered(server, carla, "status", "{}").statusCode()).isEqualTo(401);
            assertThat(server.stop()).isZero();
        }
    }

    /// Where people are elsewhere, nothing of theirs goes in clear.
    private void overTls(RunningServer server) throws Exception {
        var trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, null);
        URI uri = URI.create("https://127.0.0.1:" + server.port("console") + "/api/v1/session");
        try (var client = HttpClient.newBuilder().sslContext(trusting).build()) {
            String body = "{\"name\": \"carla\", \"password\": \"" + PASSWORD + "\"}";
            HttpResponse<String> in = client.send(HttpRequest.newBuilder(uri).header("Content-Type",
                    "application/json")
                    .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
            assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
            assertThat(in.headers().firstValue("set-cookie").orElseThrow()).contains("; Secure");
            assertThat(in.headers().firstValue("strict-transport-security")).isPresent();
        }
        URI clear = URI.create("http://127.0.0.1:" + server.port("console") + "/api/v1/session");
        assertThatThrownBy(() -> http.send(HttpRequest.newBuilder(clear).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    /// Takes whatever certificate a server made for itself.
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// What the order's rows and the command's are.
    private void same(RunningServer server, String cookie, Path data, String order, String fields,
            String... command)
            throws Exception {
        JsonNode rows = JSON.readTree(ordered(server, cookie, order, fields).body()).at("/rows");
        String[] withJson = Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new);
        assertThat(JSON.readTree(casella(0, data, withJson))).as(order).isEqualTo(rows);
    }

    private String logIn(RunningServer server, String name, String password) throws Exception {
        HttpResponse<String> answer = http.send(request(server, "/api/v1/session", """
                {"name": "%s", "password": "%s"}""".formatted(name, password)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
    }

    private HttpResponse<String> ordered(RunningServer server, String cookie, String order,
            String fields) throws Exception {
        return http.send(request(server, "/api/v1/orders/" + order, fields).header("Cookie", cookie).build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(RunningServer server, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations") + path))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private static String casella(int expected, Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var in = new ByteArrayInputStream((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        int code = Cli.run(new Terminal(in, print, print, Map.of(), data), new Server(),
                all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }
}
