package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves over a whole server that the record has what happened: the gap of a kill -9, for everybody; a continuation, for the account
/// that was used; no vault, for the one that was not.
final class AvailabilityTest {
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@virgola.example";

    private Path data = Path.of("");

    private String casella(int expected, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isEqualTo(expected);
        return told;
    }

    private JsonNode record(String address) {
        return Json.MAPPER.readTree(casella(0, "availability", address, "--json"));
    }

    private static JsonNode capability(JsonNode record, String name) {
        for (JsonNode one : record.path("capabilities")) if (one.path("capability").asString().equals(name)) return one;
        throw new AssertionError(record.toString());
    }

    /// Returns the causes of each interval: `killed`, or with a star `*continuation` where it was measured at the account.
    private static List<String> causes(JsonNode record, String capability) {
        var causes = new ArrayList<String>();
        for (JsonNode one : capability(record, capability).path("away")) {
            String star = one.path("own").asBoolean() ? "*" : "";
            one.path("causes").forEach(cause -> causes.add(star + cause.asString()));
        }
        return causes;
    }

    private JsonNode until(String address, Predicate<JsonNode> right) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        JsonNode last = record(address);
        while (!right.test(last)) {
            assertThat(Instant.now()).as(last.toString()).isBefore(end);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
            last = record(address);
        }
        return last;
    }

    private static Duration between(JsonNode span) {
        return Duration.between(Instant.parse(span.path("from").asString()), Instant.parse(span.path("until").asString()));
    }

    @Test
    void aKillIsAGapForEverybodyAndEveryCapability(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        Instant killed;
        try (var demo = RunningServer.start(data)) {
            killed = Instant.now();
            demo.kill();
        }
        JsonNode off = record(ANNA);
        assertThat(causes(off, "log-in")).containsExactly("killed");
        assertThat(off.path("to").asString()).as("until now").isEqualTo(
                capability(off, "log-in").path("away").get(0).path("until").asString());
        try (var server = RunningServer.start(data)) {
            Instant ready = Instant.now();
            JsonNode after = until(ANNA, found -> causes(found, "push").equals(List.of("killed")));
            for (String name : List.of("log-in", "read", "receive", "send", "push")) {
                JsonNode gap = capability(after, name).path("away").get(0);
                assertThat(Instant.parse(gap.path("from").asString())).isBetween(killed.minusSeconds(10), killed);
                assertThat(Instant.parse(gap.path("until").asString())).isBetween(killed, ready);
                assertThat(capability(after, name).path("awayMillis").asLong()).isEqualTo(between(gap).toMillis());
            }
            assertThat(casella(0, "availability", ANNA)).contains("log-in   away ", "  killed");
            assertThat(server.stop()).isZero();
        }
        assertThat(causes(record(ANNA), "send")).containsExactly("killed", "stopped");
        assertThat(casella(1, "availability", "nobody@posta.example")).contains("there is none with that address");
        assertThat(casella(1, "availability", ANNA, "--from", "ieri")).contains("from: must be a moment like");
        assertThat(data.resolve("audit.log")).as("it only looks").doesNotExist();
    }

    @Test
    @Tag("long")
    void aFaultIsInTheRecordOfWhomItHit(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config,
                "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config)) {
            server.tell("vaults away");
            server.tell("engine away");
            until(BRUNO, found -> causes(found, "read").equals(List.of("stopped", "vaults")));
            casella(0, "standby", "open", ANNA);
            JsonNode dark = until(ANNA, found -> causes(found, "read").contains("*continuation"));
            assertThat(causes(dark, "log-in")).containsExactly("stopped");
            server.tell("heal");
            until(BRUNO, found -> !ends(found).equals(found.path("to").asString()));
            assertThat(causes(record(BRUNO), "read")).containsExactly("stopped", "vaults");
            back();
            JsonNode end = until(ANNA, found -> !ends(found).equals(found.path("to").asString()));
            assertThat(causes(end, "read")).contains("*continuation");
            assertThat(causes(end, "receive")).containsExactly("stopped");
            assertThat(server.stop()).isZero();
        }
    }

    /// Returns when the last interval of reading ends.
    private static String ends(JsonNode record) {
        JsonNode away = capability(record, "read").path("away");
        return away.get(away.size() - 1).path("until").asString();
    }

    private void back() throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        var none = new PrintStream(new ByteArrayOutputStream());
        var terminal = new Terminal(InputStream.nullInputStream(), none, none, Map.of(), data);
        while (Cli.run(terminal, new Server(), "standby", "return", "--all", "--data", data.toString()) != 0) {
            assertThat(Instant.now()).isBefore(end);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }
}
