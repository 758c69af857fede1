package casella.queue;

import static casella.queue.Stage.ANNA;
import static casella.queue.Stage.BRUNO;
import static casella.queue.Stage.keep;
import static casella.queue.Stage.message;
import static casella.queue.Stage.open;
import static casella.queue.Stage.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.queue.QueueRecord.Ending;
import casella.testkit.SimulatedDisk;
import casella.testkit.SimulatedDisk.Op;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a kept message comes back whole for each of its recipients, once, whatever becomes of the index, and
/// that files go when nobody waits in them.
final class LocalQueueTest {
    @TempDir
    private Path temp;

    private final SimulatedDisk disk = new SimulatedDisk(1);

    private Path index() {
        return temp.resolve("queue.db");
    }

    private LocalQueue queue() {
        return open(disk, index());
    }

    private void loseIndex() throws Exception {
        for (String end : List.of("", "-wal", "-shm")) Files.deleteIfExists(temp.resolve("queue.db" + end));
    }

    @Test
    void whatIsKeptIsThereForEachRecipient() {
        var item = new QueueItem(Stage.arrival(), ANNA, "anna+x@posta.example", new MailboxId(7));
        var wanted = new QueuedMessage(
                QueueId.random(), Priority.URGENT, Stage.NOON, "", List.of(item, Stage.item(BRUNO)),
                "ciao".getBytes(StandardCharsets.UTF_8));
        try (LocalQueue queue = queue()) {
            keep(queue, wanted);

            List<Waiting> waiting = queue.find(wanted.id());
            assertThat(waiting).extracting(Waiting::item).containsExactlyElementsOf(wanted.items());
            QueuedMessage found = queue.message(waiting.getFirst());
            assertThat(found.content()).isEqualTo(wanted.content());
            assertThat(found).usingRecursiveComparison().isEqualTo(wanted);
            LocalQueue.Content content = queue.content(waiting.getLast());
            assertThat(content.bytes()).isEqualTo(wanted.content());
            assertThat(content.hash()).isEqualTo(Sha256.of(wanted.content()));
            assertThat(queue.figures().total()).isEqualTo(2);
            assertThat(queue.figures().bytes()).isEqualTo(4);
            assertThat(queue.figures().indexed()).isTrue();
        }
    }

    @Test
    void whatWaitsForAnAccountIsToldAndFoundInTheOrderItWasKeptIn() {
        var told = new java.util.concurrent.CopyOnWriteArrayList<AccountId>();
        try (LocalQueue queue = queue()) {
            queue.onKept(told::add);
            // The second was accepted before the first and kept after it.
            QueuedMessage late = message("late", ANNA);
            keep(queue, message("first", ANNA, BRUNO), late, message("other", BRUNO));
            assertThat(told).containsExactly(ANNA, BRUNO, ANNA, BRUNO);
            assertThat(queue.of(ANNA)).extracting(one -> text(queue, one)).containsExactly("first", "late");
            assertThat(queue.of(AccountId.random())).isEmpty();
            var arrival = late.items().getFirst().arrival();
            assertThat(queue.find(arrival).map(one -> text(queue, one))).contains("late");
            queue.end(queue.of(ANNA), Ending.FILED);
            assertThat(queue.find(arrival)).isEmpty();
            assertThat(queue.of(ANNA)).isEmpty();
        }
    }

    private static String text(LocalQueue queue, Waiting one) {
        return Stage.text(queue.message(one));
    }

    @Test
    void aProbeWritesAndReadsAndNobodyWaitsForIt() {
        try (LocalQueue queue = queue()) {
            long syncs = queue.syncs();
            queue.probe(Duration.ofSeconds(20));
            assertThat(queue.syncs()).isGreaterThan(syncs);
            keep(queue, message("first", ANNA));
            // What is just coming may be counted twice for a moment.
            await(() -> queue.figures().total() == 1);
        }
        try (LocalQueue queue = queue()) {
            assertThat(queue.figures().total()).isEqualTo(1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("condition came about").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void whoIsKeptTwiceUnderOneArrivalIsCountedOnce() {
        QueuedMessage first = message("first", ANNA);
        var again = new QueuedMessage(
                QueueId.random(), first.priority(), first.received(), "", first.items(), first.content());
        try (LocalQueue queue = queue()) {
            keep(queue, first, again);

            List<Waiting> waiting = queue.list(null, 10);
            assertThat(waiting).extracting(Waiting::message).containsExactly(again.id());
            assertThat(queue.figures().total()).isEqualTo(1);
            assertThat(queue.figures().bytes()).isEqualTo(first.content().length);
            queue.end(waiting, Ending.FILED);
            assertThat(queue.list(null, 10)).isEmpty();
            assertThat(queue.figures().total()).isZero();
            assertThat(queue.figures().bytes()).isZero();
        }
    }

    @Test
    void aRestartFindsWhatWaits() throws Exception {
        try (LocalQueue queue = queue()) {
            keep(queue, message("one", ANNA), message("two", ANNA, BRUNO), message("three", BRUNO));
            queue.end(queue.list(null, 1), Ending.FILED);
        }
        try (LocalQueue queue = queue()) {
            assertThat(texts(queue)).containsExactly("two", "two", "three");
        }
        loseIndex();
        try (LocalQueue queue = queue()) {
            assertThat(texts(queue)).containsExactly("two", "two", "three");
            assertThat(queue.figures().total()).isEqualTo(3);
        }
        Files.write(index(), new byte[100_000]);
        try (LocalQueue queue = queue()) {
            assertThat(texts(queue)).containsExactly("two", "two", "three");
        }
    }

    @Test
    void mailIsTakenWithoutAnIndexAndIndexedWhenThereCanBeOne() throws Exception {
        Path way = temp.resolve("way");
        Files.writeString(way, "a file where the folder should be");
        var clock = new Stage.TestClock();
        try (LocalQueue queue = open(disk, way.resolve("queue.db"), Stage.limits(), clock)) {
            keep(queue, message("one", ANNA));
            assertThat(queue.figures().indexed()).isFalse();
            assertThatThrownBy(() -> queue.list(null, 10)).isInstanceOf(Fault.Unavailable.class);
            keep(queue, message("two", ANNA));

            Files.delete(way);

            long end = System.nanoTime() + Stage.TIME.toNanos();
            while (!queue.figures().indexed() && System.nanoTime() < end) {
                try {
                    queue.list(null, 10);
                } catch (Fault.Unavailable e) {
                    clock.pass(Duration.ofSeconds(2));
                }
            }
            assertThat(texts(queue)).containsExactly("one", "two");
            keep(queue, message("three", ANNA));
            assertThat(texts(queue)).containsExactly("one", "two", "three");
        }
    }

    @Test
    void aFailedSyncCostsAFileAndNoMessage() {
        try (LocalQueue queue = queue()) {
            keep(queue, message("one", ANNA));
            disk.fail(Op.SYNC, 0, 1);
            keep(queue, message("two", ANNA));

            assertThat(texts(queue)).containsExactly("one", "two");
        }
    }

    @Test
    void aDiskThatTakesNothingIsSaidSo() {
        try (LocalQueue queue = queue()) {
            keep(queue, message("one", ANNA));
            disk.fail(Op.SYNC, 0, 4);
            assertThatThrownBy(() -> keep(queue, message("two", ANNA))).isInstanceOf(Fault.Unavailable.class);
            keep(queue, message("three", ANNA));

            assertThat(texts(queue)).contains("one", "three");
        }
    }

    @Test
    void aFullDiskIsSaidSoAndDrainsOn() {
        // Before it is opened: what it knows of the disk may be a tenth of a second old, in which all of it
        // could be filled.
        disk.capacity(200_000);
        try (LocalQueue queue = queue()) {
            keep(queue, message("one", ANNA));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 450; i++) keep(queue, message("x".repeat(200), ANNA));
                    })
                    .isInstanceOf(Fault.Exhausted.class);
            List<Waiting> all = queue.list(null, 500);
            queue.end(all.subList(0, 1), Ending.FILED);

            assertThat(queue.list(null, 500)).hasSize(all.size() - 1);
        }
    }

    @Test
    void limitsHoldForAllAndForOneAccount() {
        var limits = new QueueLimits(6, 100_000, 3, 60_000, 4096, 0.05, Duration.ofSeconds(10));
        try (LocalQueue queue = open(disk, index(), limits, new Stage.TestClock())) {
            for (int i = 0; i < 3; i++) keep(queue, message("m" + i, ANNA));
            assertThatThrownBy(() -> keep(queue, message("m3", ANNA)))
                    .isInstanceOf(Fault.Exhausted.class)
                    .hasMessage("Queue full for the account");
            assertThatThrownBy(() -> keep(queue, message("x".repeat(18_000), BRUNO), message("x".repeat(18_000), BRUNO)))
                    .hasMessage("Queue full for the account");
            for (int i = 10; i < 12; i++) keep(queue, message("m" + i, new AccountId(i)));
            assertThatThrownBy(() -> keep(queue, message("m12", new AccountId(12)))).hasMessage("Queue full");

            queue.end(queue.list(null, 1), Ending.FILED);
            assertThat(queue.list(null, 10)).hasSize(5);
            keep(queue, message("m12", ANNA));
        }
    }

    @Test
    void filesGoWhenNobodyWaitsInThem() {
        var clock = new Stage.TestClock();
        try (LocalQueue queue = open(disk, index(), Stage.limits(), clock)) {
            for (int i = 0; i < 20; i++) keep(queue, message("m" + i + " " + "x".repeat(700), ANNA));
            int files = queue.figures().files();
            assertThat(files).isGreaterThan(4);
            List<Waiting> all = queue.list(null, 100);

            queue.end(all.subList(10, 20), Ending.FILED);
            queue.sweep();
            assertThat(queue.figures().files()).as("the oldest still waits").isGreaterThanOrEqualTo(files);

            queue.end(all.subList(0, 10), Ending.FILED);
            queue.sweep();
            assertThat(queue.figures().files()).isEqualTo(1);
            assertThat(disk.files()).noneMatch(path -> path.toString().contains("quarantine"));
            byte[] left = disk.files().stream().map(this::bytes).reduce(new byte[0], (a, b) -> b);
            assertThat(new String(left, StandardCharsets.ISO_8859_1)).doesNotContain("xxx");
        }
        try (LocalQueue queue = queue()) {
            assertThat(queue.figures().total()).isZero();
        }
    }

    private byte[] bytes(Path path) {
        try {
            return disk.bytes(path);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFileGoesAlsoWhereSomebodyWaitsInTheNext() {
        try (LocalQueue queue = queue()) {
            for (int i = 0; i < 12; i++) keep(queue, message("m" + i + " " + "x".repeat(700), ANNA));
            int files = queue.figures().files();
            assertThat(files).isGreaterThan(2);
            List<Waiting> all = queue.list(null, 100);
            long first = all.getFirst().place().segment();
            queue.end(all.stream().filter(one -> one.place().segment() == first).toList(), Ending.FILED);

            queue.sweep();

            assertThat(queue.figures().files()).isEqualTo(files - 1);
        }
    }

    @Test
    void aMissingFileCostsItsMessagesAndIsSaid() throws Exception {
        try (LocalQueue queue = queue()) {
            for (int i = 0; i < 12; i++) keep(queue, message("m" + i + " " + "x".repeat(700), ANNA));
        }
        disk.delete(disk.files().getFirst());
        try (LocalQueue queue = queue()) {
            List<String> left = texts(queue);
            assertThat(left).hasSizeBetween(1, 11).last().asString().startsWith("m11");
            assertThat(queue.figures().total()).isEqualTo(left.size());
        }
    }

    @Test
    void whatIsGarbledIsLeftOutOrRefusedAndTheRestIsServed() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            var garbled = new SimulatedDisk(random.nextLong());
            loseIndex();
            try (LocalQueue queue = open(garbled, index())) {
                for (int i = 0; i < 12; i++) keep(queue, message("m" + i + " " + "x".repeat(700), ANNA));
            }
            List<Path> files = garbled.files();
            Path hit = files.get(random.nextInt(files.size()));
            long length = garbled.size(hit);
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                garbled.flip(hit, random.nextLong(length), random.nextInt(8));
            }
            if (round % 2 == 0) loseIndex();
            int refused = 0;
            int served = 0;
            try (LocalQueue queue = open(garbled, index())) {
                for (Waiting one : queue.list(null, 100)) {
                    try {
                        assertThat(Stage.text(queue.message(one))).matches("m[0-9]+ x{700}");
                        served++;
                    } catch (Fault.Corrupt e) {
                        refused++;
                    }
                }
            }
            assertThat(served).as("seed " + seed + " round " + round + " refused " + refused).isGreaterThanOrEqualTo(7);
        }
    }
}
