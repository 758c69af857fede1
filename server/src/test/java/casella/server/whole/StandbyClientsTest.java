package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that who is connected stays connected while the engine's own threads hang and all accounts go to the
/// standby and back by order: IDLE and EventSource tell new mail on either, old bodies are right, flags are
/// kept, and UIDs and mod-sequences go on without a gap.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class StandbyClientsTest {
    private static final String ANNA = "anna@posta.example";

    private Path data = Path.of("");
    private int delivered;

    private String casella(String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all.toArray(String[]::new));
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(told).isZero();
        return told;
    }

    private void deliver(RunningServer server) throws IOException {
        String text = "Subject: numero " + ++delivered + "\r\n\r\n" + "riga\r\n".repeat(delivered);
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            assertThat(lmtp.deliver("x@test.example", ANNA,
                    text.getBytes(StandardCharsets.UTF_8))).startsWith("250");
        }
    }

    private static List<String> ok(LineClient client, String command) throws IOException {
        List<String> lines = client.command("t", command);
        assertThat(lines.getLast()).as(lines.toString()).startsWith("t OK");
        return lines;
    }

    private static void idle(LineClient client) throws IOException {
        client.send("i IDLE");
        until(client, "+ ");
    }

    /// Reads to a line that starts so. On the way no message is told of again that did not change, and nothing is said of
    /// a switch that takes nothing away.
    private static void until(LineClient client, String start) throws IOException {
        for (String line = client.line(); !line.startsWith(start); line = client.line()) {
            assertThat(line).doesNotContain("FETCH", "ALERT");
        }
    }

    private static void done(LineClient client) throws IOException {
        client.send("DONE");
        until(client, "i OK");
    }

    private RunningServer start(Path folder) throws IOException {
        data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config,
                "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        return RunningServer.troubled(data, config);
    }

    /// Mail comes, and both clients are told of it: the one that idles by its number, the other by a state.
    private void told(RunningServer server, LineClient imap, PushClient jmap, long number, long state)
            throws IOException {
        deliver(server);
        until(imap, "* " + number + " EXISTS");
        assertThat(jmap.state("Email")).isEqualTo(String.valueOf(state));
    }

    private static long number(List<String> lines, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(String.join("\n", lines));
        assertThat(found.find()).as(lines.toString()).isTrue();
        return Long.parseLong(found.group(1));
    }

    /// Held: nothing is handed over. Writes hung: the tail has a change whose outcome nobody was told.
    @ParameterizedTest
    @ValueSource(strings = "engine held")
    void sessionsStayOverAHungEngineAndBack(String trouble, @TempDir Path folder) throws Exception {
        sessionsStay(trouble, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = "engine writes hung")
    void sessionsStayOverAnEngineWhoseWritesHangAndBack(String trouble, @TempDir Path folder) throws Exception {
        sessionsStay(trouble, folder);
    }

    private void sessionsStay(String trouble, Path folder) throws Exception {
        try (var running = start(folder);
                var imap = LineClient.imap(running.port("imap"), ANNA);
                var jmap = new PushClient(running, ANNA)) {
            for (int i = 0; i < 5; i++) deliver(running);
            ok(imap, "ENABLE CONDSTORE");
            List<String> selected = ok(imap, "SELECT INBOX");
            long uidValidity = number(selected, "UIDVALIDITY (\\d+)");
            long uidNext = number(selected, "UIDNEXT (\\d+)");
            long state = number(selected, "HIGHESTMODSEQ (\\d+)");
            long count = number(selected, "(\\d+) EXISTS");
            long seen;
            do seen = Long.parseLong(jmap.state("Email"));
            while (seen < state);
            SortedMap<Long, byte[]> bodies = bodies(running);
            idle(imap);
            told(running, imap, jmap, count + 1, state + 1);

            running.tell(trouble);
            // Answered, and it waits.
            deliver(running);
            assertThat(casella("standby", "open", "--all")).contains("opened", "0 failed");
            assertThat(jmap.service()).isEqualTo("standby");
            until(imap, "* " + (count + 2) + " EXISTS");
            assertThat(jmap.state("Email")).isEqualTo(String.valueOf(state + 2));
            told(running, imap, jmap, count + 3, state + 3);
            done(imap);
            assertThat(String.join("\n", ok(imap, "UID FETCH " + bodies.firstKey() + " (BODY.PEEK[TEXT])")))
                    .isNotEmpty();
            same(bodies, bodies(running));
            ok(imap, "UID STORE " + bodies.firstKey() + " +FLAGS.SILENT (\\Flagged $prova)");
            assertThat(jmap.state("Email")).isEqualTo(String.valueOf(state + 4));
            idle(imap);
            told(running, imap, jmap, count + 4, state + 5);

            running.tell("heal");
            assertThat(casella("standby", "return", "--all")).contains("returned", "0 failed");
            assertThat(jmap.service()).isEqualTo("live");
            told(running, imap, jmap, count + 5, state + 6);
            // What another does is told to the one that idles.
            try (var other = LineClient.imap(running.port("imap"), ANNA)) {
                ok(other, "SELECT INBOX");
                ok(other, "UID STORE " + uidNext + " +FLAGS (\\Answered)");
            }
            until(imap, "* " + (count + 1) + " FETCH (UID " + uidNext + " FLAGS (\\Answered)");
            assertThat(jmap.state("Email")).isEqualTo(String.valueOf(state + 7));
            done(imap);
            selected = ok(imap, "SELECT INBOX");
            assertThat(number(selected, "UIDVALIDITY (\\d+)")).isEqualTo(uidValidity);
            assertThat(number(selected, "UIDNEXT (\\d+)")).isEqualTo(uidNext + 5);
            assertThat(number(selected, "HIGHESTMODSEQ (\\d+)")).isEqualTo(state + 7);
            assertThat(String.join("\n", ok(imap, "UID FETCH " + bodies.firstKey() + " FLAGS")))
                    .contains("\\Flagged", "$prova");
            same(bodies, bodies(running));
            assertThat(running.stop()).isZero();
        }
        assertThat(casella("verify", "--all")).contains("wrong 0");
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server) throws IOException {
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            return imap.bodies("INBOX");
        }
    }

    private static void same(SortedMap<Long, byte[]> old, SortedMap<Long, byte[]> now) {
        assertThat(old).hasSizeGreaterThan(4);
        old.forEach((uid, body) -> assertThat(now.get(uid)).as("UID %d", uid).isEqualTo(body));
    }
}
