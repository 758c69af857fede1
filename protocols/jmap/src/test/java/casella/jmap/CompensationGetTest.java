package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Given;
import casella.store.Account;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves that owners read what they were given, all of it and nobody else's.
final class CompensationGetTest {
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@posta.example";

    private static JsonNode get(Running server, String who, Account account, String arguments) {
        return server.api(who, "{\"using\":[\"urn:ietf:params:jmap:core\",\"https://casella.example/jmap/service\"],"
                + "\"methodCalls\":[[\"Compensation/get\",{\"accountId\":\"" + account.id() + "\"," + arguments + "},\"c\"]]}")
                .path("methodResponses").get(0);
    }

    @Test
    void ownersReadWhatTheyWereGiven(@TempDir Path folder) {
        try (var server = new Running(folder)) {
            Account anna = server.account(ANNA);
            Account bruno = server.account(BRUNO);
            Instant at = Instant.parse("2027-01-31T09:30:00.123Z");
            var room = new Given.Credit(70, 2, "Non si apre", "Does not open", 1 << 20, 0, at, null);
            var months = new Given.Credit(60, 1, "", "", 0, 6, at, at.plusSeconds(60));
            server.given.put(anna.id(), List.of(room, months));

            JsonNode all = get(server, ANNA, anna, "\"ids\":null").get(1);

            assertThat(all.path("list")).hasSize(2);
            assertThat(all.path("list").get(0)).hasToString("{\"id\":\"c70\",\"incident\":\"n2\",\"title\":{\"it\":\"Non si apre\","
                    + "\"en\":\"Does not open\"},\"quotaBytes\":1048576,\"months\":0,\"given\":\"2027-01-31T09:30:00Z\",\"ended\":null}");
            assertThat(all.path("list").get(1).path("ended").asString()).isEqualTo("2027-01-31T09:31:00Z");
            JsonNode some = get(server, ANNA, anna, "\"ids\":[\"c60\",\"c1\"],\"properties\":[\"months\"]").get(1);
            assertThat(some.path("list")).hasToString("[{\"id\":\"c60\",\"months\":6}]");
            assertThat(some.path("notFound")).hasToString("[\"c1\"]");
            assertThat(some.path("state")).isEqualTo(all.path("state"));
            server.given.put(anna.id(), List.of(room));
            assertThat(get(server, ANNA, anna, "\"ids\":null").get(1).path("state")).isNotEqualTo(all.path("state"));
            assertThat(get(server, BRUNO, bruno, "\"ids\":null").get(1).path("list")).isEmpty();
            assertThat(get(server, BRUNO, anna, "\"ids\":null").get(0).asString()).isEqualTo("error");
        }
    }
}
