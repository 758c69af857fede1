package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Proves the re-enactment of January 2023 as anybody runs it: without a server, in less than three minutes, with its three
/// ways, nobody in the dark, nothing lost, and a folder that is gone afterwards.
final class JanuaryTest {
    private static final JsonMapper JSON = new JsonMapper();
    /// Goal of the small scale.
    private static final Duration MOST = Duration.ofMinutes(3);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private record Result(int code, String out, String err) {}

    private Result casella(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", folder.toString())).toArray(String[]::new);
        var terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                Map.of(), folder);
        int code = Cli.run(terminal, new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatItCannotDoIsRefusedAtOnce() {
        for (List<String> wrong : List.of(List.of("--cohort", "staff"), List.of("--technology", "pack"),
                List.of("--scale", "huge"), List.of("--for", "soon"), List.of("--for", "1s"))) {
            var all = Stream.concat(Stream.of("drill", "run", "january-2023"), wrong.stream()).toArray(String[]::new);
            Result result = casella(all);
            assertThat(result.code()).as(result.err()).isEqualTo(2);
            assertThat(result.err()).contains(wrong.getFirst().substring(2) + ": ");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /// Whoever has it run behind gets his terminal back at once, and its report later.
    @Tag("long")
    @Test
    void itRunsInAProcessOfItsOwn() throws Exception {
        Result begun = casella("drill", "run", "january-2023", "--for", "15s", "--background", "--json");
        assertThat(begun.code()).as(begun.err()).isZero();
        JsonNode facts = JSON.readTree(begun.out());
        ProcessHandle process = ProcessHandle.of(facts.path("process").asLong()).orElseThrow();
        try {
            process.onExit().get(MOST.toSeconds(), TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
        Result report = casella("drill", "report", "january-2023", "--json");
        assertThat(report.code()).as(Files.readString(Path.of(facts.path("log").asString()))).isZero();
        assertThat(JSON.readTree(report.out()).path("passed").asBoolean()).isTrue();
    }

    @Tag("long")
    @Test
    void nobodyIsInTheDarkAndNothingIsLost() throws Exception {
        long began = System.nanoTime();
        Result run = casella("drill", "run", "january-2023", "--for", "20s", "--json");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(MOST);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        JsonNode facts = JSON.readTree(run.out());
        assertThat(facts.path("passed").asBoolean()).isTrue();
        assertThat(facts.path("darkMinutes").asDouble()).isZero();
        for (String none : List.of("refused", "lost", "duplicated", "identifiersChanged", "wrongBytesServed", "readsFailed")) {
            assertThat(facts.path(none).asInt(-1)).as(none).isZero();
        }
        assertThat(facts.path("oneStorage").path("darkMinutes").asDouble()).isGreaterThan(0.3);
        assertThat(facts.path("timeToDialToneMillis").asLong()).isLessThan(10_000);
        assertThat(facts.path("checks")).hasSize(3).allMatch(check -> check.path("held").asBoolean());
        assertThat(facts.path("checks").toString()).contains("answers nothing", "halted by itself at", "all came back");

        Path report = Path.of(facts.path("folder").asString());
        assertThat(Files.readString(report.resolve("plot.svg"))).contains("One storage", "Casella");
        assertThat(casella("drill", "report", "january-2023").out()).contains("January 2023, again", "PASSED");
        try (Stream<Path> left = Files.list(report.getParent())) {
            assertThat(left).containsExactly(report);
        }
    }
}
