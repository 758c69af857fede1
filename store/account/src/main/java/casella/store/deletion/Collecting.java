package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The collector at work: a look at the clock every few minutes, a run a day.
public final class Collecting implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(5);
    private static final Duration REST = Duration.ofSeconds(5);

    /// Wiped accounts erased between two looks at most.
    private static final int ERASED_MAX = 10;
    /// Wiped accounts counted at most before any is erased.
    private static final int COUNTED_MAX = 100_000;

    /// Says which accounts were wiped long enough ago and are not held.
    public interface Wiped {
        List<AccountId> due(Instant now, int limit);

        /// The erasure is ordered: it need not be named again.
        void ordered(AccountId account);
    }

    private final Collector collector;
    private final Erasure erasure;
    private final Wiped wiped;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean paused;

    private Collecting(Collector collector, Erasure erasure, Wiped wiped, Clock clock) {
        this.collector = collector;
        this.erasure = erasure;
        this.wiped = wiped;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("collect").start(this::work);
    }

    public static Collecting start(Collector collector, Erasure erasure, Wiped wiped, Clock clock) {
        return new Collecting(collector, erasure, wiped, clock);
    }

    /// Removes nothing until told otherwise; the clock is still looked at.
    public void pause(boolean on) {
        paused = on;
    }

    private void look() {
        collector.tick();
        if (paused) return;
        erasure.replayAll();
        erasure.step(collector.believesTheTime());
        if (collector.due()) collector.run(false);
        eraseWiped(collector, erasure, wiped, clock);
    }

    /// Erases accounts whose plan's days are over, some at a time; a clock that is not believed erases nobody, nor
    /// are more erased than is usual before somebody was asked.
    public static void eraseWiped(Collector collector, Erasure erasure, Wiped wiped, Clock clock) {
        if (collector.status().brake() != null) return;
        List<AccountId> due = wiped.due(clock.now(), COUNTED_MAX);
        if (due.isEmpty() || !collector.mayErase(due.size())) return;
        for (AccountId account : due.subList(0, Math.min(ERASED_MAX, due.size()))) {
            if (erasure.certificate(account).isEmpty()) {
                erasure.order(account, "plan");
                collector.erased();
            }
            wiped.ordered(account);
        }
    }

    private void work() {
        try {
            // A start has other things to do first.
            while (!closed.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    look();
                } catch (RuntimeException e) {
                    Log.event(Event.CARE_FAILED, e, "work", "collect");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        collector.close();
        try {
            thread.join(REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
