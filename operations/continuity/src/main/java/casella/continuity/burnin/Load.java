package casella.continuity.burnin;

import casella.base.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes calls of a vault, many at the same time, and finds out when it answers no more.
///
/// A vault is *stuck* when for the time of one call none was answered well and at least four failed, or as many as are made
/// at once. One call that fails among others that do not is counted, and that is all. Every call ends at its deadline, which
/// whoever makes it sets: so a run ends within two call times of the vault's last answer.
final class Load {
    /// So long a caller rests after a call that failed at once: who is refused does not ask ten thousand times a second.
    private static final Duration REST = Duration.ofMillis(25);
    private static final int FAILED_MIN = 4;

    /// One call, numbered.
    interface Work {
        /// @throws Fault if it failed, or was not answered in time
        void call(long number);
    }

    /// How a run ended.
    ///
    /// @param stuck what the vault does not do any more; null when it answers
    /// @param failed calls that were not answered well
    /// @param calls that were made
    record Ended(@Nullable Stuck stuck, long failed, long calls) {
        /// Says whether more than one call in a hundred failed.
        boolean bad() {
            return stuck != null || failed * 100 > calls;
        }
    }

    /// @param how what calls met with
    /// @param fault the last that was heard
    record Stuck(Threshold.How how, Fault fault) {
        String words() {
            return fault.getMessage() + " " + fault.facts();
        }
    }

    private final Duration callTime;
    private final CountDownLatch stop;

    /// @param stop ends every run when it is counted down
    Load(Duration callTime, CountDownLatch stop) {
        this.callTime = callTime;
        this.stop = stop;
    }

    /// Calls `work` with each number from `from` until `until`, so many at the same time. Returns when all are called, when
    /// the vault is stuck, or soon after the stop.
    Ended run(int concurrency, long from, long until, Work work) {
        if (until <= from) return new Ended(null, 0, 0);
        var next = new AtomicLong(from);
        int callers = (int) Math.min(concurrency, until - from);
        var watch = new Watched(Math.min(until - from, Math.max(FAILED_MIN, callers)));
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().name("burn-in-" + i).start(() -> {
                for (long number = next.getAndIncrement(); number < until; number = next.getAndIncrement()) {
                    if (stop.getCount() == 0 || watch.stuck.get() != null) return;
                    watch.make(work, number);
                }
            }));
        }
        join(threads);
        return new Ended(watch.stuck.get(), watch.failed.get(), watch.calls.get());
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the callers of one run know together.
    private final class Watched {
        private final long failedMin;
        private final AtomicLong calls = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong failedSince = new AtomicLong();
        private final AtomicBoolean lateSince = new AtomicBoolean();
        private final AtomicLong wellNanos = new AtomicLong(System.nanoTime());
        private final AtomicReference<@Nullable Stuck> stuck = new AtomicReference<>();

        Watched(long failedMin) {
            this.failedMin = failedMin;
        }

        void make(Work work, long number) {
            long began = System.nanoTime();
            calls.incrementAndGet();
            try {
                work.call(number);
                wellNanos.accumulateAndGet(System.nanoTime(), Math::max);
                failedSince.set(0);
                lateSince.set(false);
            } catch (Fault e) {
                failed(began, e);
            } catch (RuntimeException e) {
                failed(began, new Fault.Unavailable("The call ended in a mistake", Map.of(), e));
            }
        }

        private void failed(long began, Fault fault) {
            failed.incrementAndGet();
            long now = System.nanoTime();
            boolean late = now - began >= callTime.toNanos() * 9 / 10;
            if (late) lateSince.set(true);
            boolean enough = failedSince.incrementAndGet() >= failedMin;
            boolean silent = now - wellNanos.get() >= callTime.toNanos() * 9 / 10;
            if (enough && silent) stuck.compareAndSet(null, new Stuck(how(fault), fault));
            else if (!late) rest();
        }

        /// A vault whose breaker opened because it hangs refuses: it hangs all the same.
        private Threshold.How how(Fault fault) {
            if (lateSince.get()) return Threshold.How.HANG;
            return switch (fault) {
                case Fault.Corrupt _ -> Threshold.How.FAILED;
                case Fault.Unavailable _, Fault.Exhausted _ -> Threshold.How.REFUSED;
            };
        }

        private void rest() {
            try {
                var _ = stop.await(REST.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
