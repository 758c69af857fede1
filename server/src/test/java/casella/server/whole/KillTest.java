package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 1 against kill -9: under load of 64 connections, every message answered 250 is there afterwards, once,
/// its bytes equal.
final class KillTest {
    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = "long".equals(System.getProperty("casella.tier")) ? 20 : 5;
    private static final List<String> RECIPIENTS =
            List.of("anna@posta.example", "carlo@posta.example", "bruno@virgola.example", "dora@virgola.example");
    private static final Pattern ID = Pattern.compile("Message-ID: <(kill-[0-9]+)@test.example>");

    /// What was answered 250: which mail went to whom.
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, byte[]> sent = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    @Test
    void whatWasAnsweredIsThereOnceAfterEveryKill(@TempDir Path folder) throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Path data = folder.resolve("data");
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged.size();
            try (var server = RunningServer.start(data)) {
                verify(server, "round " + round + ", seed " + seed);
                load(server, before + 100 + random.nextInt(900));
            }
        }
        try (var server = RunningServer.start(data)) {
            verify(server, "at the end, seed " + seed);
            assertThat(server.stop()).isZero();
        }
        System.out.printf("killed %d times; %d mails answered 250 are there, once%n", ROUNDS, acknowledged.size());
    }

    /// Delivers on every connection until `count` mails are answered in all, then kills the server in the middle of it.
    private void load(RunningServer server, int count) throws InterruptedException {
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
        server.kill();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private void deliver(LineClient client, Random random) throws IOException {
        String id = "kill-" + number.incrementAndGet();
        var text = new StringBuilder("Message-ID: <" + id + "@test.example>\r\nSubject: " + id + "\r\n\r\n");
        int lines = 5 + random.nextInt(400);
        for (int i = 0; i < lines; i++) text.append("riga ").append(random.nextLong()).append("\r\n");
        byte[] mail = text.toString().getBytes(StandardCharsets.US_ASCII);
        sent.put(id, mail);
        String recipient = RECIPIENTS.get(random.nextInt(RECIPIENTS.size()));
        if (client.deliver("load@test.example", recipient, mail).startsWith("250")) acknowledged.put(id, recipient);
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
        acknowledged.forEach((id, recipient) -> assertThat(found.get(id)).as(id + " " + when).containsExactly(recipient));
        found.forEach((id, where) -> assertThat(where).as(id + " " + when).hasSize(1));
    }
}
