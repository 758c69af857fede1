package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Whatever a client sends it gets an answer in JSON, and never one that says the server made a
/// mistake.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestFuzzTest {
    private static final int ROUNDS = Integer.getInteger("casella.fuzzRounds", 400);

    private static final List<String> PIECES = List.of(
            "null", "true", "-1", "0", "1e400", "9007199254740993", "\"\"", "\"#x\"", "\"m1\"", "\"$seen\"", "[]", "{}",
            "[null]", "{\"a\":null}", "\"../..\"", "\"\\u0000\"", "[[[[[[[[[[]]]]]]]]]]", "{\"operator\":\"AND\"}",
            "{\"resultOf\":\"0\",\"name\":\"Core/echo\",\"path\":\"/*/*\"}", "1.5", "\"2026-11-22T10:00:00Z\"");

    private Running running;
    private String anna;

    @SuppressWarnings("NullAway.Init")
    RequestFuzzTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
        anna = running.account("anna@posta.example").id().toString();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    /// Bytes near to JSON, torn and turned.
    @Test
    void bytesThatAreNoRequestAreRefusedWithAProblem() {
        long seed = Long.getLong("casella.seed", 20261122);
        var random = new Random(seed);
        byte[] good = ("{\"using\":[\"urn:ietf:params:jmap:core\"],\"methodCalls\":[[\"Core/echo\",{\"x\":\"\\u00e8\"},"
                        + "\"0\"]]}")
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Request.Reading reading = Request.read(bytes, Capability.OFFERED, 32);

            assertThat(reading).as("seed " + seed + " round " + round).isNotNull();
            if (reading instanceof Request.Reading.Refused(var error)) assertThat(error.status()).isEqualTo(400);
        }
    }

    /// Every method, with arguments of the right names and any values.
    @Test
    void argumentsOfAnyShapeNeverBecomeAMistakeOfOurs() throws IOException {
        long seed = Long.getLong("casella.seed", 20261122);
        var random = new Random(seed);
        List<String> names = List.of(
                "ids", "properties", "filter", "sort", "position", "anchor", "anchorOffset", "limit", "calculateTotal",
                "collapseThreads", "create", "update", "destroy", "ifInState", "sinceState", "maxChanges", "emails",
                "blobIds", "bodyProperties", "fetchAllBodyValues", "maxBodyValueBytes", "emailIds",
                "onSuccessUpdateEmail", "onSuccessDestroyEmail", "#ids", "sinceQueryState");
        List<String> methods = Method.ALL.keySet().stream().sorted().toList();
        for (int round = 0; round < ROUNDS; round++) {
            ArrayNode calls = Json.array();
            for (int i = 0; i < 8; i++) {
                var body = new StringBuilder("{\"accountId\":\"" + anna + "\"");
                for (int k = random.nextInt(4); k > 0; k--) {
                    String name = names.get(random.nextInt(names.size()));
                    if (!body.toString().contains('"' + name + '"')) {
                        body.append(",\"").append(name).append("\":").append(value(random, 3));
                    }
                }
                JsonNode arguments = Running.json(body.append('}').toString());
                calls.add(Json.array().add(methods.get(random.nextInt(methods.size()))).add(arguments).add("" + i));
            }
            String request = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\","
                    + "\"urn:ietf:params:jmap:submission\"],\"methodCalls\":" + calls + "}";
            JsonNode answer = running.api("anna@posta.example", request);

            for (JsonNode response : answer.path("methodResponses")) {
                assertThat(response.path(1).path("type").asString(""))
                        .as("seed %d round %d: %s", seed, round, request)
                        .isNotEqualTo("serverFail");
            }
        }
    }

    private static String value(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 5 : 3);
        if (kind < 3) return PIECES.get(random.nextInt(PIECES.size()));
        if (kind == 3) return "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
        List<String> members = List.of(
                "name", "property", "keyword", "inMailbox", "text", "operator", "conditions", "mailboxIds", "keywords",
                "bodyStructure", "textBody", "bodyValues", "partId", "from", "header:X:asDate", "blobId", "emailId",
                "identityId", "envelope", "mailFrom", "rcptTo", "k1", "#k1", "keywords/x");
        String one = members.get(random.nextInt(members.size()));
        String two = members.get(random.nextInt(members.size()));
        String first = "\"" + one + "\":" + value(random, depth - 1);
        return "{" + (one.equals(two) ? first : first + ",\"" + two + "\":" + value(random, depth - 1)) + "}";
    }
}
