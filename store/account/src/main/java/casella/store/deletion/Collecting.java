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

    private void look() {
        collector.tick();
        erasure.step();
        if (collector.due()) collector.run(false);
        // A clock that is not believed erases nobody.
        if (collector.status().brake() != null) return;
        for (AccountId account : wiped.due(clock.now(), ERASED_MAX)) {
            if (erasure.certificate(account).isEmpty()) erasure.order(account, "plan");
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
