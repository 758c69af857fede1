package casella.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whatever a client sends is a command or a refusal with a reply of one line, and what is read of it can stand in a
/// header field.
class CommandTest {
    private static void read(String line) {
        for (Door door : Door.values()) {
            try {
                check(Command.parse(line, door));
            } catch (Refusal refusal) {
                var out = new StringBuilder();
                refusal.reply().writeTo(out);
                assertThat(out.toString()).matches("5\\d\\d 5\\.\\d+\\.\\d+ [^\\r\\n]{1,200}\\r\\n");
            }
        }
    }

    private static void check(Command command) {
        switch (command) {
            case Mail(var sender, var bytes, _) -> {
                clean(sender.text());
                assertThat(bytes).isNotNegative();
            }
            case Rcpt(var recipient, var wants) -> {
                clean(wants.original());
                clean(recipient.text());
                assertThat(recipient.isNull()).isFalse();
            }
            case Bdat(var octets, _) -> assertThat(octets).isNotNegative();
            case Hello(var name, _) -> assertThat(name).matches("[^\\x00-\\x20\\x7f]{1,255}");
            default -> assertThat(command.label()).matches("[a-z]+");
        }
    }

    private static void clean(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7F || (c == '<' && !text.contains("\"")))) fail(text);
    }

    @FuzzTest
    void anyBytes(byte[] bytes) {
        read(new String(bytes, UTF_8));
    }

    /// Every line a client says in the dialogues, cut, doubled and stirred.
    @Test
    void stirredDialogues() throws IOException {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> lines = said();
        for (int round = 0; round < 50_000; round++) {
            var line = new StringBuilder(lines.get(random.nextInt(lines.size())));
            for (int edits = random.nextInt(4); edits > 0 && !line.isEmpty(); edits--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(4)) {
                    case 0 -> line.deleteCharAt(at);
                    case 1 -> line.insert(at, (char) random.nextInt(0x180));
                    case 2 -> line.insert(at, "<>@\"\\:=[] .+".charAt(random.nextInt(12)));
                    default -> line.append(lines.get(random.nextInt(lines.size())), 0, 3);
                }
            }
            try {
                read(line.toString());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + line, e);
            }
        }
    }

    private static List<String> said() throws IOException {
        var lines = new ArrayList<String>();
        try (Stream<Path> scripts = Files.list(Path.of("src/test/dialogues"))) {
            for (Path script : scripts.toList()) {
                for (String line : Files.readAllLines(script)) {
                    if (line.startsWith("C: ") && line.length() > 6) lines.add(line.substring(3));
                }
            }
        }
        assertThat(lines).hasSizeGreaterThan(200);
        return lines;
    }
}
