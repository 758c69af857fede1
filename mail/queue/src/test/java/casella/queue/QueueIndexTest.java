package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.sqlite.Statements;
import casella.store.append.Place;
import casella.store.append.Segment;
import casella.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an index that does not know all that was kept is never believed.
class QueueIndexTest {
    @TempDir Path temp;

    private Path file() {
        return temp.resolve("queue.db");
    }

    @Test
    void oneDistrustedWhileItIsMadeIsMadeAgainBeforeItIsAsked() {
        var fills = new AtomicInteger();
        QueueIndex.Source source = (index, _, _) -> {
            if (fills.incrementAndGet() == 2) index.distrust();
            return true;
        };
        try (QueueIndex index = open(new Room(Stage.limits()), source, Stage.TIME)) {
            index.distrust();
            assertThatThrownBy(() -> index.call(Stage.TIME, _ -> true)).isInstanceOf(Fault.Unavailable.class);
            assertThat(index.ready()).isFalse();

            assertThat((boolean) index.call(Stage.TIME, _ -> true)).isTrue();
            assertThat(fills).hasValue(3);
        }
    }

    @Test
    void newsDroppedWhileItIsMadeHaveFilesReadAgainAndNotAllMadeAnew() {
        var anew = new ArrayList<Boolean>();
        var left = new QueueRows.News.Left(new Segment(Path.of("1.seg"), 1, 1));
        QueueIndex.Source source = (index, fresh, _) -> {
            anew.add(fresh);
            if (anew.size() == 2) for (int i = 0; i < 50_010; i++) index.note(left);
            return true;
        };
        try (QueueIndex index = open(new Room(Stage.limits()), source, Stage.TIME)) {
            index.distrust();
            assertThatThrownBy(() -> index.call(Stage.TIME, _ -> true)).isInstanceOf(Fault.Unavailable.class);
            assertThat((boolean) index.call(Stage.TIME, _ -> true)).isTrue();
            assertThat(anew).containsExactly(true, true, false);
        }
    }

    @Test
    void oneThatTakesLongToOpenIsNotWaitedForAndHasWhatCameMeanwhile() throws Exception {
        var room = new Room(Stage.limits());
        QueuedMessage before = Stage.message("before", Stage.ANNA);
        QueuedMessage meanwhile = Stage.message("meanwhile", Stage.BRUNO);
        var reads = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var answers = new CountDownLatch(1);
        QueueIndex.Source source = (index, fresh, running) -> {
            assertThat(fresh).isTrue();
            assertThat(running).isFalse();
            index.fill(rows -> {
                rows.take(new Place(1, 32), said(before));
                return true;
            });
            reads.countDown();
            return awaited(goOn);
        };
        try (QueueIndex index = open(room, source, Duration.ZERO)) {
            index.onReady(answers::countDown);
            assertThat(awaited(reads)).isTrue();
            assertThat(index.ready()).isFalse();
            assertThat(index.bringingUp()).isTrue();
            Room.Taken taken = room.take(meanwhile);
            index.note(new QueueRows.News.Written(new Place(2, 32), said(meanwhile), taken));
            assertThat(room.items()).as("on its way").isEqualTo(1);

            goOn.countDown();

            assertThat(awaited(answers)).isTrue();
            assertThat(index.ready()).isTrue();
            assertThat(index.bringingUp()).isFalse();
            List<Waiting> all = index.call(Stage.TIME, rows -> rows.list(null, 10));
            assertThat(all).extracting(Waiting::message)
                    .containsExactlyInAnyOrder(before.id(), meanwhile.id());
            assertThat(room.items()).isEqualTo(2);
        }
    }

    /// What comes before the file could even be opened is in no file that is read for it.
    @Test
    void whatCameBeforeItWasOpenedIsNotForgotten() throws Exception {
        QueueIndex.Source nothing = (_, _, _) -> true;
        open(new Room(Stage.limits()), nothing, Stage.TIME).close();
        QueuedMessage early = Stage.message("early", Stage.ANNA);
        var room = new Room(Stage.limits());
        var locks = DriverManager.getConnection("jdbc:sqlite:" + file());
        try (var other = new Statements(locks)) {
            other.run("PRAGMA locking_mode = EXCLUSIVE");
            other.run("BEGIN EXCLUSIVE");
            try (QueueIndex index = open(room, nothing, Duration.ZERO)) {
                index.note(new QueueRows.News.Written(new Place(1, 32), said(early), room.take(early)));
                assertThat(index.ready()).as("the file is locked").isFalse();
                locks.close();

                List<Waiting> all = index.call(Stage.TIME, rows -> rows.list(null, 10));
                assertThat(all).extracting(Waiting::message).containsExactly(early.id());
                assertThat(room.items()).isEqualTo(1);
            }
        }
    }

    private QueueIndex open(Room room, QueueIndex.Source source, Duration wait) {
        return QueueIndex.open(file(), room, source, wait, new Stage.TestClock());
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneThatIsNotMadeToItsEndIsMadeAnew() {
        var anew = new ArrayList<Boolean>();
        QueueIndex.Source source = (_, fresh, _) -> {
            anew.add(fresh);
            if (anew.size() == 1) throw new Fault.Unavailable("Broken off by command of a test", Map.of());
            return true;
        };
        for (int i = 0; i < 3; i++) {
            open(new Room(Stage.limits()), source, Stage.TIME).close();
        }
        assertThat(anew).containsExactly(true, true, false);
    }

    @Test
    void aTurnedLetterInTheNameOfAColumnHasItMadeAnew() throws Exception {
        var disk = new SimulatedDisk(1);
        try (LocalQueue queue = Stage.open(disk, file())) {
            for (int i = 0; i < 3; i++) Stage.keep(queue, Stage.message("m" + i, Stage.ANNA));
        }
        byte[] bytes = Files.readAllBytes(file());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("sender TEXT");
        Files.writeString(file(), text.replace("sender TEXT", "sendes TEXT"), StandardCharsets.ISO_8859_1);

        try (LocalQueue queue = Stage.open(disk, file())) {
            assertThat(Stage.texts(queue)).containsExactly("m0", "m1", "m2");
        }
    }

    @Test
    void oneWhoseTablesAreNotThereAnyMoreIsMadeAnewWhileItRuns() throws Exception {
        var clock = new Stage.TestClock();
        try (LocalQueue queue = Stage.open(new SimulatedDisk(1), file(), Stage.limits(), clock)) {
            Stage.keep(queue, Stage.message("one", Stage.ANNA));
            try (var other = new Statements(DriverManager.getConnection("jdbc:sqlite:" + file()))) {
                other.run("ALTER TABLE items RENAME COLUMN received TO receivee");
            }
            assertThatThrownBy(() -> queue.list(null, 10)).isInstanceOf(Fault.Unavailable.class);
            clock.pass(Duration.ofSeconds(2));

            assertThat(Stage.texts(queue)).containsExactly("one");
        }
    }

    /// The index of an earlier moment is put back: what came and ended since is in the files.
    @Test
    void oneLeftBehindKnowsWhatTheFilesSaySince() throws Exception {
        var disk = new SimulatedDisk(1);
        try (LocalQueue queue = Stage.open(disk, file())) {
            for (int i = 0; i < 12; i++) Stage.keep(queue, Stage.message("m" + i + " " + "x".repeat(700), Stage.ANNA));
            queue.end(queue.list(null, 2), QueueRecord.Ending.FILED);
        }
        Files.copy(file(), temp.resolve("earlier.db"));
        List<String> wanted;
        try (LocalQueue queue = Stage.open(disk, file())) {
            for (int i = 0; i < 12; i++) Stage.keep(queue, Stage.message("n" + i + " " + "x".repeat(700), Stage.ANNA));
            queue.end(queue.list(null, 3), QueueRecord.Ending.FILED);
            queue.end(queue.list(null, 99).reversed().subList(0, 3), QueueRecord.Ending.FILED);
            wanted = Stage.texts(queue);
        }
        assertThat(wanted).hasSize(16);
        try (LocalQueue queue = Stage.open(disk, temp.resolve("earlier.db"))) {
            assertThat(Stage.texts(queue)).isEqualTo(wanted);
            assertThat(queue.figures().total()).isEqualTo(16);
        }
    }

    @Test
    void whatIsOnItsWayWhileItIsMadeIsCountedOnce() {
        var room = new Room(Stage.limits());
        QueuedMessage written = Stage.message("written", Stage.ANNA);
        QueuedMessage failed = Stage.message("failed", Stage.ANNA);
        var taken = new ArrayList<Room.Taken>();
        QueueIndex.Source source = (_, _, _) -> {
            if (taken.isEmpty()) taken.addAll(List.of(room.take(written), room.take(failed)));
            return true;
        };
        try (QueueIndex index = open(room, source, Stage.TIME)) {
            assertThat(room.items()).as("both on their way").isEqualTo(2);
            index.note(new QueueRows.News.Written(new Place(1, 32), said(written), taken.getFirst()));
            taken.getLast().over();
            assertThat((boolean) index.call(Stage.TIME,
                    rows -> rows.find(written.items().getFirst().arrival()) != null)).isTrue();
            assertThat(room.items()).isEqualTo(1);

            // A second making counts it again, and not what was dropped or forgotten with it.
            index.distrust();
            assertThat((boolean) index.call(Stage.TIME, _ -> true)).isTrue();
            assertThat(room.items()).as("no file has it").isZero();
            assertThat(room.bytes()).isZero();
        }
    }

    private static QueueRecord.Said said(QueuedMessage message) {
        byte[] head = QueueRecord.head(message);
        QueueRecord.Said said = QueueRecord.read(QueueRecord.MESSAGE, head, message.content().length);
        if (said == null) throw new AssertionError("unreadable");
        return said;
    }

    @Test
    void whatIsSaidToBeInAMissingFileStaysUntilTheIndexIsMadeAnew() throws Exception {
        try (var s = new Statements(DriverManager.getConnection("jdbc:sqlite:" + file()))) {
            for (String sql : QueueRows.TABLES.split(";\n")) s.run(sql);
            var rows = new QueueRows(s, new Room(Stage.limits()).changes());
            rows.arrange();
            QueuedMessage message = Stage.message("one", Stage.ANNA);
            rows.apply(new Place(7, 32), said(message));

            assertThat(rows.missing(List.of())).hasSize(1);
            assertThat(rows.missing(List.of())).as("after a kill").hasSize(1);
        }
    }

    @Test
    void aFileTheDiskDoesNotGiveBackIsReadAgainAndNothingInItIsLost() {
        var disk = new SimulatedDisk(1);
        try (LocalQueue queue = Stage.open(disk, file())) {
            for (int i = 0; i < 12; i++) Stage.keep(queue, Stage.message("m" + i + " " + "x".repeat(700), Stage.ANNA));
        }
        // Once when its header is looked at, once when it is read.
        disk.unreadable(disk.files().getFirst(), 2);
        var clock = new Stage.TestClock();
        try (LocalQueue queue = Stage.open(disk, temp.resolve("lost.db"), Stage.limits(), clock)) {
            assertThat(queue.figures().indexed()).isFalse();
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!queue.figures().indexed() && System.nanoTime() < until) {
                try {
                    queue.sweep();
                } catch (Fault.Unavailable e) {
                    clock.pass(Duration.ofSeconds(2));
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
            }
            assertThat(Stage.texts(queue)).hasSize(12);
        }
    }
}
