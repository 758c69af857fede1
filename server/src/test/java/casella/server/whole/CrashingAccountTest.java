package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import casella.store.Marking;
import casella.testkit.DeadlyEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 7 on whole servers: an account whose rows end the process twice is set aside at the third start, which
/// serves everybody else; its owner is told so, mail for it is answered 250 and filed when it is let in again.
final class CrashingAccountTest {
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@virgola.example";
    private static final int SECONDS_MAX = 60;

    private record Result(int code, String out) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString())).toArray(String[]::new);
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anAccountThatEndsTheProcessTwiceIsSetAsideAlone(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {read-timeout: 5s}\n");
        SortedMap<Long, byte[]> before;
        String id;
        try (var server = RunningServer.start(data)) {
            assertThat(deliver(server, ANNA, "prima")).startsWith("250");
            before = bodies(server, ANNA);
            id = Json.MAPPER.readTree(casella(data, "verify", ANNA, "--json").out()).get(0).path("account").asString();
            assertThat(server.stop()).isZero();
        }
        Path deadly = Path.of(config + ".deadly");
        Files.writeString(deadly, id + "\n");

        dies(data, config);
        assertThat(casella(data, "quarantine", "list")).as("once is not enough").isEqualTo(new Result(0, "0 set aside, 0 bytes\n"));
        dies(data, config);

        try (var server = RunningServer.troubled(data, config)) {
            othersAreServed(server);
            ownerIsTold(server);
            assertThat(deliver(server, ANNA, "intanto")).startsWith("250");
            Result list = casella(data, "quarantine", "list");
            assertThat(list.code()).isEqualTo(1);
            assertThat(list.out()).contains("account " + id, "the process died while ", "quarantine release " + id);
            assertThat(casella(data, "quarantine", "list", "--json").out()).contains("\"part\":\"account\"");
            assertThat(casella(data, "status").out()).contains("Accounts are set aside");
            until(() -> casella(data, "queue", "list").out().contains("Account is set aside"));
            assertThat(casella(data, "queue", "list").out()).contains(ANNA);
            assertThat(casella(data, "quarantine", "release", BRUNO).code()).isEqualTo(1);

            server.tell("heal");
            Result release = casella(data, "quarantine", "release", ANNA);
            assertThat(release.code()).as(release.out()).isZero();
            until(() -> bodies(server, ANNA).size() == before.size() + 1);
            SortedMap<Long, byte[]> after = bodies(server, ANNA);
            before.forEach((uid, bytes) -> assertThat(after.get(uid)).isEqualTo(bytes));
            assertThat(new String(after.get(after.lastKey()), StandardCharsets.US_ASCII)).contains("intanto");
            assertThat(casella(data, "quarantine", "list").code()).isZero();
            assertThat(server.stop()).isZero();
        }
    }

    /// Whoever is killed under load has done nothing.
    @Test
    @Tag("long")
    void killsUnderLoadSetNobodyAside(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        for (int round = 0; round < 4; round++) {
            try (var server = RunningServer.start(data)) {
                var some = new CountDownLatch(20);
                for (String owner : List.of(ANNA, BRUNO)) {
                    Thread.ofVirtual().start(() -> {
                        try {
                            while (deliver(server, owner, "carico").startsWith("250") && !bodies(server, owner).isEmpty()) {
                                some.countDown();
                            }
                        } catch (IOException e) {
                            some.countDown(); // it was killed
                        }
                    });
                }
                assertThat(some.await(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
                server.kill();
            }
        }
        assertThat(casella(data, "quarantine", "list").out()).doesNotContain("account");
    }

    /// Starts a server and reads what ends it: at its start, or when Anna opens her mailbox.
    private static void dies(Path data, Path config) {
        try (var server = RunningServer.troubled(data, config)) {
            try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
                imap.command("s", "SELECT INBOX");
            } catch (IOException e) {
                // As it should be.
            }
            assertThat(server.ended()).isEqualTo(DeadlyEngine.EXIT);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("no server");
        }
    }

    private static void othersAreServed(RunningServer server) throws Exception {
        int there = bodies(server, BRUNO).size();
        assertThat(there).isPositive();
        assertThat(deliver(server, BRUNO, "altri")).startsWith("250");
        until(() -> bodies(server, BRUNO).size() == there + 1);
    }

    private static void ownerIsTold(RunningServer server) throws IOException {
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            assertThat(imap.command("s", "SELECT INBOX").getLast()).isEqualTo("s NO [UNAVAILABLE] " + Marking.TOLD);
        }
        try (var pop = new LineClient(server.port("pop3"))) {
            pop.line();
            pop.send("USER " + ANNA);
            pop.line();
            pop.send("PASS casella");
            assertThat(pop.line()).isEqualTo("-ERR [SYS/TEMP] " + Marking.TOLD);
        }
    }

    private static String deliver(RunningServer server, String owner, String text) throws IOException {
        String mail = "Subject: " + text + "\r\n\r\n" + text + "\r\n";
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            return lmtp.deliver("x@test.example", owner, mail.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server, String owner) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), owner)) {
            return client.bodies("INBOX");
        }
    }

    private interface Condition {
        boolean met() throws IOException;
    }

    private static void until(Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as("half seconds").isLessThan(2 * SECONDS_MAX);
            new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
        }
    }
}
