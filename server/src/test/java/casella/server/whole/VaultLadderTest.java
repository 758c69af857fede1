package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Proves the migration to a new vault over a whole server: up by itself, over a kill, back from a stage at once, and the old
/// vault gone in the end, with every mail where it was.
final class VaultLadderTest {
    private static final String ANNA = "anna@posta.example";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private record Result(int code, String out, String err) {}

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private int delivered;

    private Path data() {
        return folder.resolve("data");
    }

    private Result casella(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data().toString()))
                .toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data()),
                new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Result done(String... arguments) {
        Result result = casella(arguments);
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        return result;
    }

    private void deliver(RunningServer server, int mails) {
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            for (int i = 0; i < mails; i++) {
                byte[] mail = ("Subject: numero " + delivered++ + "\r\n\r\nriga\r\n")
                        .getBytes(StandardCharsets.UTF_8);
                assertThat(client.deliver("x@test.example", ANNA, mail)).startsWith("250");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode show() {
        return JSON.readTree(casella("vault", "show", "nuovo", "--json").out());
    }

    /// Delivers mail until the vault on its way stands as is wanted.
    private JsonNode until(RunningServer server, Predicate<JsonNode> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            deliver(server, 5);
            JsonNode now = show();
            if (wanted.test(now)) return now;
            // A machine that is busy with other things does too little in so short a time: that is no judgement.
            if (now.path("why").asString().startsWith("missing data")) done("vault", "continue", "nuovo");
            else assertThat(now.path("state").asString()).as(now.toPrettyString()).isNotEqualTo("halted");
            assertThat(System.nanoTime()).as(now.toPrettyString()).isLessThan(end);
        }
    }

    private static Predicate<JsonNode> at(String stage) {
        return now -> now.path("stage").asString().equals(stage);
    }

    @Test
    void mailboxesMoveToANewVaultStageByStageAndTheOldOneGoes() throws Exception {
        String copied;
        JsonNode proven;
        try (var server = RunningServer.start(data())) {
            done("cohort", "move", ANNA, "--to", "staff");
            deliver(server, 5);
            assertThat(casella("vault", "add", "pack", "--kind", "files", "--folder", folder.toString())
                    .err())
                    .contains("there is a vault of that name");
            assertThat(done("vault", "add", "nuovo", "--kind", "pack", "--dry-run").out())
                    .contains("nothing was done");
            assertThat(casella("vault", "show", "nuovo").err()).contains("not on its way");
            done("vault", "add", "nuovo", "--kind", "pack", "--probation", "1s");
            done("vault", "add", "nuovo", "--kind", "pack", "--probation", "1s");
            assertThat(casella("vault", "start", "nuovo").err()).contains("burn-in was not made");
            assertThat(done("vault", "burn-in", "nuovo", "--objects", "200", "--bytes", "2MiB").out()).contains("passed");
            done("vault", "start", "nuovo", "--soak", "2s", "--least", "3");

            until(server, at("10%"));
            assertThat(done("vault", "rollback", "nuovo", "--to", "shadow").out()).contains("shadow");
            until(server, at("canary"));
            assertThat(casella("vault", "retire", "pack").err()).contains("the new vault is at");
        }
        // Ended in the middle of it, it goes on.
        try (var server = RunningServer.start(data())) {
            until(server, at("50%"));
            proven = until(server, now -> now.path("state").asString().equals("proven"));
            assertThat(proven.path("evidence").toString()).contains("taken-back", "burned-in",
                    "\"passed\"");
            until(server, now -> now.path("retire").isNull());
            Result dry = done("vault", "retire", "pack", "--dry-run");
            assertThat(dry.out()).contains("may be retired");
            Files.createDirectories(data().resolve("care/evidence-nuovo/something"));
            assertThat(casella("vault", "retire", "pack").err()).contains("evidence cannot be written down");
            assertThat(show().path("state").asString()).isEqualTo("proven");
            remove(data().resolve("care/evidence-nuovo"));
            assertThat(done("vault", "retire", "pack").out()).contains("retired", " 0 with something wrong");
            assertThat(done("vault", "list").out()).contains("nuovo", "home", "retired");
            deliver(server, 1);
            copied = done("verify", ANNA, "--json").out();
        }
        remove(data().resolve("vaults/pack"));
        try (var server = RunningServer.start(data())) {
            deliver(server, 1);
            assertThat(done("vault", "show", "nuovo").out()).contains("in place  since", "canary", "retired");
            JsonNode kept = JSON.readTree(done("vault", "evidence", "nuovo").out());
            assertThat(kept.path("evidence")).startsWith(proven.path("evidence").valueStream().toArray(JsonNode[]::new));
            assertThat(kept.path("evidence").toString()).contains("\"retired\"", "\"emails\"");
            assertThat(casella("vault", "add", "nuovo", "--kind", "pack").err()).contains("there is a vault of that name");
            long before = JSON.readTree(copied).path(0).path("emails").asLong();
            JsonNode now = JSON.readTree(done("verify", ANNA, "--json").out()).path(0);
            assertThat(before).isGreaterThanOrEqualTo(delivered - 1);
            assertThat(now.path("emails").asLong()).isEqualTo(before + 1);
            assertThat(now.path("copies").asLong()).isEqualTo(2 * (before + 1));
            assertThat(now.path("problems").isEmpty()).isTrue();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
