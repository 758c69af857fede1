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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Proves what the ladder of failures promises to owners, rung by rung, on one server with the drills as faults and with
/// clients connected: one that idles, POP3, an EventSource, SMTP in and out, mbsync. What each sees is asserted; nothing that
/// was answered is lost or there twice, nothing comes under another number, and nobody waits for long.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class LadderTest {
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@virgola.example";
    private static final String RECEIVED = "\"Ricevuti durante il guasto\"";
    /// Five times what is promised.
    private static final Duration DIAL_TONE_MAX = Duration.ofSeconds(10);
    private static final Pattern OURS = Pattern.compile("\r\nSubject: (gradino [^\r]*)\r\n");

    /// What owners notice while it lasts.
    enum Noticed {
        /// At most a pause.
        NOTHING,
        /// What is there is read; what changes it is refused, and new mail is kept for later.
        NO_CHANGES,
        /// Folders are named and closed; new mail is in a folder of its own.
        CLOSED
    }

    enum Rung {
        A_VAULT("vault-gone", Noticed.NOTHING),
        A_SLOW_VAULT("vault-slow", Noticed.NOTHING),
        A_LYING_VAULT("vault-lying", Noticed.NOTHING),
        THE_ENGINE("engine-gone", Noticed.NOTHING),
        THE_ENGINE_HUNG("engine-hung", Noticed.NOTHING),
        ROCKSDB("technology-gone --technology rocksdb", Noticed.NOTHING),
        OUR_FILES("technology-gone --technology pack", Noticed.NO_CHANGES),
        THE_TAIL("tail-gone", Noticed.NO_CHANGES),
        THE_DISKS_ARE_FULL("disk-full", Noticed.NO_CHANGES),
        THE_DIRECTORY("directory-gone", Noticed.NOTHING),
        EVERYTHING("everything-gone", Noticed.CLOSED);

        private final String drill;
        private final Noticed noticed;

        Rung(String drill, Noticed noticed) {
            this.drill = drill;
            this.noticed = noticed;
        }

        /// The part that nobody but its own probe lane watches; empty where others suffer.
        String lane() {
            return switch (this) {
                case THE_TAIL -> "tail";
                case THE_DIRECTORY -> "directory";
                case A_VAULT, A_SLOW_VAULT, A_LYING_VAULT, THE_ENGINE, THE_ENGINE_HUNG -> "";
                case ROCKSDB, OUR_FILES, THE_DISKS_ARE_FULL, EVERYTHING -> "";
            };
        }

        /// Whether accounts are served by something else than their engine.
        boolean turned() {
            return switch (this) {
                case THE_ENGINE, THE_ENGINE_HUNG, ROCKSDB, EVERYTHING -> true;
                case A_VAULT, A_SLOW_VAULT, A_LYING_VAULT, OUR_FILES, THE_TAIL -> false;
                case THE_DISKS_ARE_FULL, THE_DIRECTORY -> false;
            };
        }
    }

    private Path data = Path.of("");
    private Path folder = Path.of("");
    private RunningServer server;
    /// Mails that were answered 250, by subject.
    private final Map<String, String> sent = new TreeMap<>();

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {return-after: 1s}\n");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        server = RunningServer.serve(data, config);
    }

    @AfterAll
    void stop() {
        assertThat(server.stop()).isZero();
    }

    private String casella(int expected, String... arguments) {
        var out = new ByteArrayOutputStream();
        int code = casella(out, arguments);
        String told = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as("%s: %s", List.of(arguments), told).isEqualTo(expected);
        return told;
    }

    private int casella(ByteArrayOutputStream out, String... arguments) {
        var print = new PrintStream(out);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()));
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        return Cli.run(terminal, new Server(), all.toArray(String[]::new));
    }

    private void begin(String drill) {
        String order = "drill run " + drill + " --cohort all --for 60s --background";
        assertThat(casella(0, order.split(" "))).contains("runs, cohort all", "casella drill stop");
    }

    private interface Condition {
        boolean met() throws Exception;
    }

    private static void until(String what, Condition condition) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as("tenths of a second until %s", what).isLessThan(900);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private static String mail(String subject) {
        return "From: x@test.example\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject.replace(' ', '_')
                + "@test.example>\r\n\r\n" + ("riga di " + subject + "\r\n").repeat(30);
    }

    /// Brings a mail to Anna by a door; it is taken.
    private void deliver(String door, String subject) throws IOException {
        String text = mail(subject);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (var client = new LineClient(server.port(door))) {
            client.reply();
            client.send((door.equals("lmtp") ? "LHLO" : "EHLO") + " test.example");
            client.reply();
            assertThat(client.deliver("x@test.example", ANNA, bytes)).as(subject).startsWith("250");
        }
        sent.put(subject, text);
    }

    /// Anna writes to Bruno.
    private void submit(String subject) throws IOException {
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            client.send("EHLO test.example");
            client.reply();
            byte[] login = ("\0" + ANNA + "\0casella").getBytes(StandardCharsets.UTF_8);
            client.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(login));
            assertThat(client.reply()).startsWith("235");
            String text = mail(subject).replace("x@test.example", ANNA);
            assertThat(client.deliver(ANNA, BRUNO, text.getBytes(StandardCharsets.UTF_8))).startsWith("250");
        }
    }

    /// What is in the inbox: by UID the subject of each mail of ours, exact to its last byte and there once.
    private SortedMap<Long, String> inbox(LineClient client) throws IOException {
        return mails(client, "INBOX");
    }

    private SortedMap<Long, String> mails(LineClient client, String mailbox) throws IOException {
        var found = new TreeMap<Long, String>();
        client.bodies(mailbox).forEach((uid, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            Matcher subject = OURS.matcher(text);
            if (!subject.find()) return;
            assertThat(found.values()).as("twice").doesNotContain(subject.group(1));
            assertThat(text).endsWith(sent.getOrDefault(subject.group(1), "not sent by us"));
            found.put(uid, subject.group(1));
        });
        return found;
    }

    private static List<String> ok(LineClient client, String command) throws IOException {
        List<String> lines = client.command("t", command);
        assertThat(lines.getLast()).as(command).startsWith("t OK");
        return lines;
    }

    private static long uidValidity(LineClient client) throws IOException {
        Matcher found = Pattern.compile("UIDVALIDITY (\\d+)")
                .matcher(String.join("\n", ok(client, "STATUS INBOX (UIDVALIDITY)")));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    private LineClient imap() throws IOException {
        return LineClient.imap(server.port("imap"), ANNA);
    }

    private LineClient idling(String mailbox) throws IOException {
        LineClient idle = imap();
        ok(idle, "SELECT " + mailbox);
        idle.send("i IDLE");
        until(idle, "\\+ .*");
        return idle;
    }

    /// Reads on until a line of that start; nothing is said to be gone, and nobody is thrown out.
    private static String until(LineClient client, String start) throws IOException {
        String line = client.line();
        while (!line.matches(start)) {
            assertThat(line).doesNotContain("EXPUNGE", "VANISHED", "BYE");
            line = client.line();
        }
        return line;
    }

    private String pop3() throws IOException {
        try (var pop = new LineClient(server.port("pop3"))) {
            pop.line();
            pop.send("USER " + ANNA);
            pop.line();
            pop.send("PASS casella");
            String in = pop.line();
            if (!in.startsWith("+OK")) return in;
            pop.send("STAT");
            return pop.line();
        }
    }

    /// Those that matter most in every run; all of them in the long tier.
    @ParameterizedTest
    @EnumSource(value = Rung.class, names = {"THE_ENGINE", "EVERYTHING"})
    void whatOwnersSee(Rung rung) throws Exception {
        climbed(rung);
    }

    @ParameterizedTest
    @Tag("long")
    @EnumSource(value = Rung.class, names = {"THE_ENGINE", "EVERYTHING"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatOwnersSeeOnTheOtherRungs(Rung rung) throws Exception {
        climbed(rung);
    }

    private void climbed(Rung rung) throws Exception {
        String name = "gradino " + rung.drill.replace("--technology ", "");
        var mbsync = new Mbsync(folder.resolve(rung.name()));
        until("the drill before has told", this::told);
        deliver("lmtp", name + " prima");
        assertThat(mbsync.run(server.port("imap"), ANNA)).as(mbsync.output()).isZero();
        SortedMap<String, SortedMap<String, String>> had = mbsync.mails();
        try (var idle = idling("INBOX"); var client = imap(); var jmap = new PushClient(server, ANNA)) {
            SortedMap<Long, String> before = inbox(client);
            long uidValidity = uidValidity(client);
            assertThat(before.values()).containsExactlyInAnyOrderElementsOf(sent.keySet());

            begin(rung.drill);
            dialTone(rung, client);
            switch (rung.noticed) {
                case NOTHING -> nothingIsNoticed(rung, name, before, idle, client, jmap);
                case NO_CHANGES -> onlyChangesAreRefused(rung, name, before, client);
                case CLOSED -> closed(name, client, jmap);
            }
            Instant gone = rung.lane().isEmpty() ? null : operatorsAreTold(rung);
            int synchronised = mbsync.run(server.port("imap"), ANNA);
            // Where nothing can be changed its CLOSE is refused.
            if (rung.noticed == Noticed.NOTHING) assertThat(synchronised).as(mbsync.output()).isZero();
            assertKept(had, mbsync.mails());

            assertThat(casella(0, "drill", "stop")).contains("is over");
            back(rung, name);
            if (gone != null) operatorsAreToldOfTheEnd(rung, gone);
            assertThat(uidValidity(client)).isEqualTo(uidValidity);
            SortedMap<Long, String> after = inbox(client);
            assertThat(after).containsAllEntriesOf(before);
            assertThat(after.values()).containsExactlyInAnyOrderElementsOf(sent.keySet());
            assertThat(idleStays(idle, name)).as("hears of mail again").isTrue();
            assertThat(jmap.service()).isEqualTo("live");
            int again = mbsync.run(server.port("imap"), ANNA);
            // One that copied the folder of the fault says that it is not there any more.
            if (rung.noticed != Noticed.CLOSED) assertThat(again).as(mbsync.output()).isZero();
            assertKept(had, mbsync.mails());
            assertThat(mbsync.mails().getOrDefault("INBOX", new TreeMap<>()).keySet()).containsAll(sent.keySet().stream()
                    .map(subject -> subject.replace(' ', '_') + "@test.example")
                    .toList());
        }
        // What is to be archived is tried again after a minute: too long for every run.
        if (rung != Rung.EVERYTHING || System.getProperty("casella.tier", "").equals("long")) measured(rung);
    }

    private JsonNode json(String... order) {
        var out = new ByteArrayOutputStream();
        // A server that is not whole ends these with another code.
        var _ = casella(out, order);
        return Json.MAPPER.readTree(out.toString(StandardCharsets.UTF_8));
    }

    private static JsonNode part(JsonNode status, String name) {
        for (JsonNode part : status.path("parts")) if (part.path("name").asString("").equals(name)) return part;
        throw new AssertionError("no " + name + " in " + status);
    }

    private JsonNode health() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://127.0.0.1:" + server.port("operations") + "/health");
            return Json.MAPPER.readTree(http.send(HttpRequest.newBuilder(uri).build(),
                    HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    /// By the command line, by the doctor and by `/health`, all with since when.
    private Instant operatorsAreTold(Rung rung) throws Exception {
        String state = rung == Rung.THE_DIRECTORY ? "degraded" : "gone";
        until("status says " + rung.lane(), () -> part(json("status", "--json"), rung.lane()).has("since")
                && part(json("status", "--json"), rung.lane()).path("state").asString("").equals(state));
        JsonNode told = part(json("status", "--json"), rung.lane());
        JsonNode same = part(health(), rung.lane());
        assertThat(same.path("state")).isEqualTo(told.path("state"));
        assertThat(same.path("since")).isEqualTo(told.path("since"));
        until("the doctor says " + rung.lane(), () -> finding(rung).has("since"));
        Instant since = Instant.parse(told.path("since").asString(""));
        assertThat(Duration.between(since, Instant.now())).isBetween(Duration.ZERO, Duration.ofSeconds(60));
        return since;
    }

    private JsonNode finding(Rung rung) {
        for (JsonNode one : json("doctor", "--json").path("findings")) {
            if (one.path("symptom").asString("").equals("part-is-gone")
                    && one.path("seen").asString("").contains(rung.lane())) return one;
        }
        return Json.MAPPER.missingNode();
    }

    private void operatorsAreToldOfTheEnd(Rung rung, Instant gone) throws Exception {
        until(rung.lane() + " is whole", () ->
                part(json("status", "--json"), rung.lane()).path("state").asString("").equals("whole"));
        JsonNode whole = part(health(), rung.lane());
        assertThat(whole.path("state").asString("")).isEqualTo("whole");
        assertThat(Instant.parse(whole.path("since").asString(""))).isAfter(gone);
        until("the doctor says no more of it", () -> finding(rung).isMissingNode());
    }

    /// Who has a session open is served again, or is told what is closed, within five times 2 s.
    private static void dialTone(Rung rung, LineClient client) throws Exception {
        String command = rung.noticed == Noticed.CLOSED ? "LIST \"\" *" : "STATUS INBOX (MESSAGES)";
        long start = System.nanoTime();
        until("served", () -> client.command("d", command).getLast().startsWith("d OK"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DIAL_TONE_MAX);
    }

    private void nothingIsNoticed(Rung rung, String name, SortedMap<Long, String> before, LineClient idle,
            LineClient client, PushClient jmap) throws Exception {
        long start = System.nanoTime();
        deliver("smtp", name + " durante");
        until(idle, "\\* \\d+ EXISTS");
        var _ = jmap.state("Email");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("told").isLessThan(DIAL_TONE_MAX);
        deliver("lmtp", name + " ancora");
        submit(name + " risposta");
        assertThat(inbox(client)).containsAllEntriesOf(before).containsValues(name + " durante",
                name + " ancora");
        ok(client, "SELECT INBOX");
        ok(client, "STORE 1 +FLAGS (" + rung.name() + ")");
        assertThat(pop3()).startsWith("+OK");
        assertThat(jmap.service()).isEqualTo(rung.turned() ? "standby" : "live");
    }

    private void onlyChangesAreRefused(Rung rung, String name, SortedMap<Long, String> before,
            LineClient client) throws Exception {
        deliver("smtp", name + " durante");
        deliver("lmtp", name + " ancora");
        submit(name + " risposta");
        assertThat(inbox(client)).containsAllEntriesOf(before);
        ok(client, "SELECT INBOX");
        assertThat(client.command("n", "STORE 1 +FLAGS (" + rung.name() + ")").getLast()).startsWith("n NO [");
        assertThat(pop3()).startsWith("+OK");
    }

    private void closed(String name, LineClient client, PushClient jmap) throws Exception {
        List<String> folders = ok(client, "LIST \"\" *");
        assertThat(folders).anyMatch(line -> line.contains("\"INBOX\"")).anyMatch(line -> line.endsWith(RECEIVED));
        deliver("smtp", name + " durante");
        assertThat(client.command("n", "SELECT INBOX").getLast()).startsWith("n NO [UNAVAILABLE]");
        assertThat(mails(client, RECEIVED).values()).containsExactly(name + " durante");
        long start = System.nanoTime();
        // Who had it open when it ends is asked to log in again.
        ok(client, "CLOSE");
        try (var there = idling(RECEIVED)) {
            deliver("lmtp", name + " ancora");
            until(there, "\\* 2 EXISTS");
        }
        var _ = jmap.state("Email");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("told").isLessThan(DIAL_TONE_MAX);
        submit(name + " risposta");
        assertThat(pop3()).startsWith("-ERR [SYS/TEMP]");
        assertThat(jmap.service()).isEqualTo("continuation");
        // No other client finds what it has gone.
        try (var other = imap()) {
            assertThat(other.command("n", "SELECT INBOX").getLast()).startsWith("n NO [UNAVAILABLE]");
        }
    }

    /// Waits until accounts are back and all is filed.
    private void back(Rung rung, String name) throws Exception {
        if (rung.turned()) {
            // Before that they would be turned again when they are used.
            until("the engine is whole", () -> {
                var out = new ByteArrayOutputStream();
                var _ = casella(out, "status", "--json");
                return out.toString(StandardCharsets.UTF_8).contains("\"name\":\"engine\",\"state\":\"whole\"");
            });
            until("accounts are back", () -> casella(new ByteArrayOutputStream(), "standby", "return", "--all") == 0
                    && casella(0, "standby", "list").contains("0 accounts on standby"));
        }
        until("all is filed", () -> {
            try (var client = imap()) {
                return inbox(client).containsValue(name + " ancora");
            }
        });
    }

    /// Says whether no drill runs: the last one's report is written.
    private boolean told() {
        return casella(0, "drill", "stop").contains("no drill runs");
    }

    /// A session that idled through all of it hears of new mail.
    private boolean idleStays(LineClient idle, String name) throws IOException {
        deliver("lmtp", name + " dopo");
        until(idle, "\\* \\d+ EXISTS");
        idle.send("DONE");
        until(idle, "i OK.*");
        return ok(idle, "NOOP").getLast().startsWith("t OK");
    }

    /// What was there lies in the file it lay in: nothing was removed, and nothing fetched again.
    private static void assertKept(SortedMap<String, SortedMap<String, String>> had,
            SortedMap<String, SortedMap<String, String>> has) {
        had.forEach((box, mails) -> assertThat(has.get(box)).as(box).containsAllEntriesOf(mails));
    }

    /// What the drill measured says the same.
    private void measured(Rung rung) throws Exception {
        until("the drill has told", this::told);
        JsonNode report = Json.MAPPER.readTree(casella(0, "drill", "report", rung.drill.split(" ")[0], "--json"));
        String said = report.toPrettyString();
        for (String none : List.of("lost", "duplicated", "refused", "identifiersChanged", "wrongBytesServed")) {
            assertThat(report.path(none).asInt(-1)).as("%s in %s", none, said).isZero();
        }
        assertThat(report.path("aborted").asString("")).as(said).startsWith("stopped by ");
        assertThat(report.path("returned").asBoolean(false)).as(said).isTrue();
        assertThat(report.path("timeToDialToneMillis").asLong(-1)).as(said)
                .isBetween(0L, DIAL_TONE_MAX.toMillis());
        assertThat(report.path("accepted").asInt(0)).as(said).isPositive();
    }
}
