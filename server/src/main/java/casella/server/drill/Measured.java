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
final class Measured {
    /// Looks that are kept; a drill of ten minutes makes a third of it.
    static final int SAMPLES_MAX = 100_000;

    /// What happened when.
    record Moment(long at, String what) {}

    /// Something that has to hold beside what owners see.
    record Check(String what, boolean held) {}

    private final Clock clock;
    private final long zero;
    private final List<Check> checks = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    /// When each mail was accepted, by its subject.
    final Map<String, Long> accepted = new ConcurrentHashMap<>();
    /// When an open client was told of it.
    final Map<String, Long> noticed = new ConcurrentHashMap<>();
    final AtomicInteger refused = new AtomicInteger();
    final AtomicInteger identifiersChanged = new AtomicInteger();
    final AtomicInteger wrongBytes = new AtomicInteger();

    Measured(Clock clock) {
        this.clock = clock;
        this.zero = clock.nanos();
    }

    /// Returns the milliseconds since the drill began.
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(clock.nanos() - zero);
    }

    synchronized void add(Sample sample) {
        if (samples.size() < SAMPLES_MAX) samples.add(sample);
    }

    synchronized void moment(String what) {
        if (moments.size() < 1_000) moments.add(new Moment(now(), what));
    }

    /// Notes whether something held that has to.
    synchronized void check(String what, boolean held) {
        checks.add(new Check(what, held));
        moment(held ? what : "NOT SO: " + what);
    }

    synchronized List<Check> checks() {
        return List.copyOf(checks);
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /// Returns reads of one account, in order.
    List<Sample> reads(int account) {
        return samples().stream()
                .filter(sample -> sample.kind() == Sample.Kind.READ && sample.account() == account)
                .toList();
    }

    /// Waits; returns whether measuring ended meanwhile.
    boolean rested(long millis) {
        try {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Has whoever measures stop.
    void end() {
        ended.countDown();
    }
}
