package casella.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Argon2;
import casella.incident.Desk;
import casella.incident.staff.Role;
import casella.incident.staff.Staff;
import casella.server.Golden;
import casella.server.control.BreachOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import casella.testkit.SteppedClock;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Proves who may order what by the network: each order by each role, and by nobody at all.
class StaffDoorTest {
    private static final String PASSWORD = "una frase lunga abbastanza";

    /// What was carried out, and for whom.
    private record Carried(String by, Order order, String body) {}

    private final List<Carried> carried = new ArrayList<>();
    private final SteppedClock clock = new SteppedClock();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Outcome outcome = new Outcome.Done(Json.object().put("fact", 1));
    private int rows = 1;
    private Desk desk;
    private Staff staff;
    private StaffApi api;
    private WebServer server;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        desk = Desk.open(folder.resolve("desk"));
        staff = new Staff(desk, new Argon2(8, 1, 1), clock);
        Path console = Files.createDirectories(folder.resolve("console"));
        Files.writeString(console.resolve("index.html"), "<!doctype html><title>console</title>");
        api = StaffApi.open(staff, this::perform, console, folder.resolve("handed"), clock);
        server = WebServer.builder().host("127.0.0.1").port(0).shutdownHook(false)
                .routing((HttpRouting.Builder routing) -> api.route(routing)).build().start();
    }

    @AfterEach
    void close() {
        server.stop();
        api.close();
        staff.close();
        desk.close();
        client.close();
    }

    private Outcome perform(Order order, Reader body, Operations.Output out) {
        try {
            var text = new StringWriter();
            body.transferTo(text);
            synchronized (carried) {
                carried.add(new Carried(Audit.by(), order, text.toString()));
            }
            if (order instanceof BreachOrder.BreachExport export) Files.writeString(Path.of(export.to()),
                    "%PDF");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.progress(1, 2, "rows");
        for (int i = 0; i < rows; i++) out.row(Json.object().put("row", i));
        return outcome;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> order(@Nullable String cookie, String name,
            ObjectNode fields) throws Exception {
        HttpRequest.Builder request = request("/api/v1/orders/" + name).header("Content-Type",
                "application/json")
                .POST(BodyPublishers.ofString(fields.toString()));
        return send(cookie == null ? request : request.header("Cookie", cookie));
    }

    private HttpResponse<String> logIn(String name, String password) throws Exception {
        ObjectNode body = Json.object().put("name", name).put("password", password);
        return send(request("/api/v1/session").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceAll(";.*", "");
    }

    private String in(Role... roles) throws Exception {
        String name = "carla." + Arrays.stream(roles).map(Role::word).reduce("", String::concat).replace("-",
                "");
        staff.put(name.substring(0, Math.min(30, name.length())), Set.of(roles), PASSWORD);
        return cookie(logIn(name.substring(0, Math.min(30, name.length())), PASSWORD));
    }

    /// The least that an order of that type has to say.
    private static ObjectNode fields(String name) {
        return sample(OrderCatalogue.schema(OrderCatalogue.type(name).orElseThrow()));
    }

    private static ObjectNode sample(JsonNode schema) {
        ObjectNode out = Json.object();
        for (JsonNode required : schema.path("required")) {
            String field = required.asString();
            JsonNode of = schema.path("properties").path(field);
            switch (of.path("type").asString()) {
                case "string" -> out.put(field, field.equals("to") ? "a.pdf" : "x");
                case "integer" -> out.put(field, 1);
                default -> out.set(field, sample(of));
            }
        }
        return out;
    }

    @Test
    void eachOrderIsCarriedOutForItsRolesAndForNobodyElse() throws Exception {
        var cookies = new EnumMap<Role, String>(Role.class);
        for (Role role : Role.values()) cookies.put(role, in(role));
        Map<String, List<String>> may = new TreeMap<>();
        for (String name : OrderCatalogue.names()) {
            may.put(name, new ArrayList<>());
            for (Role role : Role.values()) {
                carried.clear();
                HttpResponse<String> answer = order(cookies.get(role), name, fields(name));
                assertThat(answer.statusCode()).as("%s by %s: %s", name, role, answer.body()).isIn(200, 403);
                assertThat(carried).as("%s by %s", name, role).hasSize(answer.statusCode() == 200 ? 1 : 0);
                if (answer.statusCode() == 200) may.get(name).add(role.word());
            }
            carried.clear();
            assertThat(order(null, name, fields(name)).statusCode()).as(name).isEqualTo(401);
            assertThat(order("casella-staff=x", name, fields(name)).statusCode()).as(name).isEqualTo(401);
            assertThat(carried).as(name).isEmpty();
        }
        Golden.compare("docs/operations/roles.md", page(may));
        for (String name : OrderCatalogue.names()) {
            boolean machine = Permission.AT_THE_MACHINE.contains(OrderCatalogue.type(name).orElseThrow());
            assertThat(may.getOrDefault(name, List.of()).isEmpty()).as(name).isEqualTo(machine);
        }
    }

    private static String page(Map<String, List<String>> may) {
        var out = new StringBuilder("""
                # Who may order what

                Made by `StaffDoorTest` out of what the server answered to each role; every order is `POST /api/v1/orders/NAME`. What nobody
                may order by the network is given at the machine itself, `casella` on the command line. No role reads mail
                but with the code that its owner made (`help-…`).

                | order |""");
        for (Role role : Role.values()) out.append(' ').append(role.word()).append(" |");
        out.append("\n| --- |").append(" --- |".repeat(Role.values().length)).append('\n');
        may.forEach((name, roles) -> {
            out.append("| `").append(name).append("` |");
            for (Role role : Role.values()) out.append(roles.contains(role.word()) ? " yes |" : " |");
            out.append('\n');
        });
        return out.toString();
    }

    @Test
    void whoLogsInIsToldWhatTheyMayAndOrdersUnderTheirName() throws Exception {
        staff.put("carla", Set.of(Role.BILLING, Role.READ_ONLY), PASSWORD);
        HttpResponse<String> answer = logIn("carla", PASSWORD);
        JsonNode told = Json.MAPPER.readTree(answer.body());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("set-cookie").orElseThrow()).contains("HttpOnly",
                "SameSite=Strict");
        assertThat(told.path("name").asString()).isEqualTo("carla");
        assertThat(told.path("roles").toString()).isEqualTo("[\"billing\",\"read-only\"]");
        assertThat(told.path("may").toString()).contains("\"compensation-approve\"", "\"status\"")
                .doesNotContain("vault-start");

        HttpResponse<String> done = order(cookie(answer), "compensation-approve", Json.object()
                .put("incident", 3));
        assertThat(done.body())
                .isEqualTo("{\"outcome\":\"done\",\"facts\":{\"fact\":1},\"rows\":[{\"row\":0}],\"more\":false}");
        assertThat(carried).containsExactly(new Carried("staff:carla", new Order.CompensationApprove(3, null,
                null), ""));
        assertThat(order(cookie(answer), "compensation-approve", Json.object().put("incident", 3).put("as",
                "dario")).body())
                .contains("as: is whoever is logged in");
        assertThat(carried).hasSize(1);
    }

    @Test
    void aLogInEndsWithTimeWithANewPasswordWithTheRolesAndWithThePerson() throws Exception {
        String idle = in(Role.OPERATOR);
        assertThat(order(idle, "status", Json.object()).statusCode()).isEqualTo(200);
        clock.step(Duration.ofMinutes(61));
        assertThat(order(idle, "status", Json.object()).statusCode()).isEqualTo(401);

        String changed = in(Role.OPERATOR);
        staff.put("carla.operator", Set.of(Role.OPERATOR), PASSWORD + " nuova");
        assertThat(order(changed, "status", Json.object()).statusCode()).isEqualTo(401);

        String other = in(Role.OPERATOR);
        staff.put("carla.operator", Set.of(Role.READ_ONLY), null);
        assertThat(order(other, "drill-stop", Json.object()).statusCode()).isEqualTo(403);
        assertThat(order(other, "status", Json.object()).statusCode()).isEqualTo(200);

        staff.remove("carla.operator");
        assertThat(order(other, "status", Json.object()).statusCode()).isEqualTo(401);

        String out = in(Role.OPERATOR);
        assertThat(send(request("/api/v1/session").header("Cookie", out).DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(order(out, "status", Json.object()).statusCode()).isEqualTo(401);
    }

    @Test
    void whoGuessesIsMadeToWaitAndLearnsNothing() throws Exception {
        staff.put("carla", Set.of(Role.OPERATOR), PASSWORD);
        String wrong = logIn("carla", "un'altra frase lunga").body();
        assertThat(logIn("nessuno", "un'altra frase lunga").body()).isEqualTo(wrong);
        for (int i = 2; i < 10; i++) assertThat(logIn("carla", "frase " + i).statusCode()).isEqualTo(401);

        HttpResponse<String> waits = logIn("carla", PASSWORD);
        assertThat(waits.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(waits.headers().firstValue("retry-after").orElseThrow())).isBetween(1L,
                600L);
    }

    @Test
    void aKeyIsGoodForItsTimeAndForThatPersonsRoles() throws Exception {
        staff.put("carla", Set.of(Role.READ_ONLY), PASSWORD);
        String key = staff.key("carla", "graphs", Duration.ofDays(30));
        HttpRequest.Builder asked = request("/api/v1/orders/status").header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"));
        assertThat(send(asked).statusCode()).isEqualTo(200);
        assertThat(send(request("/api/v1/orders/drill-stop").header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"))).statusCode())
                        .isEqualTo(403);

        clock.step(Duration.ofDays(31));
        assertThat(send(asked).statusCode()).isEqualTo(401);
        String more = staff.key("carla", "graphs", Duration.ofDays(30));
        assertThat(staff.byKey(more)).isPresent();
        assertThat(staff.endKeys("carla", "graphs")).isEqualTo(1);
        assertThat(staff.byKey(more)).isEmpty();
    }

    @Test
    void anotherSitesPageOrdersNothing() throws Exception {
        String cookie = in(Role.OPERATOR);
        for (String[] header : new String[][] {
            {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site",
                    "same-site"}
        }) {
            assertThat(send(request("/api/v1/orders/drill-stop").header("Cookie", cookie).header(header[0],
                    header[1])
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}")))
                            .statusCode()).isEqualTo(403);
        }
        assertThat(send(request("/api/v1/orders/drill-stop").header("Cookie", cookie)
                .header("Content-Type", "text/plain").POST(BodyPublishers.ofString("{}"))).statusCode())
                        .isEqualTo(415);
        assertThat(carried).isEmpty();
    }

    @Test
    void whatIsNoOrderIsRefusedWithFieldAndRule() throws Exception {
        String cookie = in(Role.OPERATOR);
        assertThat(order(cookie, "nonsense", Json.object()).statusCode()).isEqualTo(404);
        assertThat(order(cookie, "vault-start", Json.object()).body()).contains("\"status\":400",
                "name: must be there");
        assertThat(order(cookie, "vault-start", Json.object().put("name", "pack").put("soke", "1m")).body())
                .contains("\"status\":400", "soke");
        assertThat(order(cookie, "vault-start", Json.object().put("name", "pack").put("order", "status"))
                .statusCode())
                .isEqualTo(400);
        assertThat(send(request("/api/v1/orders/vault-start").header("Cookie", cookie).header("Content-Type",
                "application/json")
                .POST(BodyPublishers.ofString("[1"))).statusCode()).isEqualTo(400);
        assertThat(send(request("/api/v1/orders/vault-start").header("Cookie", cookie).header("Content-Type",
                "application/json")
                .POST(BodyPublishers.ofString(" ".repeat((1 << 20) + 1)))).statusCode()).isEqualTo(413);
        assertThat(carried).isEmpty();

        outcome = new Outcome.Refused("name: there is no vault 'x'");
        HttpResponse<String> refused = order(cookie, "vault-start", Json.object().put("name", "x"));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("content-type").orElseThrow())
                .isEqualTo("application/problem+json");
        assertThat(refused.body()).contains("name: there is no vault 'x'");
        outcome = new Outcome.NotReachable("no server");
        assertThat(order(cookie, "vault-start", Json.object().put("name", "x")).statusCode()).isEqualTo(503);
    }

    @Test
    void rowsComeInOnePieceUpToALimitAndElseAsTheyCome() throws Exception {
        String cookie = in(Role.OPERATOR);
        rows = StaffDoor.ROWS_MAX + 1;
        JsonNode piece = Json.MAPPER.readTree(order(cookie, "queue-list", Json.object()).body());
        assertThat(piece.path("rows").size()).isEqualTo(StaffDoor.ROWS_MAX);
        assertThat(piece.path("more").asBoolean()).isTrue();

        List<String> lines = send(request("/api/v1/orders/queue-list").header("Cookie", cookie)
                .header("Accept", "application/x-ndjson")
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}"))).body()
                        .lines().toList();
        assertThat(lines).hasSize(StaffDoor.ROWS_MAX + 3);
        assertThat(lines.getFirst()).isEqualTo("{\"progress\":1,\"of\":2,\"unit\":\"rows\"}");
        assertThat(lines.getLast()).isEqualTo("{\"done\":{\"fact\":1}}");
    }

    @Test
    void aFileIsFetchedOnceByWhoeverOrderedIt() throws Exception {
        String cookie = in(Role.DATA_PROTECTION);
        ObjectNode export = Json.object().put("breach", 1).put("to", "breach-1.pdf").put("language", "it");
        String path = Json.MAPPER.readTree(order(cookie, "breach-export", export).body()).path("facts")
                .path("download").asString();
        assertThat(carried.getFirst().order()).isInstanceOf(BreachOrder.BreachExport.class);
        staff.put("dario", Set.of(Role.DATA_PROTECTION), PASSWORD);
        String other = cookie(logIn("dario", PASSWORD));

        assertThat(send(request(path)).statusCode()).isEqualTo(401);
        assertThat(send(request(path).header("Cookie", other)).statusCode()).isEqualTo(404);
        HttpResponse<String> fetched = send(request(path).header("Cookie", cookie));
        assertThat(fetched.body()).isEqualTo("%PDF");
        assertThat(fetched.headers().firstValue("content-disposition").orElseThrow()).contains("attachment",
                "breach-1.pdf");
        assertThat(send(request(path).header("Cookie", cookie)).statusCode()).isEqualTo(404);

        String late = Json.MAPPER.readTree(order(cookie, "breach-export", export).body()).path("facts")
                .path("download").asString();
        clock.step(Duration.ofMinutes(11));
        String again = cookie(logIn("dario", PASSWORD));
        assertThat(send(request(late).header("Cookie", cookie)).statusCode()).isEqualTo(404);
        for (String name : new String[] {"/etc/passwd", "../x.pdf", "x", ".x.pdf", "a/b.pdf",
                "x.pdf\u0000"}) {
            carried.clear();
            HttpResponse<String> refused = order(again, "breach-export", export.deepCopy().put("to", name));
            assertThat(refused.statusCode()).as(name).isEqualTo(422);
            assertThat(carried).as(name).isEmpty();
        }
    }

    @Test
    void theConsolesPagesAreServedAndNothingElse() throws Exception {
        HttpResponse<String> page = send(request("/console/").GET());
        assertThat(page.body()).contains("<title>console</title>");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .contains("script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe");
        assertThat(send(request("/console").GET()).headers().firstValue("location").orElseThrow())
                .isEqualTo("/console/");
        assertThat(send(request("/console/%2e%2e/desk/desk.db").GET()).statusCode()).isEqualTo(404);
        assertThat(send(request("/console/assets/none.js").GET()).statusCode()).isEqualTo(404);
    }
}
