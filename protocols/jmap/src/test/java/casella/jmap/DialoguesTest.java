package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.store.Account;
import casella.store.NewEmail;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Each method answers as its dialogue says, over a real socket, good, bad and refused.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DialoguesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("casella.root", "../.."), "protocols/jmap/src/test/dialogues");

    static final Path MAILS = FOLDER.resolveSibling("mails");

    private Running running;

    @SuppressWarnings("NullAway.Init")
    DialoguesTest() {}

    @BeforeAll
    void start(@TempDir Path folder) {
        running = new Running(folder);
        running.account("bruno@virgola.example");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @TestFactory
    Stream<DynamicTest> dialogue() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(FOLDER)) {
            files = list.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)));
    }

    /// `# with: plain.eml, html.eml` puts mails of the folder `mails` into INBOX, a minute after
    /// one another.
    private static void fill(Account account, Path file) throws IOException {
        Instant at = Instant.parse("2026-11-22T10:00:00Z");
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("# with: ")) continue;
            for (String name : line.substring(8).split(", ")) {
                byte[] mail = Files.readAllBytes(MAILS.resolve(name));
                account.add(NewEmail.delivery(mail, at, "bruno@virgola.example", "anna@posta.example"));
                at = at.plusSeconds(60);
            }
        }
    }

    /// `# waits: plain.eml` takes everything away: the account is continued, and that mail waits for it. `# contents: away`
    /// takes the vaults away alone.
    private void takeAway(Account account, Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.equals("# contents: away")) running.contentsAway(account);
            if (!line.startsWith("# waits: ")) continue;
            var _ = running.continued(account, Files.readAllBytes(MAILS.resolve(line.substring(9))));
        }
    }

    private void play(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".txt", "");
        String address = name + "@posta.example";
        var account = running.account(address);
        fill(account, file);
        takeAway(account, file);
        var dialogue = new Dialogue(file, Map.of("A", account.id().toString(), "Address", address));
        int compared = played(dialogue, address);
        assertThat(compared).as("answers in " + name).isPositive();
    }

    private int played(Dialogue dialogue, String address) throws IOException {
        try {
            return play(dialogue, address);
        } finally {
            running.contentsBack();
        }
    }

    private int play(Dialogue dialogue, String address) throws IOException {
        return dialogue.play(body -> running.send(running.as(address, "/jmap/api")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)))
                .body());
    }
}
