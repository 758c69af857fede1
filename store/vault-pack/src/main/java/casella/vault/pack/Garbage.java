package casella.vault.pack;

import casella.store.append.AppendLog;
import casella.vault.pack.PackSegment.Slot;
import java.util.concurrent.ConcurrentHashMap;

/// How many bytes of each segment are objects that are no more. An estimate: counted once after a start, then followed.
final class Garbage {
    private final ConcurrentHashMap<Long, Long> dead = new ConcurrentHashMap<>();

    /// Returns what a record with an object of a length takes.
    static long recordBytes(int length) {
        return AppendLog.HEAD_BYTES + PackRecord.NAME_BYTES + (long) length;
    }

    void died(Slot slot) {
        dead.merge(slot.place().segment(), recordBytes(slot.length()), Long::sum);
    }

    Garbage clear() {
        dead.clear();
        return this;
    }

    void gone(long segment) {
        dead.remove(segment);
    }

    long in(long segment) {
        return dead.getOrDefault(segment, 0L);
    }

    long all() {
        return dead.values().stream().mapToLong(Long::longValue).sum();
    }
}
