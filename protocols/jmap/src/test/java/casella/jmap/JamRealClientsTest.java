package casella.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.store.Account;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.testkit.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A client that other people wrote (npm `jmap-jam`) reads every mail of the corpus byte for byte,
/// writes and sends.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class JamRealClientsTest {
    private static final Path PROGRAM =
            Path.of(System.getProperty("casella.root", "../.."), "protocols/jmap/src/test/js");

    @TempDir
    Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    JamRealClientsTest() {}

    @Test
    void readsTheWholeCorpusAndWritesAndSends() throws Exception {
        if (!Files.isDirectory(PROGRAM.resolve("node_modules/jmap-jam"))) {
            run("npm", "ci", "--no-fund", "--no-audit");
        }
        try (var running = new Running(folder)) {
            Account anna = running.account("anna@posta.example");
            int kept = 0;
            for (byte[] mail : mails()) {
                Outcome.Added added = anna.add(NewEmail.delivery(
                        mail, Instant.parse("2026-11-22T10:00:00Z").plusSeconds(kept), "", "anna@posta.example"));
                assertThat(added).isInstanceOf(Outcome.Kept.class);
                kept++;
            }

            String said = run(
                    "node", "read-all.mjs", running.base, "anna@posta.example", SmallDirectory.PASSWORD, "" + kept);

            assertThat(said).contains("read " + kept + " mails");
        }
    }

    private static List<byte[]> mails() {
        var all = new ArrayList<byte[]>();
        for (Corpus.Mail mail : Corpus.own()) all.add(mail.bytes());
        for (Corpus.Mail mail : Corpus.shared()) all.add(mail.bytes());
        all.removeIf(mail -> mail.length == 0);
        return all;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(PROGRAM.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        assertThat(ended).as(String.join(" ", command)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
