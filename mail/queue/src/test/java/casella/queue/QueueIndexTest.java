package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.store.append.Place;
import casella.store.append.Segment;
import casella.testkit.SimulatedDisk;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        try (QueueIndex index = QueueIndex.open(file(), new Room(Stage.limits()), source)) {
            index.distrust();
            assertThatThrownBy(() -> index.call(Stage.TIME, _ -> true)).isInstanceOf(Fault.Unavailable.class);
            assertThat(index.ready()).isFalse();

            assertThat((boolean) index.call(Stage.TIME, _ -> true)).isTrue();
            assertThat(fills).hasValue(3);
        }
    }

    @Test
    void newsDroppedWhileItIsMadeHaveItMadeAgain() {
        var fills = new AtomicInteger();
        var left = new QueueRows.News.Left(new Segment(Path.of("1.seg"), 1, 1));
        QueueIndex.Source source = (index, _, _) -> {
            if (fills.incrementAndGet() == 2) for (int i = 0; i < 50_010; i++) index.note(left);
            return true;
        };
        try (QueueIndex index = QueueIndex.open(file(), new Room(Stage.limits()), source)) {
            index.distrust();
            assertThatThrownBy(() -> index.call(Stage.TIME, _ -> true)).isInstanceOf(Fault.Unavailable.class);
            assertThat((boolean) index.call(Stage.TIME, _ -> true)).isTrue();
            assertThat(fills).hasValue(3);
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
        try (QueueIndex index = QueueIndex.open(file(), room, source)) {
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
            for (String sql : QueueRows.SCHEMA.split(";\n")) s.run(sql);
            var rows = new QueueRows(s, new Room(Stage.limits()).changes());
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
        disk.unreadable(disk.files().getFirst(), 1);
        var clock = new Stage.TestClock();
        try (LocalQueue queue = Stage.open(disk, temp.resolve("lost.db"), Stage.limits(), clock)) {
            assertThat(queue.figures().indexed()).isFalse();
            long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!queue.figures().indexed() && System.nanoTime() < until) {
                try {
                    queue.sweep();
                } catch (Fault.Unavailable e) {
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
            }
            assertThat(Stage.texts(queue)).hasSize(12);
        }
    }
}
