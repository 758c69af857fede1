package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 1 where accounts cannot be written: with the engine hung, its outcomes unknown, or every vault away,
/// LMTP and SMTP answer 250 from the queue; after kill -9 and a healthy start each mail is in its mailbox once, its bytes
/// equal, and stays so.
final class QueueTest {
    private static final List<String> OWNERS =
            List.of("anna@posta.example", "carlo@posta.example", "bruno@virgola.example", "dora@virgola.example");
    private static final Pattern ID = Pattern.compile("Message-ID: <(queue-[0-9]+)@test.example>");
    private static final int SECONDS_MAX = 60;

    /// Mail by id: its text, and who it was answered for.
    private final Map<String, String> sent = new LinkedHashMap<>();
    private final Map<String, String> answered = new LinkedHashMap<>();

    @Test
    void whatTheQueueTookIsFiledOnce(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path config = folder.resolve("casella.yaml");
        Files.writeString(config, "store: {read-timeout: 1s, write-timeout: 1s, automatic-standby: false, return-after: 10s}\n");
        try (var server = RunningServer.start(data)) {
            assertThat(server.stop()).isZero();
        }
        for (String trouble : List.of("engine hung", "engine unknown", "vaults away")) {
            try (var server = RunningServer.troubled(data, config)) {
                server.tell(trouble);
                send(server, trouble);
                server.kill();
            }
            try (var server = RunningServer.start(data)) {
                allThere(server, trouble);
                server.kill();
            }
        }
        try (var server = RunningServer.start(data)) {
            allThere(server, "at the end");
            assertThat(server.stop()).isZero();
        }
    }

    private void send(RunningServer server, String trouble) throws IOException {
        try (var lmtp = LineClient.lmtp(server.port("lmtp"));
                var smtp = new LineClient(server.port("smtp"))) {
            smtp.reply();
            smtp.send("EHLO test.example");
            smtp.reply();
            for (int i = 0; i < 6; i++) {
                String id = "queue-" + sent.size();
                String text = "Message-ID: <" + id + "@test.example>\r\nSubject: " + trouble + "\r\n\r\n"
                        + ("riga " + i + "\r\n").repeat(1 + i * 700);
                sent.put(id, text);
                String owner = OWNERS.get(i % OWNERS.size());
                LineClient client = i % 2 == 0 ? lmtp : smtp;
                assertThat(client.deliver("x@test.example", owner, text.getBytes(StandardCharsets.US_ASCII)))
                        .as(trouble + ", mail " + i)
                        .startsWith("250");
                answered.put(id, owner);
            }
        }
    }

    private void allThere(RunningServer server, String when) throws Exception {
        Map<String, String> found = found(server, when);
        for (int waited = 0; found.size() < answered.size(); waited++) {
            assertThat(waited).as("seconds, %s: %s of %s", when, found.keySet(), answered.keySet()).isLessThan(SECONDS_MAX);
            new CountDownLatch(1).await(1, TimeUnit.SECONDS);
            found = found(server, when);
        }
        assertThat(found).as(when).isEqualTo(answered);
    }

    /// Returns what is where; fails on what is there twice or with other bytes.
    private Map<String, String> found(RunningServer server, String when) throws IOException {
        var found = new HashMap<String, String>();
        for (String owner : OWNERS) {
            try (var client = LineClient.imap(server.port("imap"), owner)) {
                SortedMap<Long, byte[]> bodies = client.bodies("INBOX");
                for (byte[] body : bodies.values()) {
                    String text = new String(body, StandardCharsets.ISO_8859_1);
                    Matcher id = ID.matcher(text);
                    if (!id.find()) continue;
                    assertThat(text).as(when).endsWith(sent.get(id.group(1)));
                    assertThat(found.put(id.group(1), owner)).as(id.group(1) + " twice, " + when).isNull();
                }
            }
        }
        return found;
    }
}
