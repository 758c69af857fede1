package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves what a loss beyond all copies comes to: one vault deleted and a tenth of the other damaged. What is left is
/// whole, byte for byte; each mail that is not is named by sender, subject and time and answers that it is away, in every
/// protocol; its envelope, flags and UID stay; nothing is silently absent or wrong.
final class LostMailTest {
    private static final List<String> OWNERS = List.of("anna@posta.example", "bruno@virgola.example");
    private static final int MAILS = 100;
    private static final int EVERY = 10;
    private static final Pattern SUBJECT = Pattern.compile("Subject: (perso [0-9]+ di [a-z]+)\r");

    private record Result(int code, String out) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString())).toArray(String[]::new);
        var terminal = new Terminal(InputStream.nullInputStream(), print, print, Map.of(), data);
        int code = Cli.run(terminal, new Server(), all);
        return new Result(code, out.toString(StandardCharsets.UTF_8));
    }

    /// Mails by owner and UID, as they were.
    private final Map<String, SortedMap<Long, byte[]>> before = new LinkedHashMap<>();
    /// UIDs of mails that are damaged beyond repair, by owner.
    private final Map<String, SortedMap<Long, String>> lost = new LinkedHashMap<>();
    private final Map<String, List<String>> listed = new LinkedHashMap<>();

    @ParameterizedTest
    @CsvSource("vaults/rocksdb journal")
    void whatSurvivesIsWholeAndWhatDoesNotIsNamed(String gone, @TempDir Path folder) throws Exception {
        survives(gone, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"vaults/rocksdb", "vaults/rocksdb engine", "vaults/rocksdb engine tail"})
    void whatSurvivesWithMoreIsWholeToo(String gone, @TempDir Path folder) throws Exception {
        survives(gone, folder);
    }

    private void survives(String gone, Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var server = RunningServer.start(data)) {
            for (String owner : OWNERS) deliver(server, owner);
            assertThat(server.stop()).isZero();
        }
        // What is in the tail is in segments now.
        try (var server = RunningServer.start(data)) {
            for (String owner : OWNERS) {
                before.put(owner, bodies(server, owner));
                listed.put(owner, list(server, owner));
            }
            archived(server);
            assertThat(server.stop()).isZero();
        }
        for (String part : gone.split(" ")) if (!part.equals("journal")) delete(data.resolve(part));
        for (String owner : OWNERS) lost.put(owner, damage(data.resolve("vaults/pack"), had(owner)));
        if (gone.endsWith("journal")) damageSegments(data.resolve("vaults/pack"));

        try (var server = RunningServer.start(data)) {
            for (String owner : OWNERS) allThatIsLeft(server, owner);
            for (String owner : OWNERS) named(data, owner, gone);
            goesOn(server);
            assertThat(server.stop()).isZero();
        }
        for (String owner : OWNERS) named(data, owner, gone);
        Result all = casella(data, "verify", "--all");
        assertThat(all.code()).isEqualTo(1);
        assertThat(all.out()).contains("lost " + 2 * MAILS / EVERY);
    }

    private SortedMap<Long, byte[]> had(String owner) {
        return Objects.requireNonNull(before.get(owner));
    }

    private SortedMap<Long, String> away(String owner) {
        return Objects.requireNonNull(lost.get(owner));
    }

    private void allThatIsLeft(RunningServer server, String owner) throws Exception {
        SortedMap<Long, String> away = away(owner);
        SortedMap<Long, byte[]> whole = new TreeMap<>(had(owner));
        whole.keySet().removeAll(away.keySet());
        SortedMap<Long, byte[]> found = bodies(server, owner);
        assertThat(found.keySet()).isEqualTo(whole.keySet());
        found.forEach((uid, bytes) -> assertThat(bytes).as("%s, uid %d", owner, uid).isEqualTo(whole.get(uid)));
        assertThat(list(server, owner)).isEqualTo(listed.get(owner));
        try (var imap = LineClient.imap(server.port("imap"), owner)) {
            assertThat(imap.command("e", "EXAMINE INBOX").getLast()).startsWith("e OK");
            for (var mail : away.entrySet()) {
                List<String> said = imap.command("f", "UID FETCH " + mail.getKey() + " (ENVELOPE RFC822.SIZE BODY.PEEK[])");
                assertThat(said.getFirst()).contains("ENVELOPE", mail.getValue(), "RFC822.SIZE").doesNotContain("BODY[]");
                assertThat(said.getLast()).startsWith("f NO [UNAVAILABLE]");
            }
        }
        byPop(server, owner);
        byJmap(server, owner);
    }

    private void byPop(RunningServer server, String owner) throws IOException {
        try (var pop = new LineClient(server.port("pop3"))) {
            pop.line();
            for (String command : List.of("USER " + owner, "PASS casella")) {
                pop.send(command);
                assertThat(pop.line()).startsWith("+OK");
            }
            int number = 0;
            for (long uid : had(owner).keySet()) {
                pop.send("RETR " + ++number);
                if (away(owner).containsKey(uid)) {
                    assertThat(pop.line()).startsWith("-ERR [SYS/PERM]");
                } else {
                    assertThat(pop.line()).startsWith("+OK");
                    while (!pop.line().equals(".")) {}
                }
            }
        }
    }

    /// A lost mail shows by its properties; its text is refused.
    private void byJmap(RunningServer server, String owner) throws Exception {
        var text = new StringBuilder();
        for (String subject : away(owner).values()) {
            String found = jmap(server, owner, """
                    ["Email/query", {"accountId": "%s", "filter": {"subject": "\\"%s\\""}}, "q"],
                    ["Email/get", {"accountId": "%s", "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
                      "properties": ["subject", "from", "preview"]}, "g"],
                    ["Email/get", {"accountId": "%s", "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
                      "properties": ["bodyValues", "textBody"], "fetchAllBodyValues": true}, "b"]
                    """.replace("%s\\\"", subject + "\\\""));
            assertThat(found).contains("\"subject\":\"" + subject + "\"").contains("serverFail");
            text.append(found);
        }
        assertThat(text.toString()).doesNotContain("bodyValues\":{\"1");
    }

    private static String jmap(RunningServer server, String owner, String calls) throws Exception {
        String login = "Basic " + Base64.getEncoder().encodeToString((owner + ":casella").getBytes(StandardCharsets.UTF_8));
        String base = "http://127.0.0.1:" + server.port("http");
        try (var http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
            var session = HttpRequest.newBuilder(URI.create(base + "/.well-known/jmap")).header("Authorization", login);
            String said = http.send(session.build(), HttpResponse.BodyHandlers.ofString()).body();
            Matcher account = Pattern.compile("\"primaryAccounts\":\\{[^}]*:mail\":\"([^\"]+)\"").matcher(said);
            assertThat(account.find()).as(said).isTrue();
            Matcher api = Pattern.compile("\"apiUrl\":\"([^\"]+)\"").matcher(said);
            assertThat(api.find()).as(said).isTrue();
            String body = "{\"using\": [\"urn:ietf:params:jmap:core\", \"urn:ietf:params:jmap:mail\"], \"methodCalls\": ["
                    + calls.replace("%s", account.group(1)) + "]}";
            var request = HttpRequest.newBuilder(URI.create(base).resolve(URI.create(api.group(1)).getPath()))
                    .header("Authorization", login)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /// Waits until nothing is in the tail that is in no segment.
    private static void archived(RunningServer server) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port("operations") + "/metrics"));
        try (var client = HttpClient.newHttpClient()) {
            for (int looked = 0;; looked++) {
                String said = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
                if (said.contains("\ncasella_archive_waiting_accounts 0.0\n")) return;
                assertThat(looked).as(said).isLessThan(120);
                new CountDownLatch(1).await(250, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void named(Path data, String owner, String gone) {
        Result json = casella(data, "verify", owner, "--json");
        assertThat(json.code()).as(json.out()).isEqualTo(1);
        Result text = casella(data, "verify", owner);
        assertThat(text.code()).as(text.out()).isEqualTo(1);
        assertThat(text.out().lines().filter(line -> line.startsWith("  LOST  "))).hasSize(MAILS / EVERY);
        assertThat(json.out().lines().filter(line -> line.contains("\"lost\":{"))).hasSize(MAILS / EVERY);
        for (String subject : away(owner).values()) {
            String from = "mittente-" + subject.replaceAll("[^0-9]", "") + "@test.example";
            assertThat(text.out()).containsPattern("LOST  20\\S+Z  from " + Pattern.quote(from) + "  \"" + subject + "\"  in INBOX");
            assertThat(json.out()).contains("\"from\":\"" + from + "\",\"subject\":\"" + subject + "\"");
        }
        assertThat(json.out()).contains(MAILS / EVERY + " mails are in no vault");
        if (gone.endsWith("journal")) assertThat(json.out()).contains("journal");
    }

    private static void goesOn(RunningServer server) throws IOException {
        for (String owner : OWNERS) {
            SortedMap<Long, byte[]> there = bodies(server, owner);
            try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
                assertThat(lmtp.deliver("x@test.example", owner, mail(999, owner))).startsWith("250");
            }
            SortedMap<Long, byte[]> now = bodies(server, owner);
            assertThat(now).hasSize(there.size() + 1);
            assertThat(now.lastKey()).isGreaterThan(there.lastKey());
        }
    }

    private static void deliver(RunningServer server, String owner) throws IOException {
        try (var lmtp = LineClient.lmtp(server.port("lmtp"))) {
            for (int i = 0; i < MAILS; i++) {
                assertThat(lmtp.deliver("x@test.example", owner, mail(i, owner))).startsWith("250");
            }
        }
    }

    /// A mail that cannot be compressed to less than 1,500 bytes.
    private static byte[] mail(int number, String owner) {
        byte[] random = new byte[2_000 + number * 100];
        new Random(number + owner.hashCode()).nextBytes(random);
        String text = "From: mittente-" + number + "@test.example\r\nSubject: perso " + number + " di "
                + owner.substring(0, owner.indexOf('@')) + "\r\n\r\n" + Base64.getMimeEncoder().encodeToString(random) + "\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static SortedMap<Long, byte[]> bodies(RunningServer server, String owner) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), owner)) {
            return client.bodies("INBOX");
        }
    }

    private static List<String> list(RunningServer server, String owner) throws IOException {
        try (var client = LineClient.imap(server.port("imap"), owner)) {
            client.command("e", "EXAMINE INBOX");
            List<String> lines = client.command("f", "UID FETCH 1:* (FLAGS INTERNALDATE ENVELOPE BODYSTRUCTURE EMAILID)");
            assertThat(lines.getLast()).startsWith("f OK");
            return lines.subList(0, lines.size() - 1);
        }
    }

    /// Turns over a byte of the stored object of every tenth mail of this test; returns their subjects by UID.
    private static SortedMap<Long, String> damage(Path vault, SortedMap<Long, byte[]> mails)
            throws Exception {
        var damaged = new TreeMap<Long, String>();
        int number = 0;
        for (var mail : mails.entrySet()) {
            Matcher subject = SUBJECT.matcher(new String(mail.getValue(), StandardCharsets.ISO_8859_1));
            if (!subject.find() || number++ % EVERY != 0) continue;
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(mail.getValue());
            // The name of the record, then the object.
            int flipped = flip(vault, hash, MAIL_BEFORE, hash.length + 40 + number * 13 % 1_400);
            assertThat(flipped).as("records of %s", subject.group(1)).isPositive();
            damaged.put(mail.getKey(), subject.group(1));
        }
        assertThat(damaged).hasSize(MAILS / EVERY);
        return damaged;
    }

    /// Turns over a byte in the first segments of every account.
    private static void damageSegments(Path vault) throws IOException {
        // The kind of a segment and mod-sequence 1, as a name in the pack begins: account:8 kind:1 order:16.
        assertThat(flip(vault, SEGMENT_FROM_ONE, 0, 120)).isPositive();
    }

    private static final int MAIL_BEFORE = 17;
    private static final byte[] SEGMENT_FROM_ONE = {2, 0, 0, 0, 0, 0, 0, 0, 1};

    /// Turns over a byte so far behind the beginning of each place where `wanted` stands; returns how many there were.
    ///
    /// @param kind how far before it the kind of an object must stand that is a mail; 0 for anything. The hash of a mail
    ///             stands in its segment as well
    private static int flip(Path vault, byte[] wanted, int kind, int behind) throws IOException {
        int flipped = 0;
        List<Path> files;
        try (Stream<Path> all = Files.walk(vault)) {
            files = all.filter(file -> file.toString().endsWith(".seg")).toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            for (int at : places(bytes, wanted)) {
                if (at + behind >= bytes.length || (kind > 0 && bytes[at - kind] != 1)) continue;
                flipped++;
                try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.seek(at + behind);
                    open.write(bytes[at + behind] ^ 0x10);
                }
            }
        }
        return flipped;
    }

    private static List<Integer> places(byte[] bytes, byte[] wanted) {
        var places = new ArrayList<Integer>();
        next:
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            for (int i = 0; i < wanted.length; i++) if (bytes[at + i] != wanted[i]) continue next;
            places.add(at);
        }
        return places;
    }

    private static void delete(Path folder) throws IOException {
        assertThat(folder).exists();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
