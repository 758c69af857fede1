package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.message.Summary;
import casella.queue.QueueRecord.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promises 1 and 3 over the queue's files: with bits turned over in its log, its index, or both, every message whose
/// own record is whole is filed once, with its bytes, for whom it was taken; no other bytes are ever filed, and nothing is
/// filed for anybody else.
final class QueueRotTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int FLIPS = LONG ? 1_000 : 200;
    private static final int FLIPS_A_ROUND = 10;
    private static final int MESSAGES = 60;
    private static final int ROUNDS_MAX = 400;
    private static final int MARK = 32;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temp;

    private final long seed = Long.getLong("casella.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private record Kept(AccountId account, String text, Path file, long from, long until) {}

    private enum Hit {
        LOG,
        INDEX,
        BOTH,
        /// The log is hit, the index lost.
        INDEX_LOST
    }

    private LocalQueue open(Path folder) {
        return LocalQueue.open(folder, Stage.limits(), new Stage.TestClock(), Metrics.none());
    }

    /// Keeps messages, some of which end; returns those that wait.
    private Map<ArrivalId, Kept> life(Path folder) throws IOException {
        var kept = new HashMap<ArrivalId, Kept>();
        try (LocalQueue queue = open(folder)) {
            for (int i = 0; i < MESSAGES; i++) {
                AccountId account = random.nextBoolean() ? Stage.ANNA : Stage.BRUNO;
                String text = i + " " + "z".repeat(random.nextInt(900)) + random.nextLong();
                Stage.keep(queue, Stage.message(text, account));
            }
            List<Waiting> all = queue.list(null, 1_000);
            assertThat(all).hasSize(MESSAGES);
            var gone = new ArrayList<Waiting>();
            for (int i = 0; i < all.size(); i += 5) gone.add(all.get(i));
            queue.end(gone, Ending.FILED);
            Map<Long, Path> files = new TreeMap<>();
            for (Path file : files(folder, ".seg")) {
                files.put(Long.parseUnsignedLong(file.getFileName().toString().substring(0, 16), 16), file);
            }
            for (Waiting one : queue.list(null, 1_000)) {
                QueuedMessage message = queue.message(one);
                Path file = Objects.requireNonNull(files.get(one.place().segment()));
                long from = one.place().offset() - MARK;
                int body = QueueRecord.head(message).length + message.content().length;
                long until = one.place().offset() + 13 + body;
                AccountId owner = one.item().account();
                kept.put(one.item().arrival(), new Kept(owner, Stage.text(message), file, from, until));
            }
        }
        return kept;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    /// Turns over a bit; returns where.
    private long flip(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = random.nextLong(channel.size());
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
            channel.write(one.rewind(), at);
            return at;
        }
    }

    /// What an account took: its text by arrival.
    private static final class Mailbox implements Filing {
        final Map<ArrivalId, String> filed = new ConcurrentHashMap<>();
        final Map<ArrivalId, AccountId> owners = new ConcurrentHashMap<>();
        final Set<ArrivalId> before = new HashSet<>();

        @Override
        public Filed file(QueuedMessage message, Summary summary, QueueItem item) {
            if (before.contains(item.arrival())) return Filed.KNOWN;
            assertThat(filed.put(item.arrival(), Stage.text(message))).as("filed twice").isNull();
            owners.put(item.arrival(), item.account());
            return Filed.FILED;
        }
    }

    @Test
    void whatIsWholeIsFiledOnceAndNothingElseIs() throws IOException {
        int lost = 0;
        for (int round = 0; round < FLIPS / FLIPS_A_ROUND; round++) {
            Hit hit = Hit.values()[round % Hit.values().length];
            Path folder = temp.resolve("queue-" + round);
            Map<ArrivalId, Kept> kept = life(folder);
            Set<ArrivalId> damaged = damage(folder, hit, kept);
            lost += drained(folder, kept, damaged, hit + ", round " + round + ", seed " + seed);
        }
        assertThat(lost).as("flips that cost a message").isPositive();
        System.out.printf("queue: %d flips cost %d messages, each told%n", FLIPS, lost);
    }

    private Set<ArrivalId> damage(Path folder, Hit hit, Map<ArrivalId, Kept> kept) throws IOException {
        var damaged = new HashSet<ArrivalId>();
        List<Path> log = files(folder, ".seg");
        for (int i = 0; i < FLIPS_A_ROUND; i++) {
            if (hit == Hit.INDEX || (hit == Hit.BOTH && i % 2 == 0)) {
                flip(folder.resolve("queue.db"));
                continue;
            }
            Path file = log.get(random.nextInt(log.size()));
            long at = flip(file);
            kept.forEach((arrival, one) -> {
                if (one.file().equals(file) && one.from() <= at && at < one.until()) damaged.add(arrival);
            });
        }
        if (hit == Hit.INDEX_LOST) {
            for (String end : List.of("", "-wal", "-shm")) Files.deleteIfExists(folder.resolve("queue.db" + end));
        }
        return damaged;
    }

    /// Returns how many were lost.
    private int drained(Path folder, Map<ArrivalId, Kept> kept, Set<ArrivalId> damaged, String when) {
        var mailbox = new Mailbox();
        var clock = new Stage.TestClock();
        try (LocalQueue queue = LocalQueue.open(folder, Stage.limits(), clock, Metrics.none());
                var cpu = new Bulkhead("test.cpu", 1, 16);
                var drain =
                        new Drain(queue, mailbox, () -> true, cpu, clock, Metrics.none())) {
            for (int i = 0; i < ROUNDS_MAX && (i < 3 || queue.figures().total() > 0); i++) {
                clock.pass(Duration.ofMinutes(2)); // an index is not made anew sooner
                try {
                    drain.round();
                } catch (Fault.Unavailable e) {
                    // The index is broken and made anew; it says so once.
                }
            }
            assertThat(queue.figures().total()).as(when).isZero();
        }
        var lost = new HashSet<>(kept.keySet());
        lost.removeAll(mailbox.filed.keySet());
        assertThat(damaged).as("lost without damage; " + when).containsAll(lost);
        mailbox.filed.forEach((arrival, text) -> {
            Kept one = kept.get(arrival);
            // One whose end was damaged may come again: its account knows it.
            if (one == null) return;
            assertThat(text).as(when).isEqualTo(one.text());
            assertThat(mailbox.owners.get(arrival)).as(when).isEqualTo(one.account());
        });
        return lost.size();
    }
}
