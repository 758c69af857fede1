package casella.store.continuation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What continuations keep in memory: a fixed number of bytes, those not read for longest give way. What gave
/// way is made again of the queue when it is read, with the numbers it had.
final class Memory {
    private final long bytesMax;
    private final Supplier<Collection<Continuing>> all;
    private final Recent recent = new Recent();
    private final AtomicLong bytes = new AtomicLong();

    Memory(long bytesMax, Supplier<Collection<Continuing>> all) {
        this.bytesMax = bytesMax;
        this.all = all;
    }

    Recent recent() {
        return recent;
    }

    /// Returns how much one account may take before nothing more is shown of what waits for it.
    long shareMax() {
        return bytesMax / 2;
    }

    long bytes() {
        return bytes.get();
    }

    /// Says that an account takes `more` bytes, negative for less.
    void grew(Continuing by, long more) {
        if (bytes.addAndGet(more) <= bytesMax || more <= 0) return;
        record Idle(Continuing one, long nanos) {}
        long now = System.nanoTime();
        List<Idle> idle = all.get().stream()
                .filter(one -> one != by && one.bytes() > 0)
                .map(one -> new Idle(one, now - one.used()))
                .sorted(Comparator.comparingLong(Idle::nanos).reversed())
                .toList();
        // A tenth more than is asked for, so that not every message sorts all.
        for (Idle next : idle) {
            if (bytes.get() <= bytesMax - bytesMax / 10) return;
            next.one().forget();
        }
    }
}
