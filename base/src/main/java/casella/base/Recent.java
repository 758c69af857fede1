package casella.base;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counts what happens by key in a window of time that slides: the last minute, the last day.
///
/// Two numbers a key: those of the running window, and those of the one before, which count for the part of it that the sliding
/// window still covers. Safe from any thread, never waits. Beyond its keys the one that was longest not counted is forgotten;
/// what it forgets at a restart is forgotten.
///
/// @param <K> what is counted by
public final class Recent<K> {
    private final long windowNanos;
    private final LongSupplier nanos;
    private final Map<K, Count> counts;

    private record Count(long window, long before, long now) {}

    /// @param keysMax how many keys are remembered
    /// @param nanos a clock that only goes forward
    public Recent(Duration window, int keysMax, LongSupplier nanos) {
        this.windowNanos = window.toNanos();
        this.nanos = nanos;
        this.counts = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Count> eldest) {
                return size() > keysMax;
            }
        };
    }

    /// Counts `more` of `key`, and returns how many there were lately with them.
    public synchronized long add(K key, long more) {
        long at = nanos.getAsLong();
        Count so = at(key, at);
        Count next = new Count(so.window(), so.before(), so.now() + more);
        counts.put(key, next);
        return count(next, at);
    }

    /// Returns how many of `key` there were lately.
    public synchronized long count(K key) {
        long at = nanos.getAsLong();
        return count(at(key, at), at);
    }

    /// Forgets what was counted of `key`.
    public synchronized void forget(K key) {
        counts.remove(key);
    }

    private Count at(K key, long at) {
        long window = Math.floorDiv(at, windowNanos);
        Count so = counts.get(key);
        if (so == null || so.window() < window - 1) return new Count(window, 0, 0);
        return so.window() == window ? so : new Count(window, so.now(), 0);
    }

    private long count(Count count, long at) {
        double left = 1 - (double) Math.floorMod(at, windowNanos) / windowNanos;
        return count.now() + (long) Math.ceil(count.before() * left);
    }
}
