package casella.continuity.reopen;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Metric;
import casella.base.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What log-ins ask: the reopening where there is one, then the crowd. Whoever would come in within a moment waits for it on
/// his own virtual thread, so that a short storm is a pause and not an error.
public final class Doors implements Admission {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    /// Log-ins that wait at a time; one more is answered at once.
    private static final int WAITING_MAX = 2_000;

    private final Crowd crowd;
    private final Metrics metrics;
    private final Semaphore places = new Semaphore(WAITING_MAX);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Reopening reopening;

    public Doors(Crowd crowd, Metrics metrics) {
        this.crowd = crowd;
        this.metrics = metrics;
    }

    /// @param now null when there is none, or no more
    public void reopen(@Nullable Reopening now) {
        reopening = now;
    }

    @Override
    public Answer ask(AccountId account, Door door) {
        Reopening now = reopening;
        if (now == null && crowd.calm()) return crowd.ask(account, door);
        Answer answer = once(now, account, door);
        String how = answer instanceof Answer.In ? "admitted" : "not-yet";
        if (answer instanceof Answer.NotYet(_, var estimate, _) && estimate.compareTo(PATIENCE) <= 0) {
            answer = patiently(answer, account, door);
            if (answer instanceof Answer.In) how = "waited";
        }
        metrics.add(Metric.ADMISSION_ASKED, 1, door.name().toLowerCase(Locale.ROOT), how);
        return answer;
    }

    private Answer once(@Nullable Reopening now, AccountId account, Door door) {
        Answer answer = now == null ? IN : now.ask(account, door);
        return answer instanceof Answer.In ? crowd.ask(account, door) : answer;
    }

    private Answer patiently(Answer first, AccountId account, Door door) {
        if (!places.tryAcquire()) return first;
        try {
            Answer answer = first;
            for (long left = PATIENCE.toNanos(); left > 0; left -= LOOK.toNanos()) {
                if (closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) return answer;
                answer = once(reopening, account, door);
                if (answer instanceof Answer.In) return answer;
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return first;
        } finally {
            places.release();
        }
    }

    @Override
    public boolean holds(AccountId account) {
        Reopening now = reopening;
        return now != null && now.holds(account);
    }

    /// Answers at once whoever waits, for a server that stops.
    public void close() {
        closed.countDown();
    }
}
