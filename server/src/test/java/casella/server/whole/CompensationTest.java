package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.Desk;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves over a whole server that owners are given what the rules say: previewed by one, approved by another, a mailbox
/// that was full takes mail again, its owner is told, billing has its file; and all of it is taken back.
final class CompensationTest {
    private static final String CARLO = "carlo@posta.example";
    private static final String RULES = """
            version: 1
            rules:
              - rule: room
                brands: all
                plans: [free]
                away: mailbox
                longer-than: 0m
                quota: 100%
              - rule: plus
                brands: [posta, virgola]
                plans: [plus]
                away: read
                longer-than: 0m
                months: 6
            """;

    @TempDir
    private Path folder;

    private Path data = Path.of("");

    private String casella(int expected, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), folder);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
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

    private static String deliver(RunningServer server, int bytes) throws IOException {
        String mail = "Subject: peso\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(bytes / 72);
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            return lmtp.deliver("x@test.example", CARLO, mail.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void fill(RunningServer server) throws IOException {
        for (int i = 0; i < 30; i++) {
            String reply = deliver(server, 100_000);
            if (!reply.startsWith("250")) {
                assertThat(reply).contains("2.2");
                return;
            }
        }
        throw new AssertionError("never full");
    }

    /// Writes into the record what a kill leaves there (AvailabilityTest): that nothing worked for anybody until now.
    private void down() {
        long now = System.currentTimeMillis();
        try (Desk desk = Desk.open(data.resolve("desk"))) {
            desk.write(s -> s.change("INSERT INTO availability_scopes VALUES ('everybody', 'killed', ?, ?)", now - 60_000, now));
        }
    }

    @Test
    void ownersAreGivenWhatTheRulesSayOnce() throws Exception {
        data = folder.resolve("data");
        Files.writeString(folder.resolve("rules.yaml"), RULES);
        Files.writeString(folder.resolve("half.yaml"), RULES.substring(0, RULES.indexOf("  - rule: plus")));
        try (var server = RunningServer.start(data)) {
            casella(0, "plan", "add", "free", "--quota", "1MiB");
            casella(0, "incident", "open", "--title", "Non si apre", "--severity", "critical", "--brand", "all");
            fill(server);
            down();
            assertThat(deliver(server, 100_000)).doesNotStartWith("250");
            previewed();
            assertThat(deliver(server, 100_000)).as("a preview gives nothing").doesNotStartWith("250");
            given(server);
            takenBack(server);
            assertThat(server.stop()).isZero();
        }
        assertThat(Files.readString(data.resolve("audit.log"))).contains("CompensationApprove").contains("CompensationApply")
                .contains("CompensationRevoke").contains("CompensationList").doesNotContain("longer-than");
    }

    private void previewed() {
        assertThat(casella(1, "compensation", "preview", "--incident", "1", "--rules", "half.yaml"))
                .contains("plan 'plus' of brand 'posta' is named by no rule");
        assertThat(casella(0, "compensation", "preview", "--incident", "1", "--rules", "rules.yaml", "--as", "anna"))
                .contains("NOT RESOLVED");
        assertThat(casella(1, "compensation", "approve", "--incident", "1", "--as", "bruno")).contains("is not resolved");
        casella(0, "incident", "resolve", "1");
        JsonNode preview = Json.MAPPER.readTree(casella(0, "compensation", "preview", "--incident", "1", "--rules",
                "rules.yaml", "--as", "anna", "--json").lines().filter(line -> line.startsWith("{")).findFirst().orElseThrow());
        assertThat(preview.path("incidentOver").asBoolean()).isTrue();
        assertThat(preview.path("accounts").asLong()).isEqualTo(4);
        assertThat(preview.path("quotaBytes").asLong()).isEqualTo(preview.path("lines").valueStream()
                .filter(line -> line.path("plan").asString().equals("free"))
                .mapToLong(line -> line.path("accounts").asLong() << 20).sum()).isPositive();
        assertThat(casella(1, "compensation", "apply", "--incident", "1")).contains("nothing is approved");
        assertThat(casella(1, "compensation", "approve", "--incident", "1", "--as", "Anna")).contains("somebody else");
        assertThat(casella(0, "compensation", "approve", "--incident", "1", "--as", "bruno", "--digest",
                preview.path("digest").asString().substring(0, 12))).contains("approved").contains("by bruno (user ");
    }

    private void given(RunningServer server) throws Exception {
        assertThat(casella(0, "compensation", "apply", "--incident", "1")).contains("incident 1: applied").contains("credited 4");
        // Beyond what the plan says, at the door and in the store.
        for (int i = 0; i < 3; i++) assertThat(deliver(server, 100_000)).as("room again").startsWith("250");
        until("all are told", () -> casella(0, "compensation", "status").contains("announced by casella"));
        try (var imap = LineClient.imap(server.port("imap"), CARLO)) {
            imap.command("s", "SELECT INBOX");
            List<String> found = imap.command("f", "SEARCH FROM notices@posta.example SUBJECT ristoro");
            assertThat(found.getFirst()).matches("\\* SEARCH \\d+");
        }
        try (var jmap = new PushClient(server, CARLO)) {
            JsonNode list = jmap.call("Compensation/get", "\"ids\":null").get(1).path("list");
            assertThat(list).hasSize(1);
            assertThat(list.get(0).path("quotaBytes").asLong()).isEqualTo(1 << 20);
            assertThat(list.get(0).path("title").path("it").asString()).isEqualTo("Non si apre");
        }
        assertThat(casella(0, "compensation", "status", "--account", CARLO)).contains("credited").contains("1.0 MiB of quota each");
        assertThat(casella(0, "compensation", "apply", "--incident", "1")).contains("credited 4");
        assertThat(casella(0, "compensation", "status", "--incident", "1", "--csv", "bill.csv")).contains("4 rows");
        Path csv = folder.resolve("bill.csv");
        assertThat(Files.getPosixFilePermissions(csv)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows).hasSize(5).first().asString().startsWith("key,incident,account,address,brand,plan,rule,months");
        assertThat(rows).anyMatch(row -> row.startsWith("incident-1-") && row.contains("," + CARLO + ",posta,free,room,0,1048576,credited,"));
    }

    private void takenBack(RunningServer server) throws IOException {
        assertThat(casella(0, "compensation", "revoke", "--incident", "1", "--why", "the rules were wrong"))
                .contains("revoked").contains("taken back 4").contains("the rules were wrong");
        assertThat(deliver(server, 100_000)).as("full again").doesNotStartWith("250");
        assertThat(casella(0, "compensation", "status", "--account", CARLO)).contains("ended");
        assertThat(casella(1, "compensation", "revoke", "--incident", "1", "--why", "again")).contains("nothing to revoke");
    }
}
