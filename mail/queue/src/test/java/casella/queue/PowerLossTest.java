package casella.queue;

import static casella.queue.Stage.ANNA;
import static casella.queue.Stage.BRUNO;
import static casella.queue.Stage.message;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.queue.QueueRecord.Ending;
import casella.testkit.SimulatedDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what was answered as kept waits with its bytes, and what was answered as ended does not, after the power
/// went at any operation of the disk, with the index as it was left and without it.
final class PowerLossTest {
    @TempDir
    private Path temp;

    /// What was answered before the power went.
    private record Answered(Map<ArrivalId, String> kept, Set<ArrivalId> ending, Set<ArrivalId> ended) {
        static Answered nothing() {
            return new Answered(new HashMap<>(), new HashSet<>(), new HashSet<>());
        }
    }

    private static Answered life(LocalQueue queue, Random random) {
        Answered answered = Answered.nothing();
        for (int i = 0; i < 14; i++) {
            try {
                if (i % 4 == 3) {
                    List<Waiting> some = new ArrayList<>(queue.list(null, 3));
                    for (Waiting one : some) answered.ending.add(one.item().arrival());
                    queue.end(some, Ending.FILED);
                    for (Waiting one : some) answered.ended.add(one.item().arrival());
                    queue.sweep();
                } else {
                    String text = i + " " + "y".repeat(random.nextInt(1_500));
                    QueuedMessage message = random.nextBoolean() ? message(text, ANNA) : message(text, ANNA, BRUNO);
                    Stage.keep(queue, message);
                    for (QueueItem item : message.items()) answered.kept.put(item.arrival(), text);
                }
            } catch (Fault e) {
                // no power: nothing is promised of it
            }
        }
        return answered;
    }

    @Test
    void nothingAnsweredIsLostAndNothingEndedComesBack() throws Exception {
        long seed = System.nanoTime();
        var whole = new SimulatedDisk(seed);
        try (LocalQueue queue = Stage.open(whole, temp.resolve("whole.db"))) {
            life(queue, new Random(seed));
        }
        long operations = whole.operations();
        assertThat(operations).isGreaterThan(30);
        for (long n = 0; n < operations; n++) {
            Path index = temp.resolve("queue-" + n + ".db");
            var disk = new SimulatedDisk(seed).powerLossAt(n);
            Answered answered = Answered.nothing();
            try (LocalQueue queue = Stage.open(disk, index)) {
                answered = life(queue, new Random(seed));
            } catch (Fault.Unavailable e) {
                assertThat(n).as("the folder itself").isLessThan(3);
            }
            String when = "power lost at operation " + n + ", seed " + seed;
            check(disk.afterPowerLoss(seed + n), index, answered, when + ", index left");
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(temp.resolve(index.getFileName() + end));
            }
            check(disk.afterPowerLoss(seed + n), index, answered, when + ", index lost");
        }
    }

    private static void check(SimulatedDisk disk, Path index, Answered answered, String when) {
        try (LocalQueue queue = Stage.open(disk, index)) {
            var found = new HashMap<ArrivalId, String>();
            for (Waiting one : queue.list(null, 1_000)) {
                found.put(one.item().arrival(), Stage.text(queue.message(one)));
            }
            answered.kept.forEach((arrival, text) -> {
                if (!answered.ending.contains(arrival)) assertThat(found).as(when).containsEntry(arrival, text.strip());
            });
            for (ArrivalId arrival : answered.ended) assertThat(found).as(when).doesNotContainKey(arrival);
            Stage.keep(queue, message("after", ANNA));
            assertThat(Stage.texts(queue)).as(when).contains("after");
        }
    }
}
