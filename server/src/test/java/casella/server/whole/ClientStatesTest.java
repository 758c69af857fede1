package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves promise 5 through clients that keep state: mbsync, one with QRESYNC and one of POP3 synchronise; MOVE, EXPUNGE,
/// APPEND, CREATE, RENAME, DELE and deliveries are answered in the last moment before the process dies, parts of the data
/// folder with it, or before engine and vaults go away. Afterwards each is told the difference, finds nothing lost,
/// nothing kept wrongly, and fetches nothing again.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class ClientStatesTest {
    private static final String ANNA = "anna@posta.example";
    private static final String GONE = "(gone)";
    private static final int MAILS = 60;
    private static final int SECONDS_MAX = 60;

    /// Where each mail may be: one place once its last command was answered, two while it was not.
    private final Map<String, Set<String>> places = new ConcurrentHashMap<>();
    /// Everywhere a mail ever was.
    private final Map<String, Set<String>> trail = new ConcurrentHashMap<>();
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger changed = new AtomicInteger();
    private final AtomicInteger popped = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final QresyncClient qresync = new QresyncClient();
    private final long seed = System.nanoTime();
    private volatile boolean away;
    /// Why clients ended.
    private final List<String> ends = new CopyOnWriteArrayList<>();
    /// UIDL by Message-ID, as the POP3 client keeps it.
    private final Map<String, String> uidls = new HashMap<>();

    @ParameterizedTest
    @CsvSource("engine vaults/pack")
    void clientsGoOnAfterTheProcessDied(String lost, @TempDir Path folder) throws Exception {
        clientsGoOn(lost, folder);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"''", "tail", "engine", "engine vaults/rocksdb"})
    void clientsGoOnAfterTheProcessDiedWithOtherParts(String lost, @TempDir Path folder) throws Exception {
        clientsGoOn(lost, folder);
    }

    private void clientsGoOn(String lost, Path folder) throws Exception {
        Path data = folder.resolve("data");
        var mbsync = new Mbsync(folder.resolve("mbsync"));
        SortedMap<String, SortedMap<String, String>> had;
        try (var server = RunningServer.start(data)) {
            prepare(server);
            synchronise(server, mbsync);
            had = mbsync.mails();
            var ended = new CountDownLatch(3);
            delivered.set(0);
            use(server, ended);
            answeredALot(ended);
            server.kill();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
        for (String part : lost.split(" ")) if (!part.isEmpty()) delete(data.resolve(part));
        try (var server = RunningServer.start(data)) {
            settled(server);
            allRight(server, mbsync, had);
            assertThat(server.stop()).isZero();
        }
    }

    /// Changes of the last seconds that are not mails may be lost then, so a mail may be where it was before. What a client
    /// synchronised longer ago stays in its file, and no mail is lost, or there twice.
    @Test
    void clientsGoOnAfterEngineAndTailWereLost(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        var mbsync = new Mbsync(folder.resolve("mbsync"));
        try (var server = RunningServer.start(data)) {
            prepare(server);
            synchronise(server, mbsync);
            assertThat(server.stop()).isZero();
        }
        SortedMap<String, SortedMap<String, String>> had;
        try (var server = RunningServer.start(data)) {
            synchronise(server, mbsync);
            had = mbsync.mails();
            var ended = new CountDownLatch(3);
            delivered.set(0);
            use(server, ended);
            answeredALot(ended);
            server.kill();
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
        delete(data.resolve("engine"));
        delete(data.resolve("tail"));
        // Each mail is where it ever was; INBOX, where its folder was lost.
        trail.forEach((key, all) -> {
            all.add("INBOX");
            if (!places.getOrDefault(key, Set.of()).contains(GONE)) all.remove(GONE);
            places.put(key, all);
        });
        try (var server = RunningServer.start(data)) {
            settled(server);
            allRight(server, mbsync, had);
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void clientsGoOnAfterEverythingWasAway(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        var mbsync = new Mbsync(folder.resolve("mbsync"));
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        try (var server = RunningServer.start(data)) {
            prepare(server);
            assertThat(server.stop()).isZero();
        }
        try (var server = RunningServer.troubled(data, config)) {
            synchronise(server, mbsync);
            SortedMap<String, SortedMap<String, String>> had = mbsync.mails();
            var ended = new CountDownLatch(3);
            delivered.set(0);
            use(server, ended);
            answeredALot(ended);
            server.tell("vaults away");
            server.tell("engine away");
            away = true;
            assertThat(ended.await(60, TimeUnit.SECONDS)).as("clients that change are refused").isTrue();

            // While all is away a client may be told that, but nothing that makes it drop what it has.
            assertThat(mbsync.run(server.port("imap"), ANNA)).as(mbsync.output()).isNotZero();
            assertThat(mbsync.mails()).isEqualTo(had);
            String late = deliver(server);
            assertThat(places.get(late)).containsExactly("INBOX");

            server.tell("heal");
            settled(server);
            allRight(server, mbsync, had);
            assertThat(server.stop()).isZero();
        }
    }

    /// Waits until accounts answer, and the queue has filed what it took.
    private void settled(RunningServer server) throws Exception {
        until(() -> {
            try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
                if (!imap.command("a", "SELECT INBOX").getLast().startsWith("a OK")) return false;
                Map<String, String> found = found(imap);
                return places.entrySet().stream()
                        .allMatch(mail -> found.containsKey(mail.getKey()) || mail.getValue().contains(GONE));
            }
        }, "all that was answered is there");
    }

    private interface Condition {
        boolean met() throws IOException;
    }

    private void until(Condition condition, String what) throws Exception {
        for (int waited = 0; !condition.met(); waited++) {
            assertThat(waited).as("tenths of a second: %s, seed %d", what, seed).isLessThan(10 * SECONDS_MAX);
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
    }

    private void prepare(RunningServer server) throws IOException {
        for (int i = 0; i < MAILS; i++) deliver(server);
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            ok(imap, "CREATE Lavoro/Fatture");
            ok(imap, "CREATE Rinomina");
            ok(imap, "SELECT INBOX");
            ok(imap, "STORE 1:9 +FLAGS (\\Flagged)");
            ok(imap, "COPY 1:3 Rinomina");
        }
    }

    private void synchronise(RunningServer server, Mbsync mbsync) throws Exception {
        assertThat(mbsync.run(server.port("imap"), ANNA)).as(mbsync.output()).isZero();
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            qresync.synchronise(imap);
        }
        try (var pop = pop(server)) {
            uidls.putAll(uidls(pop));
        }
        assertThat(uidls).hasSizeGreaterThanOrEqualTo(MAILS);
    }

    private static void ok(LineClient client, String command) throws IOException {
        assertThat(client.command("u", command).getLast()).as(command).startsWith("u OK");
    }

    private static byte[] mail(String id) {
        String text = "Subject: " + id + "\r\nMessage-ID: <" + id + "@test.example>\r\n\r\n" + "riga\r\n".repeat(40);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String key(int number) {
        return "stato-" + number + "@test.example";
    }

    private void at(String key, Set<String> where) {
        places.put(key, where);
        trail.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet()).addAll(where);
    }

    private String deliver(RunningServer server) throws IOException {
        try (var client = LineClient.lmtp(server.port("lmtp"))) {
            return deliver(client);
        }
    }

    private String deliver(LineClient client) throws IOException {
        int number = numbers.incrementAndGet();
        String key = key(number);
        at(key, Set.of("INBOX", GONE));
        String reply = client.deliver("x@test.example", ANNA, mail("stato-" + number));
        if (!reply.startsWith("250")) throw new IOException("refused: " + reply);
        at(key, Set.of("INBOX"));
        delivered.incrementAndGet();
        return key;
    }

    /// Waits until each of the three has changed a few things.
    private void answeredALot(CountDownLatch ended) throws Exception {
        until(
                () -> {
                    assertThat(ended.getCount()).as("clients at work; others said %s", ends).isEqualTo(3);
                    return delivered.get() >= 10 && changed.get() >= 12 && popped.get() >= 3;
                },
                "commands answered");
    }

    /// Three clients work at once, each until its connection ends or a command is refused.
    private void use(RunningServer server, CountDownLatch ended) {
        work(ended, () -> {
            try (var client = LineClient.lmtp(server.port("lmtp"))) {
                // The queue takes what the accounts cannot, and would until it is full.
                while (!away) deliver(client);
            }
        });
        work(ended, () -> {
            try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
                changeByImap(imap, new Random(seed));
            }
        });
        work(ended, () -> {
            while (true) deleteByPop(server);
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private void work(CountDownLatch ended, Work work) {
        Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (IOException | AssertionError e) {
                // The server is gone, or refuses: as it should be, once it is killed or all is away.
                ends.add(e.toString());
            } finally {
                ended.countDown();
            }
        });
    }

    /// Moves, expunges, appends, makes and renames mailboxes. The POP3 client has the mails with even numbers.
    private void changeByImap(LineClient imap, Random random) throws IOException {
        String renamed = "Rinomina";
        for (int i = 0; ; i++) {
            imap.command("s", "SELECT INBOX");
            List<String> odd = places.entrySet().stream()
                    .filter(mail -> mail.getValue().equals(Set.of("INBOX")) && number(mail.getKey()) % 2 == 1)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            String uid = odd.isEmpty() ? "" : uid(imap, odd.get(random.nextInt(odd.size())));
            switch (i % 5) {
                case 0 -> move(imap, odd, uid, "Lavoro");
                case 1 -> expunge(imap, odd, uid);
                case 2 -> append(imap);
                case 3 -> {
                    ok(imap, "CREATE Nuova" + i);
                    move(imap, odd, uid, "Nuova" + i);
                }
                default -> {
                    // The other clients' cache is told the new name by MAILBOXID; mbsync does not follow it.
                    String next = "Rinomina" + i;
                    ok(imap, "RENAME " + renamed + " " + next);
                    renamed = next;
                }
            }
            changed.incrementAndGet();
        }
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.indexOf('-') + 1, key.indexOf('@')));
    }

    /// Returns UID and key of a mail, or nothing when it is not there.
    private static String uid(LineClient imap, String key) throws IOException {
        String found = imap.command("h", "UID SEARCH HEADER Message-ID " + key).getFirst();
        String[] words = found.trim().split(" ");
        return words.length == 3 ? words[2] + " " + key : "";
    }

    private void move(LineClient imap, List<String> odd, String uid, String to) throws IOException {
        if (odd.isEmpty() || uid.isEmpty()) return;
        String[] mail = uid.split(" ");
        at(mail[1], Set.of("INBOX", to));
        ok(imap, "UID MOVE " + mail[0] + " " + to);
        at(mail[1], Set.of(to));
    }

    private void expunge(LineClient imap, List<String> odd, String uid) throws IOException {
        if (odd.isEmpty() || uid.isEmpty()) return;
        String[] mail = uid.split(" ");
        at(mail[1], Set.of("INBOX", GONE));
        ok(imap, "UID STORE " + mail[0] + " +FLAGS (\\Deleted)");
        ok(imap, "UID EXPUNGE " + mail[0]);
        at(mail[1], Set.of(GONE));
    }

    private void append(LineClient imap) throws IOException {
        int number = numbers.incrementAndGet();
        byte[] mail = mail("stato-" + number);
        at(key(number), Set.of("Lavoro/Fatture", GONE));
        ok(imap, "APPEND Lavoro/Fatture (\\Seen) {" + mail.length + "+}\r\n" + new String(mail, StandardCharsets.US_ASCII));
        at(key(number), Set.of("Lavoro/Fatture"));
    }

    private void deleteByPop(RunningServer server) throws IOException {
        try (var pop = pop(server)) {
            Map<String, Integer> there = numbered(pop);
            String key = there.keySet().stream().filter(k -> k.startsWith("stato-") && number(k) % 2 == 0).findFirst().orElse("");
            if (key.isEmpty()) return;
            at(key, Set.of("INBOX", GONE));
            said(pop, "DELE " + there.get(key));
            said(pop, "QUIT");
            at(key, Set.of(GONE));
            popped.incrementAndGet();
        }
    }

    private static LineClient pop(RunningServer server) throws IOException {
        var pop = new LineClient(server.port("pop3"));
        pop.line();
        said(pop, "USER " + ANNA);
        said(pop, "PASS casella");
        return pop;
    }

    private static void said(LineClient pop, String command) throws IOException {
        pop.send(command);
        String answer = pop.line();
        if (!answer.startsWith("+OK")) throw new IOException(command + ": " + answer);
    }

    private static List<String> listed(LineClient pop, String command) throws IOException {
        said(pop, command);
        return lines(pop);
    }

    private static List<String> lines(LineClient pop) throws IOException {
        var lines = new ArrayList<String>();
        for (String line = pop.line(); !line.equals("."); line = pop.line()) lines.add(line);
        return lines;
    }

    /// Returns a message's header; nothing of one that the other client has removed meanwhile.
    private static List<String> top(LineClient pop, int number) throws IOException {
        pop.send("TOP " + number + " 0");
        if (!pop.line().startsWith("+OK")) return List.of();
        return lines(pop);
    }

    /// Returns message numbers by Message-ID.
    private static Map<String, Integer> numbered(LineClient pop) throws IOException {
        var numbered = new TreeMap<String, Integer>();
        for (String line : listed(pop, "UIDL")) {
            int number = Integer.parseInt(line.split(" ")[0]);
            for (String header : top(pop, number)) {
                if (!header.toLowerCase(Locale.ROOT).startsWith("message-id:")) continue;
                String id = header.substring(header.indexOf('<') + 1, header.indexOf('>'));
                assertThat(numbered.put(id, number)).as("%s twice in INBOX", id).isNull();
            }
        }
        return numbered;
    }

    private static Map<String, String> uidls(LineClient pop) throws IOException {
        var byNumber = new HashMap<Integer, String>();
        for (String line : listed(pop, "UIDL")) byNumber.put(Integer.parseInt(line.split(" ")[0]), line.split(" ")[1]);
        var uidls = new HashMap<String, String>();
        numbered(pop).forEach((id, number) -> uidls.put(id, byNumber.get(number)));
        return uidls;
    }

    /// Returns the mailbox of each mail of this test; fails on one that is in two.
    private static Map<String, String> found(LineClient imap) throws IOException {
        var found = new HashMap<String, String>();
        for (String name : QresyncClient.names(imap)) {
            if (name.startsWith("Rinomina")) continue;
            imap.command("x", "EXAMINE \"" + name + "\"");
            for (String line : imap.command("v", "UID FETCH 1:* (ENVELOPE)")) {
                int at = line.indexOf("<stato-");
                if (at < 0) continue;
                String key = line.substring(at + 1, line.indexOf('>', at));
                assertThat(found.put(key, name)).as("%s twice", key).isNull();
            }
        }
        return found;
    }

    private void allRight(RunningServer server, Mbsync mbsync,
            SortedMap<String, SortedMap<String, String>> had)
            throws Exception {
        Map<String, String> found;
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            found = found(imap);
            places.forEach((key, where) ->
                    assertThat(where).as("%s, seed %d", key, seed).contains(found.getOrDefault(key, GONE)));
            qresync.synchronise(imap);
        }
        try (var pop = pop(server)) {
            uidls(pop).forEach((id, uidl) -> {
                if (uidls.containsKey(id)) assertThat(uidl).as("UIDL of %s", id).isEqualTo(uidls.get(id));
            });
        }
        assertThat(mbsync.run(server.port("imap"), ANNA)).as(mbsync.output()).isZero();
        SortedMap<String, SortedMap<String, String>> has = mbsync.mails();
        var kept = new HashMap<String, String>();
        has.forEach((box, mails) -> mails.keySet().forEach(id -> {
            if (id.startsWith("stato-")) kept.put(id, box);
        }));
        // It removed what an EXPUNGE or DELE without an answer left marked as deleted.
        Map<String, String> left;
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            left = found(imap);
        }
        found.forEach((key, box) -> {
            if (!left.containsKey(key)) assertThat(places.get(key)).as("%s, seed %d", key, seed).contains(GONE);
            else assertThat(left).containsEntry(key, box);
        });
        assertThat(kept).as("what mbsync has and the server has").isEqualTo(left);
        // What stayed where it was lies in the file it lay in: it was not fetched again.
        had.forEach((box, mails) -> mails.forEach((id, file) -> {
            String now = has.getOrDefault(box, new TreeMap<>()).get(id);
            if (now != null) assertThat(now).as("file of %s in %s", id, box).isEqualTo(file);
        }));
    }

    private static void delete(Path folder) throws IOException {
        assertThat(folder).exists();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
