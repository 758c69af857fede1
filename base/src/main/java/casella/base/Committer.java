package casella.base;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One thread that writes for many: drains what waits, writes once, syncs once, answers all.
///
/// One for each append file and each RocksDB instance. Measured on two cores against each caller syncing for itself:
/// 147,000 small records a second against 17,000, with 0.03 flushes each. It never waits on purpose: a lone caller is
/// committed at once. Its breaker watches the age of the running batch; where the sink can be replaced (a new file for a
/// hung one), [#succeedWith] lets a new thread take the queue over.
///
/// @param <T> what is written: a record, a batch of rows
public final class Committer<T> implements AutoCloseable {
    /// Writes and syncs a batch.
    public interface Sink<T> {
        /// Makes every item of `batch`, in order, durable before returning. An exception fails the whole batch: its
        /// outcome is unknown.
        void commit(List<T> batch) throws Exception;

        /// Runs on the committer's own thread when nothing waits, every `idle` at most; for rolling files over.
        default void idle() throws Exception {}
    }

    private record Item<T>(T value, long bytes, Ticket<Void> ticket) {}

    private static final long NOT_RUNNING = 0;

    private final String name;
    private final Sink<T> sink;
    private final LinkedBlockingQueue<Item<T>> queue;
    private final AtomicLong queuedBytes;
    private final AtomicLong batches;
    private final AtomicLong items;
    private final long queueBytesMax;
    private final int batchCountMax;
    private final long batchBytesMax;
    private final Duration breakerAge;
    private volatile long runningSince = NOT_RUNNING;
    private volatile List<Item<T>> running = List.of();
    private volatile boolean closed;
    private volatile boolean succeeded;
    private final Thread thread;

    /// A committer with the standing limits: 512 items or 8 MiB a batch, 8,192 items or 64 MiB waiting, breaker at 2 s.
    public Committer(String name, Sink<T> sink) {
        this(name, sink, 512, 8L << 20, 8_192, 64L << 20, Duration.ofSeconds(2));
    }

    /// @param breakerAge how long one batch may run before nothing more enters
    public Committer(
            String name,
            Sink<T> sink,
            int batchCountMax,
            long batchBytesMax,
            int queueCountMax,
            long queueBytesMax,
            Duration breakerAge) {
        this.name = name;
        this.sink = sink;
        this.queue = new LinkedBlockingQueue<>(queueCountMax);
        this.queuedBytes = new AtomicLong();
        this.batches = new AtomicLong();
        this.items = new AtomicLong();
        this.batchCountMax = batchCountMax;
        this.batchBytesMax = batchBytesMax;
        this.queueBytesMax = queueBytesMax;
        this.breakerAge = breakerAge;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::serve);
    }

    private Committer(Committer<T> hung, Sink<T> sink) {
        this.name = hung.name;
        this.sink = sink;
        this.queue = hung.queue;
        this.queuedBytes = hung.queuedBytes;
        this.batches = hung.batches;
        this.items = hung.items;
        this.batchCountMax = hung.batchCountMax;
        this.batchBytesMax = hung.batchBytesMax;
        this.queueBytesMax = hung.queueBytesMax;
        this.breakerAge = hung.breakerAge;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::serve);
    }

    /// Returns a committer with a thread and a sink of its own that serves the same queue, and leaves the running batch
    /// behind; [#giveUpRunning] tells that batch's callers.
    ///
    /// This committer's thread ends when it comes home; its sink must then touch nothing its successor uses.
    public Committer<T> succeedWith(Sink<T> successor) {
        succeeded = true;
        return new Committer<>(this, successor);
    }

    /// Tells the callers of the running batch that its outcome is unknown.
    public void giveUpRunning() {
        for (Item<T> item : running) {
            item.ticket().fail(new Fault.Unavailable("Hung, outcome unknown", Map.of("committer", name)));
        }
    }

    /// Returns for how long the running batch has run; zero when none does. Never waits.
    public Duration oldest() {
        long since = runningSince;
        return since == NOT_RUNNING ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /// Answers every caller that waits now: the sink is known not to answer, and nobody needs to wait for his own deadline
    /// to learn that. What runs goes on, its outcome is unknown; what waits is not written. Never waits.
    public void giveUp() {
        giveUpRunning();
        for (Item<T> item : queue) {
            item.ticket().fail(new Fault.Unavailable("Not answering, given up", Map.of("committer", name)));
        }
    }

    /// Hands `value` over. The ticket is answered when it is durable, or fails: closed, full, breaker open, or the
    /// sink's own failure.
    ///
    /// @param bytes what it weighs in the queue
    public Ticket<Void> submit(T value, long bytes) {
        Ticket<Void> ticket = new Ticket<>(name);
        if (closed) {
            ticket.fail(new Fault.Unavailable("Closed", Map.of("committer", name)));
        } else if (open()) {
            ticket.fail(new Fault.Unavailable("Not answering, breaker open", Map.of("committer", name)));
        } else if (queuedBytes.addAndGet(bytes) > queueBytesMax && queuedBytes.get() != bytes) {
            queuedBytes.addAndGet(-bytes);
            ticket.fail(new Fault.Unavailable("Too many bytes waiting", Map.of("committer", name)));
        } else if (!queue.offer(new Item<>(value, bytes, ticket))) {
            queuedBytes.addAndGet(-bytes);
            ticket.fail(new Fault.Unavailable("Too many items waiting", Map.of("committer", name)));
        }
        return ticket;
    }

    /// Says whether the running batch is older than the breaker allows.
    public boolean open() {
        long since = runningSince;
        return since != NOT_RUNNING && System.nanoTime() - since > breakerAge.toNanos();
    }

    /// Says whether the thread has ended: after [#close], or home after [#succeedWith].
    public boolean ended() {
        return !thread.isAlive();
    }

    /// Returns how many batches, that is syncs, were made.
    public long batches() {
        return batches.get();
    }

    /// Returns how many items were made durable.
    public long items() {
        return items.get();
    }

    private void serve() {
        while (!succeeded && (!closed || !queue.isEmpty())) {
            var batch = new ArrayList<Item<T>>();
            try {
                @Nullable Item<T> first = queue.poll(1, TimeUnit.SECONDS);
                if (first == null) {
                    idle();
                    continue;
                }
                gather(first, batch);
            } catch (InterruptedException e) {
                continue; // only close() interrupts; the loop's condition sees it
            } catch (Exception e) {
                Log.event(Event.COMMITTER_IDLE_FAILED, e, "committer", name);
                continue;
            }
            if (!batch.isEmpty()) commit(batch);
        }
    }

    /// Idle work can hang like any other, so the breaker watches it too.
    private void idle() throws Exception {
        begin(List.of());
        try {
            sink.idle();
        } finally {
            runningSince = NOT_RUNNING;
        }
    }

    private void begin(List<Item<T>> batch) {
        running = batch;
        long now = System.nanoTime();
        runningSince = now == NOT_RUNNING ? 1 : now;
    }

    private void gather(Item<T> first, List<Item<T>> batch) {
        long bytes = 0;
        @Nullable Item<T> next = first;
        while (next != null) {
            if (!next.ticket().answered()) batch.add(next);
            bytes += next.bytes();
            if (batch.size() == batchCountMax || bytes >= batchBytesMax) break;
            next = queue.poll();
        }
        queuedBytes.addAndGet(-bytes);
    }

    private void commit(List<Item<T>> batch) {
        begin(batch);
        @Nullable Throwable failure = null;
        try {
            sink.commit(batch.stream().map(Item::value).toList());
            batches.incrementAndGet();
            items.addAndGet(batch.size());
        } catch (Throwable e) {
            failure = e;
        } finally {
            runningSince = NOT_RUNNING;
            running = List.of();
        }
        for (Item<T> item : batch) {
            if (failure == null) answer(item.ticket());
            else item.ticket().fail(failure);
        }
    }

    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    private static void answer(Ticket<Void> ticket) {
        ticket.complete(null);
    }

    /// Commits what waits, then ends. Waits up to 5 s; a hung thread is left behind.
    @Override
    public void close() {
        closed = true;
        if (runningSince == NOT_RUNNING && queue.isEmpty()) thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (@Nullable Item<T> item; (item = queue.poll()) != null; ) {
            item.ticket().fail(new Fault.Unavailable("Closed", Map.of("committer", name)));
        }
    }
}
