package casella.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Corpus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that Python's poplib reads every mail of the corpus byte for byte, and removes what it says.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
class Pop3RealClientsTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root", "../..")).resolve("protocols/pop3/src/test");

    @Test
    void pythonReadsTheCorpusByteForByte(@TempDir Path folder) throws Exception {
        Path expected = Files.createDirectory(folder.resolve("expected"));
        try (Pop3Server server = Pop3Server.start()) {
            var mails = new ArrayList<>(Corpus.own());
            mails.addAll(Corpus.shared());
            int number = 0;
            for (Corpus.Mail mail : mails) {
                if (mail.bytes().length == 0) continue;
                server.deliver("INBOX", mail.bytes());
                Files.write(expected.resolve(String.format("%05d", ++number)), mail.bytes());
            }
            Path output = folder.resolve("output.txt");
            String script = TESTS.resolve("python/poplib_check.py").toString();

            Process python = new ProcessBuilder(List.of("python3", script, "" + server.port(), "" + expected))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = python.waitFor(60, TimeUnit.SECONDS);
            if (!ended) python.destroyForcibly();

            assertThat(ended).isTrue();
            assertThat(new String(Files.readAllBytes(output), StandardCharsets.UTF_8)).endsWith("all well\n");
        }
    }
}
