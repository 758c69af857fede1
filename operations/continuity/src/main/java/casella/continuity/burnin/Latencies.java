package casella.continuity.burnin;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/// Counts how long calls take, by kind: from a microsecond to an hour, to one in a hundred. Safe from any thread.
final class Latencies {
    private static final long MICROS_MAX = 3_600_000_000L;
    private static final int DIGITS = 2;

    private final Map<Call, ConcurrentHistogram> taken = new EnumMap<>(Call.class);
    private final Map<Call, AtomicLong> failed = new EnumMap<>(Call.class);

    Latencies() {
        for (Call call : Call.values()) {
            taken.put(call, new ConcurrentHistogram(MICROS_MAX, DIGITS));
            failed.put(call, new AtomicLong());
        }
    }

    void took(Call call, long nanos) {
        of(taken, call).recordValue(Math.clamp(nanos / 1_000, 1, MICROS_MAX));
    }

    void failed(Call call) {
        of(failed, call).incrementAndGet();
    }

    private static <V> V of(Map<Call, V> map, Call call) {
        V value = map.get(call);
        if (value == null) throw new IllegalStateException("a call of no kind");
        return value;
    }

    Latency of(Call call) {
        ConcurrentHistogram all = of(taken, call);
        long wrong = of(failed, call).get();
        if (all.getTotalCount() == 0) return new Latency(0, wrong, 0, 0, 0, 0, 0);
        return new Latency(all.getTotalCount(), wrong, at(all, 50), at(all, 90), at(all, 99), at(all, 99.9),
                all.getMaxValue() / 1_000.0);
    }

    private static double at(ConcurrentHistogram all, double percent) {
        return all.getValueAtPercentile(percent) / 1_000.0;
    }

    /// Returns what was counted, of kinds with any call.
    Map<Call, Latency> all() {
        var all = new EnumMap<Call, Latency>(Call.class);
        for (Call call : Call.values()) {
            Latency latency = of(call);
            if (latency.calls() + latency.failed() > 0) all.put(call, latency);
        }
        return all;
    }
}
