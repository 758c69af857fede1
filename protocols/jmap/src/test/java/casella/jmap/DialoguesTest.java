package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.HelpDesk;
import casella.base.OwnRecord.Absence;
import casella.base.OwnRecord.Attempt;
import casella.base.OwnRecord.Away;
import casella.base.OwnRecord.Came;
import casella.base.OwnRecord.Reckoned;
import casella.base.OwnRecord.Time;
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
            if (line.equals("# record: of a bad day")) badDay(account);
            if (line.equals("# helped: by carla")) helped(account);
            if (!line.startsWith("# waits: ")) continue;
            var _ = running.continued(account, Files.readAllBytes(MAILS.resolve(line.substring(9))));
        }
    }

    /// `# record: of a bad day` gives the account a record: an incident that goes on, a sender who was turned away, a count.
    private void badDay(Account account) {
        Instant at = Instant.parse("2027-01-31T09:30:00.250Z");
        running.own.absences.put(account.id(), List.of(
                new Absence("days90", 0, "", "", at.minusSeconds(86_400 * 90), at, new Away(1_000, 0, 0, 0, 0, 1_000),
                        List.of()),
                new Absence("n2", 2, "Non si apre", "Does not open", at.minusSeconds(60), null,
                        new Away(0, 60_000, 0, 5, 0, 60_000), List.of(new Time(at.minusSeconds(60), at)))));
        running.own.attempts.put(account.id(), List.of(
                new Attempt("t9", "bank@bank.example", at.minusSeconds(9), at, 3, 451, "Try again later", null),
                new Attempt("t8", "", at, at, 1, 0, "The connection broke", at.plusSeconds(5))));
        running.own.reckoned.put(account.id(), new Reckoned(at, 7, 4, 2, 1, 0, 0,
                Map.of("n2", new Came(3, at.minusSeconds(50), at)), "{\"payload\":\"x\"}"));
    }

    /// `# helped: by carla` has the owner allow it, and Carla look.
    private void helped(Account account) {
        running.help.allow(account.id(), HelpDesk.Scope.MESSAGES);
        running.help.begin(account.id());
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
