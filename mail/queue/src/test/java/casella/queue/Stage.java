package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Metrics;
import casella.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the queue's tests share: a clock that stands still, small queues on simulated disks, and messages.
final class Stage {
    static final Path FOLDER = Path.of("queue");
    static final Duration TIME = Duration.ofSeconds(30);
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final AccountId ANNA = new AccountId(1);
    static final AccountId BRUNO = new AccountId(-2);
    private static final Arrivals ARRIVALS = new Arrivals(Clock.system());

    private Stage() {}

    /// A clock that goes on when told.
    static final class TestClock implements Clock {
        private volatile Duration past = Duration.ofMinutes(10);

        void pass(Duration time) {
            past = past.plus(time);
        }

        @Override
        public Instant now() {
            return NOON.plus(past);
        }

        @Override
        public long nanos() {
            return past.toNanos();
        }
    }

    static QueueLimits limits() {
        return new QueueLimits(1_000, 4 << 20, 500, 2 << 20, 4096, 0.05, Duration.ofSeconds(10));
    }

    static LocalQueue open(SimulatedDisk disk, Path index) {
        return open(disk, index, limits(), new TestClock());
    }

    static LocalQueue open(SimulatedDisk disk, Path index, QueueLimits limits, Clock clock) {
        return LocalQueue.open(disk, FOLDER, index, limits, clock, Metrics.none());
    }

    static ArrivalId arrival() {
        return ARRIVALS.next();
    }

    static QueueItem item(AccountId account) {
        return new QueueItem(arrival(), account, "n" + account + "@posta.example", null);
    }

    static QueuedMessage message(String text, AccountId... accounts) {
        return message(Priority.PERSONAL, NOON, text, accounts);
    }

    static QueuedMessage message(Priority priority, Instant received, String text, AccountId... accounts) {
        var items = new ArrayList<QueueItem>();
        for (AccountId account : accounts) items.add(item(account));
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8);
        return new QueuedMessage(QueueId.random(), priority, received, "x@virgola.example", items, content);
    }

    static void keep(LocalQueue queue, QueuedMessage... messages) {
        for (QueuedMessage message : messages) queue.keep(message, TIME);
    }

    /// Returns the text of every message that waits, once for each of its recipients, oldest arrival first.
    static List<String> texts(LocalQueue queue) {
        var texts = new ArrayList<String>();
        for (Waiting one : queue.list(null, 1_000)) texts.add(text(queue.message(one)));
        return texts;
    }

    static String text(QueuedMessage message) {
        return new String(message.content(), StandardCharsets.UTF_8).split("\r\n\r\n")[1].strip();
    }
}
