package casella.directory;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The entries asked for last, at most so many. An entry that was read before a change is never put in after it.
final class Cache<K, V> {
    private final Map<K, V> entries;
    private long generation;

    Cache(int entriesMax) {
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > entriesMax;
            }
        };
    }

    synchronized @Nullable V peek(K key) {
        return entries.get(key);
    }

    /// Returns what to hand to [#keep] with a value read from now on.
    synchronized long generation() {
        return generation;
    }

    /// Keeps `value` unless something was forgotten since `readIn`.
    synchronized void keep(K key, V value, long readIn) {
        if (readIn == generation) entries.put(key, value);
    }

    synchronized void forget(K key) {
        generation++;
        entries.remove(key);
    }

    synchronized void forgetAll() {
        generation++;
        entries.clear();
    }

    synchronized int size() {
        return entries.size();
    }
}
