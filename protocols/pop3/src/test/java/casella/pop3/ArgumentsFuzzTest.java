package casella.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Proves that no line, whatever its bytes, gives anything but a command or a refusal.
class ArgumentsFuzzTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root", "../..")).resolve("protocols/pop3/src/test");

    @FuzzTest
    void anyLineIsACommandOrRefused(byte[] line) {
        try {
            assertThat(Command.parse(new Arguments(line)).label()).isNotEmpty();
        } catch (Arguments.Syntax refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }

    @Test
    void theDialoguesLinesAndTheirMutantsAreCommandsOrRefused() throws Exception {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        System.out.println("pop3 arguments: seed " + seed);
        var random = new Random(seed);
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS.resolve("dialogues"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("C: ")) seeds.add(line.substring(3).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(seeds).hasSizeGreaterThan(40);
        for (byte[] line : seeds) anyLineIsACommandOrRefused(line);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = seeds.get(random.nextInt(seeds.size())).clone();
            for (int n = random.nextInt(4); n >= 0 && line.length > 0; n--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            anyLineIsACommandOrRefused(line);
        }
    }
}
