package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.control.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Proves promises 4 and 5 on a whole server: parts of the data folder are deleted, after a kill or a stop, and each
/// folder, UID, UIDVALIDITY, mod-sequence, flag and byte is there as before.
final class LossTest {
    private static final String ANNA = "anna@posta.example";
    private static final Pattern MAILBOX = Pattern.compile("\\* LIST \\([^)]*\\) \"/\" (.*)");

    @ParameterizedTest
    @CsvSource("kill, engine vaults/pack")
    void whatIsLostComesBackAsItWas(String end, String lost, @TempDir Path folder) throws Exception {
        comesBack(end, lost, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"kill, tail", "kill, engine vaults/rocksdb", "stop, engine tail vaults/rocksdb"})
    void whatElseIsLostComesBackAsItWas(String end, String lost, @TempDir Path folder) throws Exception {
        comesBack(end, lost, folder);
    }

    private void comesBack(String end, String lost, Path folder) throws Exception {
        Path data = folder.resolve("data");
        SortedMap<String, List<String>> before;
        SortedMap<Long, byte[]> bodies;
        try (var server = RunningServer.start(data)) {
            use(server);
            before = picture(server);
            bodies = bodies(server);
            assertThat(before).containsKeys("INBOX", "Lavoro/Fatture");
            assertThat(bodies).hasSizeGreaterThan(20);
            if (end.equals("kill")) server.kill();
            else assertThat(server.stop()).isZero();
        }
        for (String part : lost.split(" ")) delete(data.resolve(part));

        try (var server = RunningServer.start(data)) {
            assertThat(picture(server)).isEqualTo(before);
            SortedMap<Long, byte[]> after = bodies(server);
            assertThat(after.keySet()).isEqualTo(bodies.keySet());
            bodies.forEach((uid, bytes) -> assertThat(after.get(uid)).as("uid %d", uid).isEqualTo(bytes));
            // and it goes on: the next message gets the next UID
            deliver(server, 1_000);
            assertThat(bodies(server).lastKey()).isEqualTo(bodies.lastKey() + 1);
            assertThat(server.stop()).isZero();
        }
    }

    /// The archive is some seconds behind. What was acknowledged in these is in the vaults, with its receipt, and nowhere
    /// else.
    @ParameterizedTest
    @CsvSource("engine tail vaults/rocksdb")
    void noMailIsLostWithEngineAndTail(String lost, @TempDir Path folder) throws Exception {
        noMailIsLost(lost, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource("engine tail registry")
    void noMailIsLostWithEngineTailAndRegistry(String lost, @TempDir Path folder) throws Exception {
        noMailIsLost(lost, folder);
    }

    private void noMailIsLost(String lost, Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            use(server);
            assertThat(server.stop()).isZero();
        }
        SortedMap<Long, byte[]> archived;
        SortedMap<Long, byte[]> last;
        List<String> mailbox;
        try (var server = RunningServer.start(data)) {
            archived = bodies(server);
            for (int i = 100; i < 112; i++) deliver(server, i);
            last = bodies(server);
            mailbox = opened(server);
            server.kill();
        }
        assertThat(last).hasSize(archived.size() + 12);
        for (String part : lost.split(" ")) delete(data.resolve(part));

        try (var server = RunningServer.start(data)) {
            SortedMap<Long, byte[]> found = bodies(server);
            assertThat(texts(found)).containsExactlyInAnyOrderElementsOf(texts(last));
            found.forEach((uid, bytes) -> {
                if (last.containsKey(uid)) assertThat(bytes).as("uid %d", uid).isEqualTo(last.get(uid));
                else assertThat(uid).isGreaterThan(archived.lastKey() + 10_000);
            });
            assertThat(found.keySet()).containsAll(archived.keySet());
            assertThat(opened(server)).containsAll(only(mailbox, "UIDVALIDITY"));
            assertThat(number(opened(server), "UIDNEXT")).isGreaterThan(number(mailbox, "UIDNEXT") + 9_000);
            assertThat(number(opened(server), "HIGHESTMODSEQ")).isGreaterThan(number(mailbox, "HIGHESTMODSEQ") + 900_000);
            toldAll(server, mailbox, last, found);
            // and it goes on: what comes next is beyond all of it, and is there after a second loss
            long next = number(opened(server), "UIDNEXT");
            deliver(server, 1_000);
            SortedMap<Long, byte[]> more = bodies(server);
            assertThat(more.lastKey()).isEqualTo(next);
            server.kill();
            delete(data.resolve("engine"));
            try (var again = RunningServer.start(data)) {
                assertThat(bodies(again).keySet()).isEqualTo(more.keySet());
                told(data);
                assertThat(again.stop()).isZero();
            }
        }
    }

    /// Killed in its first seconds: most likely nothing of its journal is in the vaults, and perhaps no face is kept.
    @Test
    void aYoungAccountLosesNoMailWithEngineAndTail(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        SortedMap<Long, byte[]> before;
        try (var server = RunningServer.start(data)) {
            for (int i = 0; i < 3; i++) deliver(server, i);
            before = bodies(server);
            server.kill();
        }
        for (String part : List.of("engine", "tail")) delete(data.resolve(part));

        try (var server = RunningServer.start(data)) {
            assertThat(texts(bodies(server))).containsExactlyInAnyOrderElementsOf(texts(before));
            deliver(server, 3);
            assertThat(bodies(server)).hasSize(before.size() + 1);
            assertThat(casella(data, "verify", ANNA, "--json").toString()).contains("\"holes\":1").contains("\"problems\":[]");
            assertThat(server.stop()).isZero();
        }
    }

    /// Who asks a server, also one that has started again since, is told of the hole and whose it is.
    private static void told(Path data) throws IOException {
        JsonNode status = casella(data, "status", "--json").path("holes");
        assertThat(status.path("opened").asLong(0)).isPositive();
        assertThat(status.path("newest").asString("")).isNotEmpty();
        JsonNode verdicts = casella(data, "verify", ANNA, "--json");
        assertThat(verdicts.toString()).contains("\"holes\":1,\"possibleDuplicates\":0");
    }

    private static JsonNode casella(Path data, String... arguments) throws IOException {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var err = new PrintStream(OutputStream.nullOutputStream());
        var terminal = new Terminal(InputStream.nullInputStream(), print, err, Map.of(), data);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        Cli.run(terminal, new Server(), all.toArray(String[]::new));
        return Json.MAPPER.readTree(out.toString(StandardCharsets.UTF_8));
    }

    /// A client that kept the mailbox as it was is told every UID that is gone and the flags of every message there is.
    /// RFC 7162 §3.2.5.
    private static void toldAll(
            RunningServer server, List<String> kept, SortedMap<Long, byte[]> had, SortedMap<Long, byte[]> has)
            throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            ok(client, "ENABLE QRESYNC");
            String since = number(kept, "UIDVALIDITY") + " " + number(kept, "HIGHESTMODSEQ");
            List<String> told = client.command("q", "SELECT INBOX (QRESYNC (" + since + "))");
            var gone = new ArrayList<String>();
            Pattern vanished = Pattern.compile("\\* VANISHED \\(EARLIER\\) ([0-9,:]+)");
            for (String line : told) {
                Matcher uids = vanished.matcher(line);
                if (uids.matches()) gone.addAll(List.of(uids.group(1).split(",")));
            }
            for (long uid : had.keySet()) {
                boolean holds = gone.stream().anyMatch(range -> within(range, uid));
                assertThat(holds).as("uid %d vanished", uid).isEqualTo(!has.containsKey(uid));
            }
            for (long uid : has.keySet()) {
                assertThat(told).anyMatch(line -> line.contains("FETCH (UID " + uid + " FLAGS"));
            }
        }
    }

    private static boolean within(String range, long uid) {
        String[] ends = range.split(":");
        return Long.parseLong(ends[0]) <= uid && uid <= Long.parseLong(ends[ends.length - 1]);
    }

    private static List<String> texts(SortedMap<Long, byte[]> bodies) {
        return bodies.values().stream().map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).toList();
    }

    private static List<String> opened(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            return client.command("e", "EXAMINE INBOX");
        }
    }

    private static List<String> only(List<String> lines, String word) {
        return lines.stream().filter(line -> line.contains(word)).toList();
    }

    private static long number(List<String> lines, String word) {
        Matcher number = Pattern.compile(word + " ([0-9]+)").matcher(String.join(" ", lines));
        assertThat(number.find()).as(word).isTrue();
        return Long.parseLong(number.group(1));
    }

    private static void use(RunningServer server) throws IOException {
        for (int i = 0; i < 20; i++) deliver(server, i);
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            ok(client, "CREATE Lavoro/Fatture");
            ok(client, "SELECT INBOX");
            ok(client, "STORE 1:7 +FLAGS (\\Flagged $progetto)");
            ok(client, "MOVE 3:5 Lavoro/Fatture");
            ok(client, "COPY 1:2 Lavoro");
            ok(client, "STORE 2 +FLAGS (\\Deleted)");
            ok(client, "EXPUNGE");
        }
        for (int i = 20; i < 25; i++) deliver(server, i);
    }

    private static void ok(LineClient client, String command) throws IOException {
        assertThat(client.command("u", command).getLast()).as(command).startsWith("u OK");
    }

    private static void deliver(RunningServer server, int number) throws IOException {
        String mail = "Subject: numero " + number + "\r\nMessage-ID: <l" + number + "@test.example>\r\n\r\n" + "riga\r\n".repeat(number);
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            assertThat(client.deliver("x@test.example", ANNA, mail.getBytes(StandardCharsets.US_ASCII))).startsWith("250");
        }
    }

    /// Everything a client could have kept of the account: by mailbox, what EXAMINE and FETCH say.
    private static SortedMap<String, List<String>> picture(RunningServer server) throws IOException {
        var picture = new TreeMap<String, List<String>>();
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            for (String line : client.command("p", "LIST \"\" *")) {
                Matcher mailbox = MAILBOX.matcher(line);
                if (!mailbox.matches()) continue;
                String name = mailbox.group(1).replace("\"", "");
                var lines = new ArrayList<String>();
                lines.add(line);
                for (String told : client.command("e", "EXAMINE \"" + name + "\"")) {
                    if (told.matches(".*(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ|EXISTS|MAILBOXID).*")) lines.add(told);
                }
                lines.addAll(client.command("f", "UID FETCH 1:* (FLAGS MODSEQ INTERNALDATE EMAILID THREADID)"));
                picture.put(name, lines);
            }
        }
        return picture;
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), ANNA)) {
            return client.bodies("INBOX");
        }
    }

    private static void delete(Path folder) throws IOException {
        assertThat(folder).exists();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
