package casella.store.append;

import static casella.store.append.Logs.FOLDER;
import static casella.store.append.Logs.append;
import static casella.store.append.Logs.await;
import static casella.store.append.Logs.config;
import static casella.store.append.Logs.contents;
import static casella.store.append.Logs.keep;
import static casella.store.append.Logs.open;
import static casella.store.append.Logs.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.disk.Disk;
import casella.testkit.SimulatedDisk;
import casella.testkit.SimulatedDisk.Op;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the append log keeps what it answered and goes on when its files fail, fill, hang or are changed.
final class AppendLogTest {
    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void recordsComeBackInOrderAfterAReopen() {
        try (AppendLog log = open(disk)) {
            keep(log, "one", "", "three");
        }

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("one", "", "three"), 0, 0));
    }

    @Test
    void aRecordIsReadBackByItsPlace() throws IOException {
        Place[] place = {Place.FIRST};
        try (AppendLog log = open(disk.shortReads())) {
            keep(log, "before");
            var told =
                    new Append.Progress() {
                        @Override
                        public void placed(Place at) {
                            place[0] = at;
                        }
                    };
            await(log.append(new Append(7, new byte[] {1, 2}, new byte[] {3}, false, told)));

            AppendLog.Found found = log.read(place[0]);
            assertThat(found.kind()).isEqualTo(7);
            assertThat(found.body()).containsExactly(1, 2, 3);
            assertThat(log.start(place[0], 2)).extracting(AppendLog.Start::length).isEqualTo(3);
            assertThat(log.body(place[0], 1, 10)).startsWith(2, 3);
        }
    }

    /// What is cut off a file at the end of a batch looks whole: only the header of the next one tells that there was more.
    @Test
    void oneThatIsWrittenBeforeItWasReadSaysWhereItsFilesEnd() throws IOException {
        long half;
        try (AppendLog log = open(disk)) {
            keep(log, "one");
            half = disk.size(disk.files().getFirst());
            keep(log, "two");
        }
        Path first = disk.files().getFirst();
        try (AppendLog log = open(disk)) {
            log.look();
            keep(log, "three");
        }
        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("one", "two", "three"), 0, 0));
        disk.truncate(first, half);

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("one", "three"), 0, 1));
    }

    @Test
    void theFileAndItsNameAreSyncedBeforeTheFirstAnswer() {
        try (AppendLog log = AppendLog.open(disk, FOLDER, config(), standing(), () -> 7)) {
            keep(log, "one", "two");

            String name = "0000000000000005-0000000000000007.seg";
            assertThat(disk.history())
                    .containsExactly(
                            "create " + name, "append " + name + " 112", "sync " + name, "sync-folder",
                            "append " + name + " 48", "sync " + name);
        }
    }

    @Test
    void callersThatWaitTogetherShareASync() {
        CountDownLatch hung = disk.hang(Op.CREATE);
        try (AppendLog log = open(disk)) {
            List<Ticket<Void>> tickets = new ArrayList<>();
            for (int i = 0; i < 200; i++) tickets.add(append(log, "record " + i));
            hung.countDown();
            tickets.forEach(Logs::await);

            assertThat(log.syncs()).isLessThan(10);
            assertThat(contents(log).records()).hasSize(200);
        }
    }

    @Test
    void aFullFileIsFollowedByANewOne() {
        try (AppendLog log = open(disk)) {
            for (int i = 0; i < 40; i++) keep(log, "x".repeat(400));

            assertThat(log.segments()).hasSizeBetween(4, 6);
            assertThat(log.segments()).extracting(Segment::number).isSorted().doesNotHaveDuplicates();
        }
        assertThat(contents(disk).records()).hasSize(40);
    }

    @Test
    void aFileIsNeverContinuedAfterAReopen() {
        try (AppendLog log = open(disk)) {
            keep(log, "one");
        }
        List<Path> before = disk.files();
        try (AppendLog log = open(disk)) {
            keep(log, "two");
        }

        assertThat(disk.files()).hasSize(2).containsAll(before);
        assertThat(contents(disk).records()).containsExactly("one", "two");
    }

    @Test
    void afterAFailedWriteOrSyncTheBatchGoesToANewFileAndTheOldOneIsLeft() {
        for (Op op : List.of(Op.APPEND, Op.SYNC)) {
            var failing = new SimulatedDisk(2);
            try (AppendLog log = open(failing)) {
                keep(log, "one", "two");
                failing.fail(op, 0, 1);
                keep(log, "three", "four");

                List<String> files = failing.history().stream().filter(line -> line.startsWith("append")).toList();
                String first = files.getFirst().split(" ")[1];
                int left = IntStream.range(0, files.size()).filter(i -> !files.get(i).contains(first)).min()
                        .orElseThrow();
                assertThat(files.subList(left, files.size())).noneMatch(line -> line.contains(first));
            }
            assertThat(contents(failing.afterPowerLoss(3)).records())
                    .contains("one", "two", "three", "four")
                    .doesNotContain("five");
        }
    }

    /// One file would hide the other from whoever opens the log next, with all that was answered of it.
    @Test
    void aFileThatFailedAndCannotBeRemovedKeepsItsNumberToItself() {
        Clock noon = new SteppedClock();
        long[] id = {100};
        disk.fail(Op.APPEND, 0, 1).fail(Op.DELETE, 0, 1);
        try (AppendLog log = AppendLog.open(disk, FOLDER, config(), noon, () -> id[0]--)) {
            keep(log, "kept");
            assertThat(disk.files()).hasSize(2);
            assertThat(log.segments()).extracting(Segment::number).doesNotHaveDuplicates().hasSize(2);
        }

        assertThat(contents(disk).records()).containsExactly("kept");
    }

    /// Versions before decision 0150 gave a number again.
    @Test
    void ofTwoFilesWithOneNumberTheOneBegunLaterCountsAndTheOtherIsSetAside() throws IOException {
        try (AppendLog log = open(disk)) {
            keep(log, "kept");
        }
        Path kept = disk.files().getFirst();
        String number = String.valueOf(kept.getFileName()).substring(0, 16);
        Path low = FOLDER.resolve(number + "-0000000000000000.seg");
        Path high = FOLDER.resolve(number + "-ffffffffffffffff.seg");
        write(disk, low, new byte[0]);
        write(disk, high, new byte[] {1, 2, 3});

        assertThat(contents(disk).records()).containsExactly("kept");
        Path quarantine = FOLDER.resolve("quarantine");
        assertThat(disk.files()).containsExactlyInAnyOrder(kept, quarantine.resolve(low.getFileName()),
                quarantine.resolve(high.getFileName()));
    }

    @Test
    void aSegmentThatCannotBeRemovedIsOneUntilItIs() throws IOException {
        try (AppendLog log = open(disk)) {
            keep(log, "one");
            long number = log.segments().getFirst().number();
            log.leave(number);
            keep(log, "two");
            for (boolean evidence : new boolean[] {true, false}) {
                disk.fail(evidence ? Op.RENAME : Op.DELETE, 0, 1);
                assertThatThrownBy(() -> log.drop(number, evidence)).isInstanceOf(IOException.class);
                assertThat(log.has(number)).isTrue();
            }
            log.drop(number, false);
            assertThat(log.has(number)).isFalse();
        }

        assertThat(contents(disk).records()).containsExactly("two");
    }

    /// Its name is there, durable or not: nobody else may have its number.
    @Test
    void aMergedSegmentWhoseNameCannotBeSyncedIsRemovedOrKeepsItsNumber() throws IOException {
        try (AppendLog log = open(disk)) {
            for (boolean stays : new boolean[] {false, true}) {
                WholeSegment whole = log.whole(7);
                whole.append(1, new byte[] {1}, new byte[0]);
                whole.finish();
                disk.fail(Op.SYNC_FOLDER, 0, 1).fail(Op.DELETE, 0, stays ? 1 : 0);
                assertThatThrownBy(whole::keep).isInstanceOf(IOException.class);
                whole.close();
                assertThat(log.has(7)).isEqualTo(stays);
                assertThat(disk.files()).hasSize(stays ? 1 : 0);
            }
            assertThatThrownBy(() -> log.whole(7)).hasMessageContaining("taken");
        }
    }

    @Test
    void aDiskThatTakesNothingIsSaidAndTriedAgain() {
        try (AppendLog log = open(disk)) {
            keep(log, "one");
            disk.fail(Op.APPEND, 0, 2);
            assertThatThrownBy(() -> keep(log, "lost")).isInstanceOf(Fault.Unavailable.class);
            disk.fail(Op.CREATE, 0, 2);
            assertThatThrownBy(() -> keep(log, "lost")).isInstanceOf(Fault.Unavailable.class);
            keep(log, "two");
        }

        assertThat(contents(disk.afterPowerLoss(1)).records()).contains("one", "two");
        assertThat(disk.files()).describedAs("a file that never held an answered record is removed").hasSize(2);
    }

    @Test
    void aNearlyFullDiskTakesRemovalsOnly() {
        disk.capacity(100_000);
        try (AppendLog log = open(disk)) {
            for (int i = 0; !log.full(); i++) keep(log, i + "x".repeat(1_000));

            assertThatThrownBy(() -> keep(log, "new"))
                    .isInstanceOf(Fault.Exhausted.class)
                    .hasMessage("Disk full");
            await(log.append(record("removal", true)));

            disk.capacity(10_000_000);
            while (log.full()) await(log.append(record("removal", true)));
            keep(log, "new again");
        }
        assertThat(contents(disk).records()).contains("removal", "new again");
    }

    @Test
    void aDiskFilledByOthersIsFullAndNotLost() {
        try (AppendLog log = open(disk.capacity(100_000))) {
            keep(log, "one");
            disk.capacity(300);
            assertThatThrownBy(() -> await(log.append(record("x".repeat(5_000), true))))
                    .isInstanceOf(Fault.Exhausted.class);
        }
        assertThat(contents(disk.afterPowerLoss(4)).records()).containsExactly("one");
    }

    @Test
    void aHungFileIsLeftAndAnotherTakesTheQueueOver() {
        for (Op op : List.of(Op.APPEND, Op.SYNC, Op.CREATE, Op.SYNC_FOLDER)) {
            var hanging = new SimulatedDisk(5);
            boolean first = op == Op.CREATE || op == Op.SYNC_FOLDER;
            CountDownLatch hung;
            try (AppendLog log = AppendLog.open(hanging, FOLDER, config(Duration.ofMillis(150)))) {
                if (!first) keep(log, "one");
                hung = hanging.hang(op);
                Ticket<Void> unknown = append(log, "unknown");
                Ticket<Void> waiting = append(log, "waiting");

                assertThatThrownBy(() -> await(unknown)).isInstanceOf(Fault.Unavailable.class);
                try {
                    await(waiting);
                } catch (Fault.Unavailable e) {
                    // was in the batch that hung
                }
                keep(log, "two");
                hung.countDown();
                keep(log, "three");
            }
            List<String> records = contents(hanging).records();
            assertThat(records).describedAs("%s", op).containsSubsequence("two", "three");
            if (!first) assertThat(records).startsWith("one");
        }
    }

    @Test
    void withTooManyHungThreadsTheBreakerStaysOpenUntilOneComesHome() {
        List<CountDownLatch> hung = new ArrayList<>();
        try (AppendLog log = AppendLog.open(disk, FOLDER, config(Duration.ofMillis(50)))) {
            for (int i = 0; i < 4; i++) {
                hung.add(disk.hang(Op.SYNC));
                Ticket<Void> unknown = append(log, "unknown " + i);
                if (i < 3) assertThatThrownBy(() -> await(unknown)).isInstanceOf(Fault.Unavailable.class);
            }
            @Nullable Throwable refused = null;
            while (refused == null || !String.valueOf(refused.getMessage()).contains("breaker")) {
                refused = catchThrowable(() -> keepAtOnce(log));
            }
            assertThat(refused).isInstanceOf(Fault.Unavailable.class);

            hung.forEach(CountDownLatch::countDown);
            while (true) {
                try {
                    keep(log, "after");
                    break;
                } catch (Fault.Unavailable e) {
                    Thread.onSpinWait();
                }
            }
        }
        assertThat(contents(disk).records()).contains("after");
    }

    private static void keepAtOnce(AppendLog log) {
        Ticket<Void> ticket = append(log, "n");
        if (ticket.answered()) await(ticket);
    }

    @Test
    void aFileChangedByAnotherHandIsLeft() throws IOException {
        for (String how : List.of("garble", "truncate", "delete")) {
            var changed = new SimulatedDisk(6);
            try (AppendLog log = open(changed)) {
                keep(log, "one");
                Path file = changed.files().getFirst();
                switch (how) {
                    case "garble" -> changed.garble(file);
                    case "truncate" -> changed.truncate(file, 30);
                    default -> changed.delete(file);
                }
                keep(log, "two", "three");
            }
            Logs.Contents contents = contents(changed);
            assertThat(contents.records()).describedAs(how).containsExactly("two", "three");
            if (!how.equals("delete")) assertThat(contents.damaged()).describedAs(how).isPositive();
        }
    }

    @Test
    void aFileThatItsOwnerWantsLeftIsLeft() {
        try (AppendLog log = open(disk)) {
            keep(log, "one");
            log.leave(log.segments().getLast().number());
            keep(log, "two");

            assertThat(log.segments()).hasSize(2);
        }
    }

    @Test
    void aFileToBeLeftIsLeftAlsoWhenAnOlderOneIsNamedAfterIt() {
        try (AppendLog log = open(disk)) {
            keep(log, "one");
            long older = log.segments().getLast().number();
            log.leave(older);
            keep(log, "two");
            log.leave(log.segments().getLast().number());
            log.leave(older);
            keep(log, "three");

            assertThat(log.segments()).hasSize(3);
        }
    }

    @Test
    void aRecordOverItsLimitIsRefused() {
        try (AppendLog log = open(disk)) {
            assertThatThrownBy(() -> keep(log, "x".repeat((1 << 20) + 1))).isInstanceOf(Fault.Exhausted.class);
            keep(log, "x".repeat(1 << 20));
        }
        assertThat(contents(disk).records()).hasSize(1);
    }

    @Test
    void aFileOfANewerVersionOrAnotherLogIsNotTouched() {
        byte[] newer = new SegmentFormat.Header(2, "TEST", 9, 7, 0, 0, 0).bytes();
        byte[] other = new SegmentFormat.Header(1, "PACK", 9, 7, 0, 0, 0).bytes();
        for (byte[] header : List.of(newer, other)) {
            var foreign = new SimulatedDisk(7);
            write(foreign, FOLDER.resolve("0000000000000009-0000000000000007.seg"), header);
            assertThatThrownBy(() -> contents(foreign)).isInstanceOf(Fault.Corrupt.class);
        }
    }

    static void write(SimulatedDisk to, Path path, byte[] bytes) {
        try (Disk.File file = to.create(path)) {
            file.append(ByteBuffer.wrap(bytes));
            file.sync();
            to.syncFolder(FOLDER);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theRealDiskKeepsWhatTheSimulatedOneKeeps(@TempDir Path folder) {
        Path deep = folder.resolve("a").resolve("b");
        try (AppendLog log = AppendLog.open(Disk.real(), deep, config())) {
            for (int i = 0; i < 30; i++) keep(log, i + "y".repeat(300));
            assertThat(log.segments()).hasSizeGreaterThan(1);
        }
        try (AppendLog log = AppendLog.open(Disk.real(), deep, config())) {
            assertThat(contents(log).records()).hasSize(30);
        }
    }

    /// A clock that says five milliseconds after the epoch.
    static Clock standing() {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.ofEpochMilli(5);
            }

            @Override
            public long nanos() {
                return 0;
            }
        };
    }
}
