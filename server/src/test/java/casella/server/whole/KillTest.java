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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 1 against kill -9 and what a crash leaves of files: under load of many connections, with
/// what was written after the last answer that counts cut off or garbled, every message answered 250 is there
/// afterwards, once, its bytes equal, and every account is proven.
final class KillTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int CONNECTIONS = LONG ? 64 : 24;
    private static final int ROUNDS = LONG ? 100 : 4;
    private static final int MAILS = LONG ? 900 : 60;
    /// Files of our own: written at their end, or anew and renamed.
    private static final List<String> OURS = List.of("tail/", "vaults/pack/", "queue/", "care/");
    private static final int SECONDS_MAX = 90;
    private static final List<String> RECIPIENTS =
            List.of("anna@posta.example", "carlo@posta.example", "bruno@virgola.example",
                    "dora@virgola.example");
    private static final Pattern ID = Pattern.compile("Message-ID: <(kill-[0-9]+)@test.example>");

    /// What was answered 250: which mail went to whom.
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, byte[]> sent = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();
    /// Held by whoever delivers until the answer is noted; whoever looks at the files has it alone.
    private final ReadWriteLock answers = new ReentrantReadWriteLock(true);
    private volatile boolean counts;

    @Test
    void whatWasAnsweredIsThereOnceAfterEveryKill(@TempDir Path folder) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Path data = folder.resolve("data");
        String last = "";
        for (int round = 0; round < ROUNDS; round++) {
            try (var server = RunningServer.start(data)) {
                verify(server, "round " + round + ", seed " + seed + last);
                if (round % 5 == 4) proven(data, "round " + round + ", seed " + seed + last);
                // One technology a round: the other's files are what the disk promised.
                boolean ours = round % 2 == 0;
                TornFiles files = load(server, data, ours, acknowledged.size() + 40 + random.nextInt(MAILS));
                last = "\n" + String.join("\n", files.tear(random));
            }
        }
        try (var server = RunningServer.start(data)) {
            verify(server, "at the end, seed " + seed + last);
            proven(data, "at the end, seed " + seed + last);
            assertThat(server.stop()).isZero();
        }
        System.out.printf("killed %d times; %d mails answered 250 are there, once%n", ROUNDS,
                acknowledged.size());
    }

    private static boolean ours(Path data, Path file) {
        String name = data.relativize(file).toString();
        return OURS.stream().anyMatch(name::startsWith) && !name.contains("queue.db");
    }

    /// The logs of RocksDB, in which the last writes are.
    private static boolean log(Path data, Path file) {
        String name = data.relativize(file).toString();
        return (name.startsWith("engine/") || name.startsWith("vaults/rocksdb/")) && name.endsWith(".log");
    }

    /// Waits until `verify --all` finds nothing, the healer having paid what the crash made owed.
    private static void proven(Path data, String when) throws InterruptedException {
        for (int waited = 0; ; waited++) {
            var out = new ByteArrayOutputStream();
            var terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out),
                    new PrintStream(out),
                    Map.of(), data);
            if (Cli.run(terminal, new Server(), "verify", "--all", "--data", data.toString()) == 0) return;
            assertThat(waited).as("seconds, %s: %s", when,
                    out.toString(StandardCharsets.UTF_8)).isLessThan(SECONDS_MAX);
            new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        }
    }

    /// Delivers on every connection until `count` mails are answered in all, lets some more come whose
    /// answers do not count, and kills the server in the middle of it.
    ///
    /// @return the files as they were when the last answer that counts had come
    private TornFiles load(RunningServer server, Path data, boolean ours, int count)
            throws InterruptedException, IOException {
        counts = true;
        var ended = new CountDownLatch(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            var random = new Random(i);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var client = LineClient.lmtp(server.port("lmtp"))) {
                                    while (true) deliver(client, random);
                                } catch (IOException e) {
                                    ended.countDown(); // killed, as it should be
                                }
                            });
        }
        for (int waited = 0; acknowledged.size() < count; waited++) {
            assertThat(waited).as("seconds for %d answers", count).isLessThan(120);
            assertThat(ended.await(1, TimeUnit.SECONDS)).as("connections ended before the kill").isFalse();
        }
        TornFiles files;
        answers.writeLock().lock();
        try {
            files = TornFiles.now(data, file -> ours ? ours(data, file) : log(data, file));
            counts = false;
        } finally {
            answers.writeLock().unlock();
        }
        assertThat(ended.await(20 + new Random(count).nextInt(400), TimeUnit.MILLISECONDS)).isFalse();
        server.kill();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        return files;
    }

    private void deliver(LineClient client, Random random) throws IOException {
        String id = "kill-" + number.incrementAndGet();
        var text = new StringBuilder("Message-ID: <" + id + "@test.example>\r\nSubject: " + id + "\r\n\r\n");
        int lines = 5 + random.nextInt(400);
        for (int i = 0; i < lines; i++) text.append("riga ").append(random.nextLong()).append("\r\n");
        byte[] mail = text.toString().getBytes(StandardCharsets.US_ASCII);
        sent.put(id, mail);
        String recipient = RECIPIENTS.get(random.nextInt(RECIPIENTS.size()));
        answers.readLock().lock();
        try {
            String answer = client.deliver("load@test.example", recipient, mail);
            if (answer.startsWith("250") && counts) acknowledged.put(id, recipient);
        } finally {
            answers.readLock().unlock();
        }
    }

    private void verify(RunningServer server, String when) throws IOException {
        var found = new HashMap<String, List<String>>();
        for (String recipient : RECIPIENTS) {
            try (var client = LineClient.imap(server.port("imap"), recipient)) {
                SortedMap<Long, byte[]> bodies = client.bodies("INBOX");
                for (byte[] body : bodies.values()) {
                    String text = new String(body, StandardCharsets.ISO_8859_1);
                    Matcher id = ID.matcher(text);
                    if (!id.find()) continue;
                    String original = new String(sent.get(id.group(1)), StandardCharsets.ISO_8859_1);
                    assertThat(text).as(when).endsWith(original);
                    found.computeIfAbsent(id.group(1), _ -> new ArrayList<>()).add(recipient);
                }
            }
        }
        acknowledged.forEach((id, recipient) -> assertThat(found.get(id)).as(id + " "
                + when).containsExactly(recipient));
        found.forEach((id, where) -> assertThat(where).as(id + " " + when).hasSize(1));
    }
}
