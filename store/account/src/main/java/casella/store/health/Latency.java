package casella.store.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What an instance's own recent answers say about waiting for it: after how long another is asked as well, and whether it
/// answers at all.
///
/// Keeps an estimate of the time within which 95 % of its reads are answered, moved a little by every answer; nothing is
/// allocated. Racing callers may lose a step, which an estimate bears.
public final class Latency {
    /// A hedge earlier than this would double the reads of a quick disk for a few stray answers.
    private static final double SHORTEST = Duration.ofMillis(10).toNanos();

    private static final double LONGEST = Duration.ofMillis(500).toNanos();
    /// Questions that wait.
    private static final int IN_VAIN = 8;
    private static final double SHARE = 0.95;
    /// How far one answer moves the estimate, as a part of it.
    private static final double STEP = 0.05;

    private volatile double nanos = SHORTEST;
    private final AtomicInteger waiting = new AtomicInteger();
    /// When it last answered anybody, or was asked after nobody waited for it.
    private volatile long quietSince;

    /// Takes note of a question. [#ended] follows.
    public void asked() {
        if (waiting.getAndIncrement() == 0) quietSince = System.nanoTime();
    }

    /// Takes note that nobody waits for that answer any more, however it ended.
    public void ended() {
        waiting.decrementAndGet();
    }

    /// Says whether it is asked and answers nobody, for half a second now: it hangs, and is not only slow.
    public boolean silent() {
        return waiting.get() > 0 && System.nanoTime() - quietSince > LONGEST;
    }

    /// Says whether it is silent while so many wait for it that one more would only wait with them: these tell when it answers again.
    public boolean askedInVain() {
        return waiting.get() >= IN_VAIN && silent();
    }

    /// Takes note of an answer to a question whose time says nothing of others: a list.
    public void answered() {
        quietSince = System.nanoTime();
    }

    /// Takes note of an answer.
    public void took(long answerNanos) {
        quietSince = System.nanoTime();
        double now = nanos;
        double next = answerNanos > now ? now * (1 + STEP * SHARE) : now * (1 - STEP * (1 - SHARE));
        nanos = Math.clamp(next, SHORTEST / 2, LONGEST);
    }

    /// Returns how long to wait before another is asked: twice what 95 % of the answers take, 10 to 500 ms.
    public Duration hedgeAfter() {
        return Duration.ofNanos((long) Math.clamp(2 * nanos, SHORTEST, LONGEST));
    }
}
