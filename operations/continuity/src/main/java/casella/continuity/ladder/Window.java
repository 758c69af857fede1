package casella.continuity.ladder;

import casella.store.Newcomer;
import casella.store.vault.ObjectName;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// What is measured of a new vault beside the old one, until it is begun anew. Safe from any thread; nothing waits.
public final class Window implements Newcomer.Observer {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int DIGITS = 2;
    /// So many calls may be slower than what is said.
    private static final int SLOWEST = 10;

    /// What was measured since one moment.
    private static final class Since {
        final Map<Newcomer.Act, Histogram> here = histograms();
        final Map<Newcomer.Act, Histogram> beside = histograms();
        final AtomicLong failed = new AtomicLong();
        final AtomicLong right = new AtomicLong();
        final AtomicLong wrong = new AtomicLong();
        volatile String why = "";

        private static Map<Newcomer.Act, Histogram> histograms() {
            var all = new EnumMap<Newcomer.Act, Histogram>(Newcomer.Act.class);
            for (Newcomer.Act act : Newcomer.Act.values()) all.put(act,
                    new ConcurrentHistogram(LONGEST_MICROS, DIGITS));
            return all;
        }
    }

    private volatile Since since = new Since();

    /// Forgets what was measured.
    public void begin() {
        since = new Since();
    }

    @Override
    public void took(Newcomer.Act act, boolean newcomer, long nanos) {
        Since now = since;
        long micros = Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 1, LONGEST_MICROS);
        of(newcomer ? now.here : now.beside, act).recordValue(micros);
    }

    @Override
    public void failed(Newcomer.Act act, String why) {
        Since now = since;
        now.why = why;
        now.failed.incrementAndGet();
    }

    @Override
    public void wrong(ObjectName name) {
        since.wrong.incrementAndGet();
    }

    @Override
    public void right() {
        since.right.incrementAndGet();
    }

    /// Returns what was measured so far.
    public Figures figures() {
        Since now = since;
        Histogram writes = of(now.here, Newcomer.Act.WRITE);
        Histogram reads = of(now.here, Newcomer.Act.READ);
        Histogram writesBeside = of(now.beside, Newcomer.Act.WRITE);
        Histogram readsBeside = of(now.beside, Newcomer.Act.READ);
        return new Figures(
                writes.getTotalCount(), reads.getTotalCount(), now.failed.get(), now.why, now.right.get(),
                        now.wrong.get(),
                millis(writes), millis(reads), writesBeside.getTotalCount(), readsBeside.getTotalCount(),
                millis(writesBeside), millis(readsBeside));
    }

    private static Histogram of(Map<Newcomer.Act, Histogram> all, Newcomer.Act act) {
        Histogram one = all.get(act);
        if (one == null) throw new IllegalStateException("No histogram of " + act);
        return one;
    }

    /// The tenth slowest of few calls says more than the one slowest of a hundred, which any machine has now and then.
    private static double millis(Histogram times) {
        long calls = times.getTotalCount();
        if (calls == 0) return 0;
        double share = Math.clamp(100.0 - 100.0 * SLOWEST / calls, 50, 99);
        return times.getValueAtPercentile(share) / 1_000.0;
    }
}
