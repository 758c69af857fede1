package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves over a whole server that `doctor` says what is wrong and what to do, that `automation pause` outlives a restart
/// and is said until it is resumed, that `status` knows since when a part is gone, and that orders are written down.
final class HealthOrdersTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private record Result(int code, String out, String err) {
        JsonNode json() {
            return Json.MAPPER.readTree(out);
        }
    }

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments),
                Stream.of("--data", data.toString())).toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data),
                new Server(),
                all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Result until(Path data, Predicate<Result> right, String... arguments) {
        Instant end = Instant.now().plus(LONG);
        Result result = casella(data, arguments);
        while (!right.test(result) && Instant.now().isBefore(end)) {
            Thread.onSpinWait();
            result = casella(data, arguments);
        }
        assertThat(right.test(result)).as(result.out() + result.err()).isTrue();
        return result;
    }

    @Test
    void whatIsPausedIsSaidUntilItIsResumed(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            Result well = casella(data, "doctor");
            assertThat(well.out()).startsWith("Nothing is wrong.");
            assertThat(well.code()).isZero();
            assertThat(casella(data, "automation", "list").code()).isZero();

            assertThat(casella(data, "automation", "pause",
                    "healer").out()).contains("healer     PAUSED since");
            assertThat(casella(data, "automation", "pause",
                    "cook").err()).contains("work: must be healer, standby, collector");
            assertThat(server.stop()).isZero();
        }
        assertThat(casella(data, "doctor").code()).isEqualTo(3);
        try (var server = RunningServer.start(data)) {
            assertThat(casella(data, "status").out()).contains("PAUSED: healer, since ");
            Result doctor = casella(data, "doctor");
            assertThat(doctor.code()).isEqualTo(1);
            assertThat(doctor.out()).contains("Work that goes on by itself is paused", "seen     healer",
                    "docs/operations/runbooks/automation-is-paused.md");
            assertThat(casella(data, "automation", "list").code()).isEqualTo(1);

            assertThat(casella(data, "automation", "resume").code()).isZero();
            assertThat(casella(data, "automation", "list").code()).isZero();
            assertThat(casella(data, "status").out()).doesNotContain("PAUSED");
            assertThat(server.stop()).isZero();
        }
        written(data);
    }

    private static void written(Path data) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("audit.log"));
        String me = System.getProperty("user.name");
        assertThat(lines).anySatisfy(line -> assertThat(line)
                .matches("\\S+Z " + me + " AutomationPause\\[work=healer\\] begins"));
        assertThat(lines).anySatisfy(line -> assertThat(line).endsWith(me
                + " AutomationPause[work=healer] done"));
        assertThat(lines).anySatisfy(line ->
                assertThat(line).contains("AutomationPause[work=cook] refused: work: must be"));
        assertThat(lines).noneSatisfy(line -> assertThat(line).contains("Status"));
    }

    @Test
    void aVaultThatIsGoneIsNamedWithSinceWhenAndWhatToDo(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("casella.yaml"),
                "access: {plain-login-on-loopback: true}\n");
        try (var server = RunningServer.troubled(data, config)) {
            Instant before = Instant.now();
            server.tell("vaults away");

            Result doctor = until(data, result -> result.out().contains("part-is-gone"), "doctor", "--json");
            assertThat(doctor.code()).isEqualTo(1);
            JsonNode finding = doctor.json().path("findings").get(0);
            assertThat(finding.path("symptom").asString()).isEqualTo("part-is-gone");
            assertThat(finding.path("level").asString()).isEqualTo("warning");
            assertThat(finding.path("seen").asString()).contains("vault.");
            assertThat(Instant.parse(finding.path("since").asString())).isAfter(before);

            Result status = until(data, result -> gone(result.json()) == 2, "status", "--json");
            assertThat(status.json().path("status").asString()).isEqualTo("gone");
            assertThat(status.json().path("wrong").size()).isPositive();
            assertThat(server.stop()).isZero();
        }
    }

    private static int gone(JsonNode status) {
        int gone = 0;
        for (JsonNode part : status.path("parts")) {
            if (!part.path("state").asString().equals("gone")) continue;
            assertThat(part.path("since").asString()).isNotEmpty();
            assertThat(part.path("probe").path("p50Millis").isNumber()).isTrue();
            gone++;
        }
        return gone;
    }
}
