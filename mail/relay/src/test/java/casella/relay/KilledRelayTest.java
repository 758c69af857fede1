package casella.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what was said to be kept arrives, whenever the process that sends it is killed; and that nothing comes twice but
/// what was on its way at that moment.
final class KilledRelayTest {
    private static final Duration TIME = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void fiveKillsWithFiveThousandMessages() throws Exception {
        kills(5, 5_000);
    }

    @Test
    @Tag("long")
    void fiftyKillsWithAHundredThousandMessages() throws Exception {
        kills(50, 100_000);
    }

    /// @param messages in all, a part of them in each round
    private void kills(int rounds, int messages) throws Exception {
        var random = new Random(7);
        var kept = ConcurrentHashMap.<Integer>newKeySet();
        int each = messages / rounds;
        int underWay = 0;
        try (var sink = new Sink("127.0.0.1", 0)) {
            for (int round = 0; round < rounds; round++) {
                Process process = start(sink.port(), round * each, each, kept);
                // Those of this round are enough, however few of the last one were kept.
                int wanted = sink.got.size() + random.nextInt(each);
                until(() -> sink.got.size() >= wanted, process);
                underWay += sink.open();
                process.destroyForcibly().waitFor();
                until(() -> sink.open() == 0, null);
            }
            Process last = start(sink.port(), messages, 1, kept);
            until(() -> kept.contains(messages) && numbers(sink).keySet().containsAll(kept), last);
            last.destroyForcibly().waitFor();
            int twice = numbers(sink).values().stream().mapToInt(one -> one - 1).sum();
            System.out.printf("%d kills: %d kept, all there; %d twice, %d connections at the kills%n", rounds,
                    kept.size(), twice,
                    underWay);
            assertThat(kept).hasSizeGreaterThan(messages / 4);
            assertThat(twice).isLessThanOrEqualTo(underWay);
        }
    }

    private Process start(int port, int first, int count, Set<Integer> kept) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KilledRelay.class.getName()));
        command.addAll(List.of(folder.resolve("queue").toString(), String.valueOf(port),
                String.valueOf(first), String.valueOf(count)));
        Process process = new ProcessBuilder(command).redirectError(folder.resolve("log").toFile()).start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(),
                StandardCharsets.US_ASCII));
        Thread.ofVirtual().start(() -> {
            try {
                for (String line = out.readLine(); line != null; line =
                        out.readLine()) kept.add(Integer.parseInt(line));
            } catch (IOException | NumberFormatException e) {
                return; // killed in the middle of a line
            }
        });
        return process;
    }

    private static Map<Integer, Integer> numbers(Sink sink) {
        var numbers = new HashMap<Integer, Integer>();
        for (Sink.Got got : List.copyOf(sink.got)) {
            numbers.merge(Integer.parseInt(got.content().split("[: \r]+")[1]), 1, Integer::sum);
        }
        return numbers;
    }

    private static void until(BooleanSupplier done, @Nullable Process process) throws InterruptedException {
        long end = System.nanoTime() + TIME.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            if (process != null) assertThat(process.isAlive()).isTrue();
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }
}
