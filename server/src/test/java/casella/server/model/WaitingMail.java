package casella.server.model;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.message.Summary;
import casella.queue.Drain;
import casella.queue.Filing;
import casella.queue.LocalQueue;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueueItem;
import casella.queue.QueueLimits;
import casella.queue.QueuedMessage;
import casella.testkit.SimulatedDisk;
import casella.testkit.SteppedClock;
import casella.testkit.model.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The local queue on a simulated disk, its derived index on the machine's own, and its drain, one filing at a time.
final class WaitingMail implements Waiting, AutoCloseable {
    private static final QueueLimits LIMITS =
            new QueueLimits(100_000, 1L << 30, 100_000, 1L << 30, 16 << 10, 0.0, Duration.ofMillis(60));
    private static final int AT_ONCE = 5;

    private final Path folder;
    private final Bulkhead cpu = new Bulkhead("model.queue.cpu", 1, 64);
    private final SteppedClock clock = new SteppedClock();
    private LocalQueue queue;
    private Drain drain;
    private Taker taker = (_, _, _) -> {
        throw new Fault.Unavailable("Nobody takes anything", Map.of());
    };

    /// @param folder where the index is
    WaitingMail(Path folder, SimulatedDisk disk) {
        this.folder = folder;
        queue = LocalQueue.open(disk, Path.of("queue"), index(), LIMITS, clock, Metrics.none());
        drain = drain();
    }

    private Path index() {
        return folder.resolve("queue.db");
    }

    private Drain drain() {
        return new Drain(queue, this::file, () -> true, cpu, clock, Metrics.none(), 1);
    }

    private Filing.Filed file(QueuedMessage message, Summary summary, QueueItem item) {
        taker.take(item.account(), item.arrival(), message.content());
        return Filing.Filed.FILED;
    }

    /// The process ended: the queue is opened over what its disk holds.
    ///
    /// @param indexLost whether its index is gone
    void reopen(SimulatedDisk disk, boolean indexLost) {
        drain.close();
        queue.close();
        if (indexLost) loseIndex();
        queue = LocalQueue.open(disk, Path.of("queue"), index(), LIMITS, clock, Metrics.none());
        drain = drain();
    }

    private void loseIndex() {
        try {
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(index().resolveSibling(index().getFileName() + end));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void keep(AccountId account, ArrivalId arrival, byte[] content, Duration time) {
        var item = new QueueItem(arrival, account, "anna@posta.example", null);
        queue.keep(
                new QueuedMessage(QueueId.random(), Priority.PERSONAL, clock.now(), "", List.of(item), content), time);
    }

    @Override
    public void drain(Taker into) {
        taker = into;
        for (int i = 0; i < AT_ONCE; i++) {
            clock.step(Duration.ofSeconds(10));
            drain.back();
            var _ = drain.round();
        }
    }

    @Override
    public int size() {
        return queue.figures().total();
    }

    @Override
    public void close() {
        drain.close();
        queue.close();
        cpu.close();
    }
}
