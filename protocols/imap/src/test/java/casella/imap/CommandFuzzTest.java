package casella.imap;

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

/// Proves that no command, whatever its bytes and literals, gives anything but a command or a refusal.
class CommandFuzzTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root", "../..")).resolve("protocols/imap/src/test");

    @FuzzTest
    void anyBytesAreACommandOrRefused(byte[] bytes) {
        for (Dialect dialect : Dialect.values()) {
            var in = new Arguments(CommandText.of(bytes), dialect);
            try {
                in.tag();
                in.space();
                assertThat(Command.parse(in).label()).isNotEmpty();
            } catch (Arguments.Syntax refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            } catch (casella.base.Fault.Exhausted tooMany) {
                // Too many keywords: the store's limit, told as LIMIT.
                assertThat(tooMany.facts()).isNotEmpty();
            }
        }
    }

    @Test
    void theDialoguesLinesAndTheirMutantsAreCommandsOrRefused() throws Exception {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        System.out.println("imap commands: seed " + seed);
        var random = new Random(seed);
        List<byte[]> seeds = seeds();
        assertThat(seeds).hasSizeGreaterThan(200);
        for (byte[] command : seeds) anyBytesAreACommandOrRefused(command);
        for (int i = 0; i < 10_000; i++) anyBytesAreACommandOrRefused(mutant(seeds, random));
    }

    /// Each run of `C:` lines that ends in a line without a literal is one command.
    private static List<byte[]> seeds() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS.resolve("dialogues"))) {
            for (Path file : files.sorted().toList()) {
                var command = new StringBuilder();
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("C:")) command.append(line.length() > 3 ? line.substring(3) : "").append("\r\n");
                    boolean goesOn = line.startsWith("S: +") || line.matches("C:.*\\{\\d+\\+?}");
                    if (goesOn || command.isEmpty() || line.startsWith("C:")) continue;
                    seeds.add(command.toString().replace("$$", "$").getBytes(StandardCharsets.UTF_8));
                    command.setLength(0);
                }
            }
        }
        return seeds;
    }

    /// Bytes changed, cut off, doubled, or two commands grown together.
    private static byte[] mutant(List<byte[]> seeds, Random random) {
        byte[] one = seeds.get(random.nextInt(seeds.size()));
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int cut = random.nextInt(one.length + 1);
        byte[] mutant = switch (random.nextInt(3)) {
            case 0 -> one.clone();
            case 1 -> java.util.Arrays.copyOf(one, cut);
            default -> {
                int from = random.nextInt(other.length + 1);
                byte[] both = java.util.Arrays.copyOf(one, cut + other.length - from);
                System.arraycopy(other, from, both, cut, other.length - from);
                yield both;
            }
        };
        String odd = "(){}[]\"\\%*$+~<>. \r\n\0\u00ff019:,-";
        for (int n = random.nextInt(5); n > 0 && mutant.length > 0; n--) {
            mutant[random.nextInt(mutant.length)] = (byte) odd.charAt(random.nextInt(odd.length()));
        }
        return mutant;
    }
}
