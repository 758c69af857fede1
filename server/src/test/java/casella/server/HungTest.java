package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.server.config.Config;
import casella.server.control.DataFolder;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.tail.Tail;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.Gate;
import casella.testkit.GatedDisk;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 2 against hung threads: with every native thread of the engine, of the tail, or of either vault held
/// where it calls the library or the disk, log-in, idle sessions and the conversations of others go on, each client gets
/// its reply in time, and when the threads come home nothing that was answered is missing.
final class HungTest {
    /// Calls that occupy a thread: none of them is to give up before the test lets go.
    private static final Duration NOTICED = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String ANNA = "anna@posta.example";
    private static final String BRUNO = "bruno@virgola.example";
    /// Subjects of this test's mails, beside those the demo brings.
    private static final Pattern OURS = Pattern.compile("Subject: (before|hung.*|after)");

    private final Gate gate = new Gate();
    private @Nullable Engine engine;
    private @Nullable Vault pack;
    private @Nullable Vault rocksdb;

    /// The parts as they are, but for a gate where their own threads call the library or the disk.
    private enum Part {
        ENGINE,
        TAIL,
        PACK,
        ROCKSDB
    }

    private Technologies with(Part gated) {
        return new Technologies() {
            private Runnable gateOf(Part part) {
                return part == gated ? gate : () -> {};
            }

            private Disk diskOf(Part part) {
                return part == gated ? new GatedDisk(Disk.real(), gate) : Disk.real();
            }

            @Override
            public Engine engine(Path folder) {
                engine = RocksEngine.open(folder, RocksEngineConfig.standard(), gateOf(Part.ENGINE));
                return opened(engine);
            }

            @Override
            public Tail tail(Path folder) {
                return Tail.open(folder, diskOf(Part.TAIL), Tail.standard());
            }

            @Override
            public Vault pack(Path folder) {
                // Small segments, so that indexes are made while the test looks on.
                var config = PackConfig.standard().withSegmentBytesMax(4_096);
                pack = PackVault.open("pack", folder, diskOf(Part.PACK), config);
                return opened(pack);
            }

            @Override
            public Vault rocksdb(Path folder) {
                var config = RocksVaultConfig.standard();
                rocksdb = RocksVault.open("rocksdb", folder, config, gateOf(Part.ROCKSDB));
                return opened(rocksdb);
            }
        };
    }

    private Launch.Running start(Path folder, Part gated) throws Exception {
        return start(folder, gated, false);
    }

    /// @param automatic whether accounts are turned by themselves; then nobody's own deadline comes soon
    private Launch.Running start(Path folder, Part gated, boolean automatic) throws Exception {
        String yaml =
                """
                data:
                  folder: %s
                listen:
                  {smtp: 0, submission: 0, submission-tls: 0, lmtp: 0, imap: 0, imap-tls: 0, pop3: 0,
                   pop3-tls: 0,
                   http: 0, operations: 0}
                store:
                  read-timeout: %s
                  write-timeout: %s
                  automatic-standby: %s
                  return-after: 5s
                """
                        .formatted(folder, automatic ? "30s" : "1s", automatic ? "30s" : "1s", automatic);
        var loaded = (Config.Loaded.Good) Config.text(yaml, new Config.Overrides(null, 0));
        var held = (DataFolder.Taken.Held) DataFolder.take(loaded.config().data());
        return new Server(with(gated)).start(loaded.config(), held.folder(), true);
    }

    private static int port(Launch.Running server, String name) {
        for (String word : server.announcement().getFirst().split(" ")) {
            if (word.startsWith(name + "=")) return Integer.parseInt(word.substring(name.length() + 1));
        }
        throw new IllegalStateException("no port " + name);
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000; i++) {
            if (holds.getAsBoolean()) return;
            never.await(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("not within a minute: " + what);
    }

    /// Makes a call on a thread of its own; what becomes of it is nobody's concern.
    private static void occupy(Runnable call) {
        Thread.ofVirtual().start(() -> {
            try {
                call.run();
            } catch (Fault e) {
                // Given up when the test was over.
            }
        });
    }

    private static <T> T opened(@Nullable T part) {
        if (part == null) throw new IllegalStateException("not opened");
        return part;
    }

    /// Shuts the gate and has each of the threads named go into it.
    private void hang(List<String> threads, Runnable... calls) throws InterruptedException {
        gate.shut();
        for (Runnable call : calls) occupy(call);
        until("held: " + threads + ", are: " + gate.held(), () -> gate.held().containsAll(threads));
        // No thread of the part that is not known here.
        assertThat(gate.held()).isEqualTo(new TreeSet<>(threads));
    }

    private static Runnable[] times(int times, Runnable read, Runnable... others) {
        var calls = new ArrayList<Runnable>();
        for (int i = 0; i < times; i++) calls.add(read);
        calls.addAll(List.of(others));
        return calls.toArray(Runnable[]::new);
    }

    private void hangEngine() throws InterruptedException {
        Engine hung = opened(engine);
        AccountId nobody = AccountId.random();
        hang(
                List.of("engine.read-0", "engine.read-1", "engine.read-2", "engine.read-3", "engine.write", "engine.probe-0"),
                times(
                        4,
                        () -> hung.read(nobody, LONG, _ -> 0),
                        () -> hung.erase(nobody),
                        () -> hung.probe(LONG)));
    }

    private void hangRocksdb() throws InterruptedException {
        Vault hung = opened(rocksdb);
        ObjectName object = anObject(hung);
        String name = "vault.rocksdb.";
        hang(
                List.of(name + "read-0", name + "read-1", name + "read-2", name + "read-3", name + "write", name + "probe-0"),
                times(
                        4,
                        () -> hung.get(object, 0, 1, LONG),
                        () -> hung.erase(AccountId.random()),
                        () -> hung.probe(LONG)));
    }

    private void hangPack(Launch.Running server) throws Exception {
        Vault hung = opened(pack);
        ObjectName object = anObject(hung);
        // The thread that makes indexes has something to do only when a segment is full.
        gate.shut(name -> name.equals("vault.pack.behind-0"));
        for (int i = 0; !gate.held().contains("vault.pack.behind-0"); i++) {
            assertThat(i).as("mails without a new segment").isLessThan(100);
            assertThat(deliver(server, "lmtp", ANNA, "molta " + "x".repeat(600))).startsWith("250");
        }
        String read = "vault.pack.read-";
        hang(
                List.of("vault.pack", "vault.pack.behind-0", read + "0", read + "1", read + "2", read + "3"),
                times(4, () -> hung.get(object, 0, 1, LONG), () -> hung.erase(AccountId.random())));
    }

    private static ObjectName anObject(Vault vault) {
        AccountId account = vault.accounts(null, 1, LONG).getFirst();
        return vault.list(account, ObjectName.Kind.MAIL, null, 1, LONG).getFirst().name();
    }

    private static String deliver(Launch.Running server, String door, String recipient, String subject)
            throws IOException {
        return PromptClient.deliver(port(server, door), door.equals("lmtp") ? "LHLO" : "EHLO", recipient, subject);
    }

    /// Returns the subjects of what was delivered here, in order.
    private static List<String> subjects(Launch.Running server, String address) throws IOException {
        try (var client = PromptClient.imap(port(server, "imap"), address)) {
            assertThat(client.ask("s SELECT INBOX")).startsWith("s OK");
            List<String> answer = client.all("f FETCH 1:* BODY.PEEK[]");
            assertThat(answer.getLast()).startsWith("f OK");
            return answer.stream()
                    .map(OURS::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(1))
                    .toList();
        }
    }

    /// Waits until what was answered 250 is in the inbox, out of the queue too, once.
    private static void filedOnce(Launch.Running server, String address, String... subjects)
            throws InterruptedException {
        until("in the inbox: " + List.of(subjects), () -> {
            try {
                List<String> there = subjects(server, address);
                assertThat(there).doesNotHaveDuplicates();
                return there.containsAll(List.of(subjects));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    /// What is answered whatever hangs: greetings, log-in, what needs no storage, and how the server is.
    private static void othersGoOn(Launch.Running server) throws Exception {
        try (var imap = new PromptClient(port(server, "imap"))) {
            assertThat(imap.line()).startsWith("* OK");
            assertThat(imap.ask("a LOGIN " + BRUNO + " casella")).startsWith("a OK");
            assertThat(imap.ask("b NOOP")).startsWith("b OK");
            assertThat(imap.ask("c CAPABILITY")).startsWith("c OK");
        }
        try (var pop3 = new PromptClient(port(server, "pop3"))) {
            assertThat(pop3.line()).startsWith("+OK");
            assertThat(pop3.order("CAPA")).startsWith("+OK");
        }
        try (var smtp = new PromptClient(port(server, "smtp"))) {
            assertThat(smtp.reply()).startsWith("220");
            assertThat(smtp.order("EHLO test.example")).startsWith("250");
            assertThat(smtp.order("NOOP")).startsWith("250");
        }
        String basic = "Basic " + Base64.getEncoder().encodeToString((BRUNO + ":casella").getBytes(StandardCharsets.UTF_8));
        assertThat(get(server, "http", "/jmap/session", basic)).contains("urn:ietf:params:jmap:mail");
        assertThat(get(server, "operations", "/health", basic)).contains("\"status\"");
        assertThat(get(server, "operations", "/metrics", basic)).contains("casella_");
    }

    private static String get(Launch.Running server, String door, String path, String authorization)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(server, door) + path))
                .header("Authorization", authorization)
                .timeout(PromptClient.REPLY)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    private static void health(Launch.Running server, String part, String state) throws InterruptedException {
        String expected = "\"name\":\"" + part + "\",\"state\":\"" + state + "\"";
        until(part + " is " + state, () -> {
            try {
                return get(server, "operations", "/health", "").contains(expected);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /// A session that idles in Anna's inbox through all of it.
    private static PromptClient idling(Launch.Running server) throws IOException {
        var idle = PromptClient.imap(port(server, "imap"), ANNA);
        assertThat(idle.ask("b SELECT INBOX")).startsWith("b OK");
        assertThat(idle.ask("c IDLE")).startsWith("+");
        return idle;
    }

    private interface Hanging {
        void hang(Launch.Running server) throws Exception;
    }

    private void aHungVaultCostsNobodyAnything(Part part, String name, Path folder, Hanging hanging)
            throws Exception {
        try (var server = start(folder, part); var idle = idling(server)) {
            var answered = new ArrayList<>(List.of("before"));
            assertThat(deliver(server, "lmtp", ANNA, "before")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            hanging.hang(server);
            try {
                // More of them than it takes to open every breaker.
                for (int i = 0; i < 6; i++) {
                    String subject = "hung " + i;
                    assertThat(deliver(server, i % 2 == 0 ? "lmtp" : "smtp", ANNA, subject)).startsWith("250");
                    answered.add(subject);
                }
                assertThat(idle.untilStarts("* ")).contains("EXISTS");
                othersGoOn(server);
                assertThat(subjects(server, ANNA)).containsExactlyElementsOf(answered);
                health(server, "vault." + name, "gone");
            } finally {
                gate.open();
            }
            health(server, "vault." + name, "whole");
            assertThat(deliver(server, "lmtp", ANNA, "after")).startsWith("250");
            answered.add("after");
            assertThat(subjects(server, ANNA)).containsExactlyElementsOf(answered);
        }
    }

    @Test
    void everyThreadOfThePackVaultHung(@TempDir Path folder) throws Exception {
        aHungVaultCostsNobodyAnything(Part.PACK, "pack", folder, this::hangPack);
    }

    @Tag("long")
    @Test
    void everyThreadOfTheRocksdbVaultHung(@TempDir Path folder) throws Exception {
        aHungVaultCostsNobodyAnything(Part.ROCKSDB, "rocksdb", folder, _ -> hangRocksdb());
    }

    @Test
    void everyThreadOfTheEngineHung(@TempDir Path folder) throws Exception {
        try (var server = start(folder, Part.ENGINE); var idle = idling(server)) {
            assertThat(deliver(server, "lmtp", ANNA, "before")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            hangEngine();
            try {
                assertThat(deliver(server, "lmtp", ANNA, "hung, lmtp")).startsWith("250");
                assertThat(deliver(server, "smtp", ANNA, "hung, smtp")).startsWith("250");
                othersGoOn(server);
                withoutTheEngine(server);
                idle.send("DONE");
                assertThat(idle.untilStarts("c ")).startsWith("c ");
                assertThat(idle.ask("d NOOP")).startsWith("d ");
                assertThat(idle.ask("e IDLE")).startsWith("+");
                health(server, "engine", "gone");
            } finally {
                gate.open();
            }
            health(server, "engine", "whole");
            assertThat(deliver(server, "lmtp", ANNA, "after")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            idle.send("DONE");
            assertThat(idle.untilStarts("e ")).startsWith("e OK");
            filedOnce(server, ANNA, "before", "hung, lmtp", "hung, smtp", "after");
        }
    }

    /// As an owner sees it: a pause, and everything there. What was answered is there once, also when all is over.
    @Test
    void nobodyNoticesMoreThanAPauseOfAHungEngine(@TempDir Path folder) throws Exception {
        try (var server = start(folder, Part.ENGINE, true); var idle = idling(server)) {
            assertThat(deliver(server, "lmtp", ANNA, "before")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            hangEngine();
            try {
                long start = System.nanoTime();
                assertThat(deliver(server, "lmtp", ANNA, "hung, lmtp")).startsWith("250");
                assertThat(idle.untilStarts("* ")).contains("EXISTS");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).as("five times what is noticed").isLessThan(NOTICED);
                assertThat(deliver(server, "smtp", ANNA, "hung, smtp")).startsWith("250");
                assertThat(idle.untilStarts("* ")).contains("EXISTS");
                health(server, "engine", "gone");
                // Not only who was there, and not only who has mail: another protocol, another account.
                start = System.nanoTime();
                try (var pop3 = new PromptClient(port(server, "pop3"))) {
                    pop3.line();
                    pop3.order("USER " + BRUNO);
                    assertThat(pop3.order("PASS casella")).startsWith("+OK");
                    assertThat(pop3.order("STAT")).startsWith("+OK");
                }
                assertThat(subjects(server, ANNA)).containsExactly("before", "hung, lmtp", "hung, smtp");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
                health(server, "standby", "degraded");
            } finally {
                gate.open();
            }
            health(server, "engine", "whole");
            assertThat(deliver(server, "lmtp", ANNA, "after")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            assertThat(subjects(server, ANNA)).containsExactly("before", "hung, lmtp", "hung, smtp", "after");
            idle.send("DONE");
            assertThat(idle.untilStarts("c ")).startsWith("c OK");
        }
    }

    /// What needs the engine says so, each protocol in its words, and the session goes on.
    private static void withoutTheEngine(Launch.Running server) throws IOException {
        try (var imap = PromptClient.imap(port(server, "imap"), ANNA)) {
            assertThat(imap.ask("b SELECT INBOX")).startsWith("b NO [UNAVAILABLE]");
            assertThat(imap.ask("c LIST \"\" *")).startsWith("c NO [UNAVAILABLE]");
            assertThat(imap.ask("d NOOP")).startsWith("d OK");
        }
        try (var pop3 = new PromptClient(port(server, "pop3"))) {
            pop3.line();
            pop3.order("USER " + BRUNO);
            assertThat(pop3.order("PASS casella")).startsWith("-ERR [SYS/TEMP]");
        }
    }

    @Test
    void everyThreadOfTheTailHung(@TempDir Path folder) throws Exception {
        try (var server = start(folder, Part.TAIL); var idle = idling(server)) {
            assertThat(deliver(server, "lmtp", ANNA, "before")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            gate.shut();
            try {
                // Each leaves a change of unknown outcome; those of others are asked for meanwhile.
                assertThat(deliver(server, "lmtp", ANNA, "hung, lmtp")).startsWith("250");
                assertThat(gate.held()).contains("tail");
                assertThat(deliver(server, "smtp", BRUNO, "hung, smtp")).startsWith("250");
                othersGoOn(server);
                assertThat(subjects(server, ANNA)).contains("before");
            } finally {
                gate.open();
            }
            until("delivered again", () -> {
                try {
                    return deliver(server, "lmtp", ANNA, "after").startsWith("250");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            filedOnce(server, ANNA, "before", "hung, lmtp", "after");
            filedOnce(server, BRUNO, "hung, smtp");
        }
    }
}
