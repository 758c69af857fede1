package casella.server.drill;

import casella.base.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What is measured while a drill runs. Safe from any thread.
public final class Measured {
    /// What happened when.
    public record Moment(long at, String what) {}

    /// Something that has to hold beside what owners see.
    public record Check(String what, boolean held) {}

    private final Clock clock;
    private final int samplesMax;
    private final long zero;
    private final List<Check> checks = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    /// When each mail was accepted, by its subject.
    public final Map<String, Long> accepted = new ConcurrentHashMap<>();
    /// When an open client was told of it.
    public final Map<String, Long> noticed = new ConcurrentHashMap<>();
    public final AtomicInteger refused = new AtomicInteger();
    public final AtomicInteger identifiersChanged = new AtomicInteger();
    public final AtomicInteger wrongBytes = new AtomicInteger();

    /// @param samplesMax looks that are kept
    public Measured(Clock clock, int samplesMax) {
        this.clock = clock;
        this.samplesMax = samplesMax;
        this.zero = clock.nanos();
    }

    /// Returns the milliseconds since the drill began.
    public long now() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos() - zero);
    }

    public synchronized void add(Sample sample) {
        if (samples.size() < samplesMax) samples.add(sample);
    }

    public synchronized void moment(String what) {
        if (moments.size() < 1_000) moments.add(new Moment(now(), what));
    }

    /// Notes whether something held that has to.
    public synchronized void check(String what, boolean held) {
        checks.add(new Check(what, held));
        moment(held ? what : "NOT SO: " + what);
    }

    public synchronized List<Check> checks() {
        return List.copyOf(checks);
    }

    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    public synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /// Returns reads of one account, in order.
    List<Sample> reads(int account) {
        return samples().stream()
                .filter(sample -> sample.kind() == Sample.Kind.READ && sample.account() == account)
                .toList();
    }

    /// Waits; returns whether measuring ended meanwhile.
    public boolean rested(long millis) {
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Has whoever measures stop.
    public void end() {
        ended.countDown();
    }
}
