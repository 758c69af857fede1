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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves that a vault's folder may be removed under a running server: it is noticed, filled again from the other vault
/// while mail comes and is read, and after that the other may go, too; nothing is lost when the process then dies.
final class VaultRemovedTest {
    private static final String ANNA = "anna@posta.example";
    private static final int MAILS = 10;

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString())).toArray(String[]::new);
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err), Map.of(), data);
        int code = Cli.run(terminal, new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static String state(Path data, String vault) {
        for (JsonNode part : Json.MAPPER.readTree(casella(data, "status", "--json").out()).path("parts")) {
            if (part.path("name").asString().equals("vault." + vault)) return part.path("state").asString();
        }
        return "not named";
    }

    /// What it holds goes away at once, and nobody writes into it while it is deleted.
    private static void remove(Path data, Path folder) throws IOException {
        Path away = Files.move(folder, data.resolveSibling("removed"));
        List<Path> all;
        try (Stream<Path> walk = Files.walk(away)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) Files.deleteIfExists(path);
    }

    private static void deliver(RunningServer server, int from) throws Exception {
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            for (int i = from; i < from + MAILS; i++) {
                byte[] mail = "Subject: mail %d\r\n\r\nriga %d\r\n".formatted(i, i).getBytes(StandardCharsets.UTF_8);
                assertThat(lmtp.deliver("x@test.example", ANNA, mail)).startsWith("250");
            }
        }
    }

    @Test
    @Tag("long")
    void aVaultRemovedUnderARunningServerIsFilledAgain(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            int mails = 0;
            for (String vault : List.of("rocksdb", "pack")) {
                deliver(server, mails);
                mails += MAILS;
                remove(data, data.resolve("vaults").resolve(vault));
                deliver(server, mails);
                mails += MAILS;
                await(vault + " is noticed", () -> !state(data, vault).equals("whole"));
                await(vault + " is filled again", () -> state(data, vault).equals("whole")
                        && casella(data, "verify", "--all").code() == 0);
            }
            server.kill();
        }
        for (String part : List.of("engine", "tail")) remove(data, data.resolve(part));
        try (var server = RunningServer.start(data)) {
            Result verdict = casella(data, "verify", "--all");
            assertThat(verdict.code()).as(verdict.out()).isZero();
            assertThat(verdict.out()).contains(ANNA + "  right  " + emails(data));
            assertThat(emails(data)).isGreaterThanOrEqualTo(4 * MAILS);
            assertThat(server.stop()).isZero();
        }
    }

    private static int emails(Path data) {
        return Json.MAPPER.readTree(casella(data, "verify", ANNA, "--json").out()).get(0).path("emails").asInt();
    }
}
