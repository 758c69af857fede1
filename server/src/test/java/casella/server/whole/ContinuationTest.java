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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Proves that an account goes on while engine and all vaults are away: folders are named and closed by every
/// protocol, new mail is taken, told and read in a folder of its own, byte for byte, through a kill of the
/// process too; no client drops or doubles anything; and afterwards each mail is in INBOX once.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class ContinuationTest {
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@virgola.example";
    private static final String RECEIVED = "\"Ricevuti durante il guasto\"";
    private static final Pattern LISTED = Pattern.compile("LIST \\([^)]*\\) \"/\" (.*)");

    private Path data = Path.of("");
    private Path config = Path.of("");
    /// Bodies by subject.
    private final Map<String, String> sent = new TreeMap<>();

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

    private void deliver(RunningServer server, String subject) throws IOException {
        String text = "Subject: " + subject + "\r\nMessage-ID: <" + subject.replace(' ', '_')
                + "@test.example>\r\n\r\n"
                + ("riga di " + subject + "\r\n").repeat(5 + sent.size());
        sent.put(subject, text);
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            assertThat(lmtp.deliver("x@test.example", ANNA,
                    text.getBytes(StandardCharsets.UTF_8))).startsWith("250");
        }
    }

    private boolean returned() {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out);
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        return Cli.run(terminal, new Server(), "standby", "return", "--all", "--data", data.toString()) == 0;
    }

    private RunningServer start(Path folder) throws IOException {
        data = folder.resolve("data");
        config = folder.resolve("casella.yaml");
        Files.writeString(config,
                "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        return RunningServer.troubled(data, config);
    }

    private static LineClient imap(RunningServer server) throws IOException {
        return LineClient.imap(server.port("imap"), ANNA);
    }

    private static List<String> ok(LineClient client, String command) throws IOException {
        List<String> lines = client.command("t", command);
        assertThat(lines.getLast()).as(lines.toString()).startsWith("t OK");
        return lines;
    }

    private static void away(LineClient client, String command) throws IOException {
        assertThat(client.command("n",
                command)).as(command).last().asString().startsWith("n NO [UNAVAILABLE]");
    }

    private static void until(LineClient client, String start) throws IOException {
        for (String line = client.line(); !line.startsWith(start); line = client.line()) {
            assertThat(line).doesNotContain("EXPUNGE", "VANISHED", "BYE");
        }
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as(what).isLessThan(600);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static List<String> names(List<String> lines) {
        return lines.stream()
                .map(LISTED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    private static long number(List<String> lines, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(String.join("\n", lines));
        assertThat(found.find()).as(lines.toString()).isTrue();
        return Long.parseLong(found.group(1));
    }

    /// What is in a folder: by UID, what was sent, each exact to its last byte and there once.
    private SortedMap<Long, String> mails(LineClient client, String mailbox) throws IOException {
        var found = new TreeMap<Long, String>();
        client.bodies(mailbox).forEach((uid, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            sent.forEach((subject, mail) -> {
                if (!text.contains("\nSubject: " + subject + "\r\n")) return;
                assertThat(text).endsWith(mail);
                assertThat(found.values()).doesNotContain(subject);
                found.put(uid, subject);
            });
        });
        return found;
    }

    private static String pop3(RunningServer server) throws IOException {
        try (var pop = new LineClient(server.port("pop3"))) {
            pop.line();
            pop.send("USER " + ANNA);
            pop.line();
            pop.send("PASS casella");
            return pop.line();
        }
    }

    /// Waits until a stream tells of mail, in a continuation or not: their states are far apart.
    private static void told(PushClient jmap, boolean continued) throws IOException {
        String state = jmap.state("Email");
        while (state.length() > 15 != continued) state = jmap.state("Email");
    }

    private static JsonNode mailbox(PushClient jmap, String name) throws Exception {
        for (JsonNode one : jmap.call("Mailbox/get", "\"ids\":null").get(1).get("list")) {
            if (one.get("name").stringValue().equals(name)) return one;
        }
        throw new AssertionError("no mailbox " + name);
    }

    private static JsonNode query(PushClient jmap, JsonNode mailbox) throws Exception {
        return jmap.call("Email/query", "\"filter\":{\"inMailbox\":" + mailbox.get("id") + "}");
    }

    private long uidValidity;
    private SortedMap<String, SortedMap<String, String>> had = new TreeMap<>();
    private SortedMap<Long, String> shown = new TreeMap<>();
    private List<String> folders = List.of();

    @Test
    void anAccountGoesOnWithoutEngineAndVaults(@TempDir Path folder) throws Exception {
        var mbsync = new Mbsync(folder.resolve("mbsync"));
        try (var server = start(folder);
                var idle = imap(server);
                var imap = imap(server);
                var jmap = new PushClient(server, ANNA)) {
            deliver(server, "prima");
            ok(imap, "CREATE Lavoro/Fatture");
            folders = names(ok(imap, "LIST \"\" *"));
            JsonNode known = jmap.call("Email/query", "\"limit\":1").get(1).get("ids");
            String state = jmap.call("Email/get", "\"ids\":[]").get(1).get("state").stringValue();
            assertThat(mbsync.run(server.port("imap"), ANNA)).as(mbsync.output()).isZero();
            had = mbsync.mails();
            ok(idle, "SELECT INBOX");
            idle.send("i IDLE");
            until(idle, "+ ");

            server.tell("vaults away");
            contentsAway(imap, idle, jmap);
            server.tell("engine away");
            deliver(server, "nel buio");
            assertThat(casella(0, "standby", "open", "--all"))
                    .contains("continued", "by a continuation", "0 failed");
            assertThat(casella(0, "standby", "open", ANNA)).contains("already");
            assertThat(casella(0, "standby", "list")).contains("continuation");
            closed(server, imap);
            open(server, imap, jmap);
            jmap(jmap, known, state);
            assertThat(jmap.service()).isEqualTo("continuation");
            answered(server);

            // A client that synchronises keeps what it has, and gets what is new.
            var _ = mbsync.run(server.port("imap"), ANNA);
            had.forEach((box, mails) -> assertThat(safely(mbsync).get(box)).as(box).isEqualTo(mails));
            // Who idles in a closed folder is told nothing, and stays.
            idle.send("DONE");
            // But that there is a fault.
            until(idle, "* OK [ALERT] Le cartelle sono chiuse");
            until(idle, "i OK");
            away(idle, "FETCH 1 FLAGS");
            server.kill();
        }
        try (var server = RunningServer.troubled(data, config, "engine away, vaults away")) {
            comesBack(server);
            once(server, mbsync);
            assertThat(server.stop()).isZero();
        }
        assertThat(casella(0, "verify", "--all")).contains("wrong 0");
    }

    /// While the engine is well: mail is listed and cannot be opened, and owners are told so.
    private static void contentsAway(LineClient imap, LineClient idle, PushClient jmap) throws Exception {
        ok(imap, "EXAMINE INBOX");
        for (int i = 0; i < 3; i++) away(imap, "FETCH 1 BODY.PEEK[]");
        until(idle, "* OK [ALERT] I messaggi sono al sicuro");
        assertThat(jmap.service()).isEqualTo("contentsAway");
        assertThat(ok(imap, "FETCH 1 ENVELOPE")).hasSizeGreaterThan(1);
        ok(imap, "CLOSE");
    }

    /// Folders have their names, and are closed.
    private void closed(RunningServer server, LineClient imap) throws IOException {
        var with = new ArrayList<>(folders);
        with.add(RECEIVED);
        assertThat(ok(imap,
                "NOOP").getFirst()).startsWith("* OK [ALERT] Le cartelle sono chiuse").contains(RECEIVED);
        assertThat(ok(imap, "NOOP")).hasSize(1);
        assertThat(names(ok(imap, "LIST \"\" *"))).containsExactlyInAnyOrderElementsOf(with);
        assertThat(ok(imap, "LIST \"\" * RETURN (STATUS (MESSAGES))").stream()
                        .filter(line -> line.startsWith("* STATUS")))
                .containsExactly("* STATUS " + RECEIVED + " (MESSAGES 1)");
        for (String command : List.of(
                "SELECT INBOX", "EXAMINE Lavoro", "STATUS INBOX (MESSAGES)", "CREATE Nuova",
                        "DELETE Lavoro")) {
            away(imap, command);
        }
        assertThat(pop3(server)).startsWith("-ERR [SYS/TEMP]");
    }

    /// One folder is open: read to the last byte, told as it comes, fixed.
    private void open(RunningServer server, LineClient imap, PushClient jmap) throws IOException {
        List<String> selected = ok(imap, "SELECT " + RECEIVED);
        assertThat(selected.getLast()).startsWith("t OK [READ-ONLY]");
        uidValidity = number(selected, "UIDVALIDITY (\\d+)");
        assertThat(mails(imap, RECEIVED)).containsExactly(Map.entry(1L, "nel buio"));
        ok(imap, "SELECT " + RECEIVED);
        imap.send("i IDLE");
        until(imap, "+ ");
        deliver(server, "annunciata");
        until(imap, "* 2 EXISTS");
        told(jmap, true);
        imap.send("DONE");
        until(imap, "i OK");
        assertThat(imap.command("n", "STORE 1 +FLAGS (\\Seen)").getLast()).startsWith("n NO");
        away(imap, "COPY 1 Lavoro");
        assertThat(ok(imap, "UID SEARCH SUBJECT annunciata").getFirst()).isEqualTo("* SEARCH 2");
        shown = mails(imap, RECEIVED);
    }

    /// Submission takes an answer, to somebody whose account is away too.
    private static void answered(RunningServer server) throws IOException {
        try (var submission = new LineClient(server.port("submission"))) {
            submission.reply();
            submission.send("EHLO test.example");
            submission.reply();
            byte[] login = ("\0" + ANNA + "\0casella").getBytes(StandardCharsets.UTF_8);
            submission.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(login));
            assertThat(submission.reply()).startsWith("235");
            String text = "From: " + ANNA + "\r\nSubject: risposta\r\n\r\nsi\r\n";
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            assertThat(submission.deliver(ANNA, BRUNO, answer)).startsWith("250");
        }
    }

    /// After a restart all is as it was shown; then the engine answers, and each mail is filed once.
    private void comesBack(RunningServer server) throws Exception {
        try (var imap = imap(server);
                var idle = imap(server);
                var jmap = new PushClient(server, ANNA)) {
            assertThat(number(ok(imap, "SELECT " + RECEIVED), "UIDVALIDITY (\\d+)")).isEqualTo(uidValidity);
            assertThat(mails(imap, RECEIVED)).isEqualTo(shown);
            deliver(server, "dopo il riavvio");
            assertThat(mails(imap, RECEIVED)).hasSize(3).containsEntry(3L, "dopo il riavvio");
            assertThat(casella(1, "standby", "return", ANNA)).contains("does not answer");
            ok(idle, "SELECT " + RECEIVED);
            idle.send("i IDLE");
            until(idle, "+ ");

            server.tell("heal");
            until("the engine serves again", this::returned);
            assertThat(casella(0, "standby", "list")).contains("0 accounts on standby\n");
            until(idle, "* OK [ALERT] Tutto funziona di nuovo");
            String line = idle.line();
            while (!line.startsWith("* BYE")) line = idle.line();
            told(jmap, false);
            assertThat(jmap.service()).isEqualTo("live");
            try (var again = imap(server)) {
                until("all is filed", () -> mails(again, "INBOX").size() == sent.size());
                assertThat(names(ok(again, "LIST \"\" *"))).isEqualTo(folders);
                ok(again, "SELECT INBOX");
                ok(again, "STORE 1 +FLAGS (\\Flagged)");
            }
            assertThat(pop3(server)).startsWith("+OK");
            assertThat(casella(0, "standby", "return", ANNA)).contains("already");
        }
    }

    private static SortedMap<String, SortedMap<String, String>> safely(Mbsync mbsync) {
        try {
            return mbsync.mails();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// What a client of JMAP is told: names, rights, what came, and never that something is not there.
    private void jmap(PushClient jmap, JsonNode known, String state) throws Exception {
        JsonNode inbox = mailbox(jmap, "INBOX");
        assertThat(inbox.get("myRights").get("mayReadItems").booleanValue()).isFalse();
        JsonNode received = mailbox(jmap, "Ricevuti durante il guasto");
        assertThat(received.get("myRights").get("mayReadItems").booleanValue()).isTrue();
        assertThat(received.get("totalEmails").intValue()).isEqualTo(2);
        assertThat(query(jmap, inbox).get(1).get("type").stringValue()).isEqualTo("serverUnavailable");
        for (String call : List.of("Email/query", "Email/changes", "Thread/changes", "Email/get",
                "Email/set")) {
            String arguments = switch (call) {
                case "Email/get" -> "\"ids\":" + known;
                case "Email/query" -> "";
                case "Email/set" -> "\"destroy\":" + known;
                default -> "\"sinceState\":\"" + state + "\"";
            };
            JsonNode answer = jmap.call(call, arguments);
            assertThat(answer.toString()).as(call).contains("serverUnavailable");
        }
        JsonNode boxes = jmap.call("Mailbox/changes", "\"sinceState\":\"" + state + "\"");
        assertThat(boxes.get(1).get("type").stringValue()).isEqualTo("cannotCalculateChanges");
        JsonNode ids = query(jmap, received).get(1).get("ids");
        assertThat(ids).hasSize(2);
        JsonNode list = jmap.call("Email/get", "\"ids\":" + ids + ",\"properties\":[\"subject\",\"blobId\"]")
                .get(1).get("list");
        for (JsonNode one : list) {
            String text = new String(jmap.download(one.get("blobId").stringValue()), StandardCharsets.UTF_8);
            assertThat(text).endsWith(String.valueOf(sent.get(one.get("subject").stringValue())));
        }
    }

    /// mbsync kept all it had in the files it had it in, and has what came in INBOX, once.
    private void once(RunningServer server, Mbsync mbsync) throws Exception {
        var _ = mbsync.run(server.port("imap"), ANNA);
        SortedMap<String, SortedMap<String, String>> has = mbsync.mails();
        had.forEach((box, mails) -> assertThat(has.get(box)).as(box).containsAllEntriesOf(mails));
        SortedMap<String, String> inbox = has.getOrDefault("INBOX", new TreeMap<>());
        for (String subject : sent.keySet()) {
            assertThat(inbox).as(mbsync.output()).containsKey(subject.replace(' ', '_') + "@test.example");
        }
    }
}
