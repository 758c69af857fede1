package casella.server.model;

import static org.junit.jupiter.api.Assertions.assertAll;

import casella.testkit.model.Machine;
import casella.testkit.model.ModelRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promises 1 to 5 against a model: whatever fails below, at whatever call, an account is afterwards
/// what its operations made of it, and what had to wait in the queue is in it once.
///
/// A run with an even seed stands on RocksDB, as engine and as vault, beside the files vault; one with an odd seed on
/// the engine in memory and the pack vault. A failure names its seed; `-Dcasella.seed=N` runs that one again, with
/// `-Dcasella.seeds=K` those after it, too.
final class ModelTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int RUNS = LONG ? 100 : 3;
    /// Runs wait for late calls more than they work.
    private static final int AT_ONCE = LONG ? 4 : 2;
    private static final ModelRun.Size SIZE = new ModelRun.Size(LONG ? 10_000 : 2_500, 100, 5);

    @TempDir
    private Path temporary;

    @Test
    void whateverFailsBelowAnAccountIsWhatItsOperationsMadeOfIt() throws Exception {
        @Nullable String given = System.getProperty("casella.seed");
        long first = given == null ? new Random().nextLong() >>> 20 : Long.parseLong(given);
        int count = given == null ? RUNS : Integer.getInteger("casella.seeds", 1);
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var runs = new ArrayList<Future<?>>();
            for (int i = 0; i < count; i++) {
                long seed = first + i;
                runs.add(threads.submit(() -> run(seed)));
            }
            // Every one that fails is told, not the first alone.
            assertAll(runs.stream().map(run -> run::get));
        }
    }

    private @Nullable Void run(long seed) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(String.valueOf(seed)));
        try {
            System.out.printf("model test, seed %d: %s%n", seed, ModelRun.run(seed, SIZE, () -> machine(seed, folder)));
        } catch (RuntimeException | AssertionError e) {
            System.out.printf("model test, seed %d: failed%n", seed);
            e.printStackTrace(System.out);
            throw e;
        }
        return null;
    }

    private static Machine machine(long seed, Path folder) {
        return new SimulatedMachine(seed, folder, disk ->
                seed % 2 == 0 ? new RocksParts(folder.resolve("rocks"), disk) : new MemoryParts(disk));
    }
}
