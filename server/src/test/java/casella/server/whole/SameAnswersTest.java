package casella.server.whole;

import static casella.server.whole.FullDesk.ANNA;
import static org.assertj.core.api.Assertions.assertThat;

import casella.server.control.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Proves that whoever asks by the network is told what the command line prints with `--json`, of every order that looks.
final class SameAnswersTest {
    private static final int TIMES = 3;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// An order as both ways have it. `QUEUED` in it stands for a mail that waits.
    private record Asked(String order, String fields, String command) {}

    private static final List<Asked> ALL = List.of(
            new Asked("status", "{}", "status"),
            new Asked("doctor", "{}", "doctor"),
            new Asked("debt", "{}", "debt"),
            new Asked("automation-list", "{}", "automation list"),
            new Asked("queue-list", "{}", "queue list"),
            new Asked("queue-show", "{\"message\": \"QUEUED\"}", "queue show QUEUED"),
            new Asked("outgoing-list", "{}", "queue outgoing"),
            new Asked("outgoing-destinations", "{}", "queue destinations"),
            new Asked("brand-list", "{}", "brand list"),
            new Asked("ban-list", "{}", "ban list"),
            new Asked("forward-list", "{}", "forward list"),
            new Asked("dns", "{\"brand\": \"posta\"}", "dns --brand posta"),
            new Asked("plan-list", "{}", "plan list"),
            new Asked("verify", "{\"account\": \"" + ANNA + "\"}", "verify " + ANNA),
            new Asked("standby-list", "{}", "standby list"),
            new Asked("collect-status", "{}", "collect status"),
            new Asked("vault-list", "{}", "vault list"),
            new Asked("vault-show", "{\"name\": \"nuovo\"}", "vault show nuovo"),
            new Asked("cohort-list", "{}", "cohort list"),
            new Asked("cohort-show", "{\"what\": \"staff\"}", "cohort show staff"),
            new Asked("cohort-show", "{\"what\": \"" + ANNA + "\"}", "cohort show " + ANNA),
            new Asked("reopen-plan", "{}", "reopen plan"),
            new Asked("reopen-status", "{}", "reopen status"),
            new Asked("availability", "{\"account\": \"" + ANNA + "\"}", "availability " + ANNA),
            new Asked("losses", "{}", "losses"),
            new Asked("losses", "{\"account\": \"" + ANNA + "\"}", "losses " + ANNA),
            new Asked("incident-list", "{}", "incident list"),
            new Asked("incident-show", "{\"incident\": 1}", "incident show 1"),
            new Asked("compensation-status", "{}", "compensation status"),
            new Asked("compensation-of", "{\"account\": \"" + ANNA + "\"}", "compensation status --account "
                    + ANNA),
            new Asked("complaint-list", "{}", "complaint list"),
            new Asked("complaint-show", "{\"complaint\": 1}", "complaint show 1"),
            new Asked("breach-list", "{}", "breach list"),
            new Asked("breach-show", "{\"breach\": 1}", "breach show 1"),
            new Asked("staff-list", "{}", "staff list"),
            new Asked("account-find", "{\"text\": \"ann\", \"limit\": 10}", "account find ann"),
            new Asked("account-show", "{\"account\": \"" + ANNA + "\"}", "account show " + ANNA),
            new Asked("drill-reports", "{}", "drill report --all"),
            new Asked("drill-report", "{\"report\": \"" + FullDesk.REPORT + "\"}", "drill report "
                    + FullDesk.REPORT),
            new Asked("audit-list", "{\"limit\": 20}", "staff audit --limit 20"));

    /// Looks that the command line does not have, and where it has what they say.
    private static final Map<String, String> WITHOUT_COMMAND = Map.of(
            "trends", "drawn by the console; casella status has the figures of now",
            "support", "part of casella support-bundle");

    /// What is another number a moment later: both must have it.
    private static final Set<String> MOVES = Set.of("p50Millis", "p99Millis", "seconds", "oldestSeconds",
            "leftSeconds", "left",
            "to", "estimate", "nextSeconds", "perSecond", "read", "passes", "seen", "millis", "awayMillis",
                    "mailboxMillis", "until");

    @TempDir
    private Path folder;

    @Test
    @Tag("long")
    void everyLookIsTheSameByTheNetworkAndAtTheMachine() throws Exception {
        Path data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("casella.yaml"), "store: {return-after: 10s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config); var desk = FullDesk.of(server, data)) {
            desk.casella(0, "staff", "put", "carla", "--role", "operator,support,data-protection,billing",
                    "--password-stdin");
            desk.fill();
            String cookie = desk.logIn("carla");
            String queued = desk.ordered(cookie, "queue-list", "{}").at("/rows/0/message").asString();
            var others = new SoftAssertions();
            for (Asked asked : ALL) {
                others.check(() -> same(desk, cookie, asked, queued));
            }
            others.assertAll();
            assertThat(server.stop()).isZero();
        }
    }

    private static void same(FullDesk desk, String cookie, Asked asked, String queued) throws Exception {
        String[] command = Stream.concat(Stream.of(asked.command().replace("QUEUED", queued).split(" ")),
                Stream.of("--json")).toArray(String[]::new);
        for (int time = 1; ; time++) {
            JsonNode given = desk.ordered(cookie, asked.order(), asked.fields().replace("QUEUED", queued));
            int code = given.path("outcome").asString().equals("done") ? 0 : 1;
            JsonNode printed = JSON.readTree(desk.casella(code, command));
            JsonNode told = printed.isArray() ? given.path("rows") : given.path("facts");
            assertThat(told.size()).as(asked.order() + " says something").isPositive();
            // Between the two something may have begun or ended.
            if (time < TIMES && !still(told).equals(still(printed))) continue;
            assertThat(still(told)).as(asked.order() + " and casella " + asked.command())
                    .isEqualTo(still(printed));
            return;
        }
    }

    /// The same without the values of what moves.
    private static JsonNode still(JsonNode of) {
        JsonNode out = of.deepCopy();
        if (out instanceof ObjectNode members) {
            for (String name : List.copyOf(members.propertyNames())) {
                if (MOVES.contains(name) && members.path(name).isValueNode()) members.put(name, "moves");
                else members.set(name, name.equals("named") ? sorted(still(members.path(name)))
                        : still(members.path(name)));
            }
        } else if (out instanceof ArrayNode items) {
            for (int i = 0; i < items.size(); i++) items.set(i, still(items.get(i)));
        }
        return out;
    }

    /// Accounts are looked at several at a time.
    private static JsonNode sorted(JsonNode rows) {
        ArrayNode out = JSON.createArrayNode();
        rows.valueStream().sorted(Comparator.comparing(row -> row.path("account").asString()))
                .forEach(out::add);
        return out;
    }

    @Test
    void noOrderThatLooksIsLeftOut() throws Exception {
        JsonNode document = JSON.readTree(Files.readString(
                Path.of(System.getProperty("casella.root"), "docs/operations/openapi.json")));
        var looks = new TreeSet<String>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            JsonNode post = path.getValue().path("post");
            if (!path.getKey().startsWith("/api/v1/orders/") || post.path("x-roles").isEmpty()) continue;
            String name = path.getKey().substring("/api/v1/orders/".length());
            ObjectNode least = sample(post.at("/requestBody/content/application~1json/schema"));
            if (JSON.treeToValue(least.put("order", name), Order.class).looks()) looks.add(name);
        }
        List<String> asked = new ArrayList<>(ALL.stream().map(Asked::order).toList());
        asked.addAll(WITHOUT_COMMAND.keySet());

        assertThat(looks).hasSizeGreaterThan(20);
        assertThat(asked).containsAll(looks);
    }

    /// The least that an order has to say.
    private static ObjectNode sample(JsonNode schema) {
        ObjectNode out = JSON.createObjectNode();
        for (JsonNode required : schema.path("required")) {
            JsonNode of = schema.path("properties").path(required.asString());
            switch (of.path("type").asString()) {
                case "integer" -> out.put(required.asString(), 1);
                case "object" -> out.set(required.asString(), sample(of));
                default -> out.put(required.asString(), "x");
            }
        }
        for (Map.Entry<String, JsonNode> one : schema.path("properties").properties()) {
            switch (one.getValue().path("type").asString("")) {
                case "boolean" -> out.put(one.getKey(), false);
                case "array" -> out.putArray(one.getKey());
                default -> { }
            }
        }
        return out;
    }
}
