package casella.continuity.reopen;

import casella.base.AccountId;
import casella.base.Admission.Answer;
import casella.base.Admission.Door;
import casella.base.Admission;
import casella.base.Clock;
import casella.base.Rate;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/// Damps a storm of log-ins while the store is slow, and is not there otherwise.
///
/// While the store answers in time everybody comes in, and each costs a look at a number. When it does not, log-ins go
/// through as fast as it bears: at first half as many as came in the last seconds, then fewer while it stays slow and more
/// while it does not. Those who are too many stand in line.
///
/// Safe from any thread; never waits.
public final class Crowd {
    private static final Duration REST = Duration.ofSeconds(3);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final double LEAST = 2;
    private static final double MOST = 5_000;
    private static final double MORE = 2;
    private static final double UNUSED = 0.5;
    private static final double SMOOTH = 0.3;

    private final Clock clock;
    private final RandomGenerator random;
    private final Rate rate = new Rate(LEAST, MOST, MORE, 0.5);
    private final LongAdder came = new LongAdder();
    private volatile boolean calm = true;
    private Lines lines;
    private double perSecond;
    private long lookedAt;
    private long lessAt;
    private long moreAt;
    private long slowAt;

    public Crowd(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
        this.lookedAt = clock.nanos();
        this.lines = new Lines(1, LEAST, random, lookedAt);
    }

    /// Says whether one more may log in now.
    public Answer ask(AccountId account, Door door) {
        came.increment();
        if (calm) return Admission.IN;
        synchronized (this) {
            return lines.ask(0, door, account.value(), clock.nanos());
        }
    }

    /// Takes note of whether the store answers in time. To be called a few times a second: a flood is there at once.
    public synchronized void look(boolean slow) {
        long now = clock.nanos();
        double seconds = (now - lookedAt) / 1e9;
        if (seconds <= 0) return;
        lookedAt = now;
        perSecond += (came.sumThenReset() / seconds - perSecond) * Math.min(1, SMOOTH * seconds);
        if (slow) slowAt = now;
        if (calm) {
            if (slow && perSecond > LEAST) begin(now);
            return;
        }
        if (slow && now - lessAt >= REST.toNanos()) {
            lessAt = now;
            rate.bad();
        }
        if (!slow && now - moreAt >= SECOND) {
            moreAt = now;
            rate.good();
        }
        double unused = lines.speed(rate.now(), now);
        if (!slow) {
            calm = now - slowAt > CALM.toNanos() && unused > UNUSED && lines.waiting() == 0;
        }
    }

    private void begin(long now) {
        calm = false;
        lessAt = now;
        moreAt = now;
        rate.set(perSecond / 2);
        lines = new Lines(1, rate.now(), random, now);
    }

    /// Says whether everybody comes in.
    public boolean calm() {
        return calm;
    }

    /// Returns how many are let in each second while there is a line; 0 while there is none.
    public synchronized double perSecond() {
        return calm ? 0 : rate.now();
    }

    public synchronized long waiting() {
        return calm ? 0 : lines.waiting();
    }
}
