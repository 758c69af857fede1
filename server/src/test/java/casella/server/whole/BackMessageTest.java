package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.incident.Desk;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves that an owner whose folders were closed for a while is told by one signed message that they are open again, and by no
/// second one after a kill -9 before it was written down that they were told.
@Tag("long")
final class BackMessageTest {
    private static final String ANNA = "anna@posta.example";
    private static final String TOLD = "voice.told";

    private Path data = Path.of("");

    private String casella(String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        Cli.run(terminal, new Server(), all.toArray(String[]::new));
        return out.toString(StandardCharsets.UTF_8);
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as(what).isLessThan(300);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    /// Returns Anna's mails from the brand.
    private static List<JsonNode> notices(RunningServer server) throws Exception {
        try (var jmap = new PushClient(server, ANNA)) {
            JsonNode list = jmap.call("Email/get", "\"ids\":null,\"properties\":[\"from\",\"subject\",\"preview\",\"voice\"]")
                    .get(1).path("list");
            return StreamSupport.stream(list.spliterator(), false)
                    .filter(one -> one.path("from").path(0).path("email").asString("").equals("notices@posta.example")).toList();
        }
    }

    @Test
    void anOwnerIsToldOnceThatTheMailboxIsBack(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, """
                incident: {back-message-after: 1s}
                store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}
                """);
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config)) {
            server.tell("vaults away");
            server.tell("engine away");
            assertThat(casella("standby", "open", ANNA)).contains("continuation");
            try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
                assertThat(lmtp.deliver("x@test.example", ANNA, "Subject: nel buio\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8)))
                        .startsWith("250");
            }
            long began = System.nanoTime();
            until("longer than the second it must last", () -> System.nanoTime() - began > 1_200_000_000L);
            server.tell("heal");
            until("back", () -> casella("standby", "return", "--all").contains(" 0 failed"));
            until("told", () -> server.log().contains(TOLD));
            assertThat(notices(server)).singleElement().satisfies(one -> {
                assertThat(one.path("voice").asString()).isEqualTo("genuine");
                assertThat(one.path("subject").asString()).isEqualTo("La tua casella \u00e8 tornata a posto");
                assertThat(one.path("preview").asString()).startsWith("Dalle ore ").contains("chiuse le cartelle");
            });
            server.kill();
        }
        try (Desk desk = Desk.open(data.resolve("desk"))) {
            assertThat(desk.<Integer>write(s -> s.change("UPDATE voice_absences SET told = 0"))).isEqualTo(1);
        }
        try (var server = RunningServer.serve(data, config)) {
            until("told again", () -> server.log().contains(TOLD));
            assertThat(notices(server)).hasSize(1);
            assertThat(server.stop()).isZero();
        }
        assertThat(casella("brand", "dkim", "posta")).contains("._domainkey.posta.example. IN TXT");
    }
}
