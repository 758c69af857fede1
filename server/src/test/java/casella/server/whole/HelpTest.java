package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
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
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Help inside a mailbox, from the owner's code to the owner's list: one person looks, as far as the owner said, changes nothing, is written
/// down, and is out when the owner says so; also while the standby serves.
final class HelpTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ANNA = "anna@posta.example";
    private static final String PASSWORD = "una frase lunga abbastanza";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void anOwnerLetsOnePersonLookAndReadsAtWhat() throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            for (String name : new String[] {"carla", "dario"}) {
                casella(0, data, "staff", "put", name, "--role", "support", "--password-stdin");
            }
            casella(0, data, "staff", "put", "olga", "--role", "operator,billing,data-protection,read-only", "--password-stdin");
            String carla = logIn(server, "carla");
            String account = "{\"account\": \"" + ANNA + "\"}";
            assertThat(ordered(server, carla, "help-folders", account).statusCode()).isEqualTo(422);
            String code = jmap(server, "Help/set", "\"create\": {\"a\": {\"scope\": \"contents\"}}").at("/created/a/code").stringValue();
            String use = "{\"account\": \"" + ANNA + "\", \"code\": \"" + code + "\"}";
            assertThat(ordered(server, logIn(server, "olga"), "help-begin", use).statusCode()).isEqualTo(403);

            JsonNode begun = done(ordered(server, carla, "help-begin", use));
            assertThat(begun.at("/facts/scope").stringValue()).isEqualTo("contents");
            assertThat(begun.at("/facts/told").booleanValue()).isTrue();
            String dario = logIn(server, "dario");
            assertThat(ordered(server, dario, "help-begin", use).statusCode()).isEqualTo(422);
            assertThat(ordered(server, dario, "help-folders", account).statusCode()).isEqualTo(422);
            assertThat(casella(1, data, "inside", "folders", ANNA)).contains("its owner lets you look no more, or not yet");

            int unread = looked(server, carla, account);
            casella(0, data, "standby", "open", ANNA);
            assertThat(looked(server, carla, account)).isEqualTo(unread);

            ownersList(server, unread);
            assertThat(ordered(server, carla, "help-folders", account).statusCode()).isEqualTo(422);
            assertThat(casella(0, data, "staff", "audit")).contains("HelpBegin[account=" + ANNA + "]  done")
                    .contains("HelpMessage[account=" + ANNA + ", email=").contains("staff:carla").contains("refused: account: its owner");
            String written = Files.readString(data.resolve("audit.log"));
            assertThat(written).doesNotContain(code).doesNotContain(code.replace("-", "")).doesNotContain(secret);
        }
    }

    /// What a mail says; it must be nowhere but in the answer.
    private String secret = "nothing yet";

    /// Looks at all there is; returns how many are unread in the inbox.
    private int looked(RunningServer server, String carla, String account) throws Exception {
        JsonNode folders = done(ordered(server, carla, "help-folders", account)).at("/rows");
        JsonNode inbox = folders.get(0);
        assertThat(inbox.at("/name").stringValue()).isEqualTo("INBOX");
        String window = "{\"account\": \"" + ANNA + "\", \"folder\": \"" + inbox.at("/id").stringValue() + "\", \"position\": %d, \"limit\": %d}";
        JsonNode two = done(ordered(server, carla, "help-messages", window.formatted(0, 2))).at("/rows");
        assertThat(two).hasSize(2);
        assertThat(two.get(0).at("/from").stringValue()).contains("@");
        JsonNode second = done(ordered(server, carla, "help-messages", window.formatted(1, 1))).at("/rows");
        assertThat(second.get(0)).isEqualTo(two.get(1));
        assertThat(ordered(server, carla, "help-messages", window.formatted(0, 51)).statusCode()).isEqualTo(422);
        JsonNode mail = done(ordered(server, carla, "help-message", "{\"account\": \"" + ANNA + "\", \"email\": \""
                + two.get(1).at("/id").stringValue() + "\"}")).at("/facts");
        assertThat(mail.at("/text").stringValue()).hasSizeGreaterThan(10).doesNotContain("<html");
        assertThat(mail.at("/subject")).isEqualTo(two.get(1).at("/subject"));
        secret = mail.at("/subject").stringValue();
        assertThat(secret).isNotEmpty();
        return inbox.at("/unread").intValue();
    }

    /// The owner reads who looked at what, was told by a message, and ends it.
    private void ownersList(RunningServer server, int unread) throws Exception {
        JsonNode help = jmap(server, "Help/get", "\"ids\": null").at("/list/0");
        assertThat(help.at("/by").stringValue()).isEqualTo("carla");
        assertThat(help.at("/looks").findValuesAsString("what")).containsExactly("folders", "messages", "messages", "contents",
                "folders", "messages", "messages", "contents");
        JsonNode mail = jmap(server, "Email/query", "\"filter\": {\"subject\": \"ti sta aiutando\"}").at("/ids");
        assertThat(mail).as("the message that tells of it").hasSize(1);
        JsonNode inbox = jmap(server, "Mailbox/get", "\"ids\": null").at("/list");
        JsonNode first = inbox.valueStream().filter(one -> one.path("role").asString("").equals("inbox")).findFirst().orElseThrow();
        assertThat(first.at("/unreadEmails").intValue()).isEqualTo(unread);
        jmap(server, "Help/set", "\"update\": {\"" + help.at("/id").stringValue() + "\": {\"open\": false}}");
        assertThat(jmap(server, "Help/get", "\"ids\": null").at("/list/0/open").booleanValue()).isFalse();
    }

    private static JsonNode done(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private JsonNode jmap(RunningServer server, String method, String arguments) throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString((ANNA + ":casella").getBytes(StandardCharsets.UTF_8));
        String base = "http://127.0.0.1:" + server.port("http");
        String session = http.send(HttpRequest.newBuilder(URI.create(base + "/jmap/session")).header("Authorization", basic).build(),
                BodyHandlers.ofString()).body();
        String account = JSON.readTree(session).at("/accounts").propertyNames().iterator().next();
        String body = """
                {"using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "https://casella.example/jmap/service"],
                 "methodCalls": [["%s", {"accountId": "%s", %s}, "0"]]}""".formatted(method, account, arguments);
        String said = http.send(HttpRequest.newBuilder(URI.create(base + "/jmap/api")).header("Authorization", basic)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).body();
        JsonNode answer = JSON.readTree(said).at("/methodResponses/0");
        assertThat(answer.get(0).stringValue()).as(said).isEqualTo(method);
        return answer.get(1);
    }

    private String logIn(RunningServer server, String name) throws Exception {
        String body = "{\"name\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}";
        HttpResponse<String> in = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations")
                + "/api/v1/session")).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
        assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
        return in.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
    }

    private HttpResponse<String> ordered(RunningServer server, String cookie, String order, String fields)
            throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations") + "/api/v1/orders/" + order))
                .header("Content-Type", "application/json").header("Cookie", cookie).POST(BodyPublishers.ofString(fields)).build(),
                BodyHandlers.ofString());
    }

    private static String casella(int expected, Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var in = new ByteArrayInputStream((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        var terminal = new Terminal(in, print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }
}
