package casella.store.continuation;

import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Event;
import casella.base.Log;
import casella.base.Sha256;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.Body;
import casella.store.Continuation;
import casella.store.Email;
import casella.store.FaceRows;
import casella.store.View;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One account that goes on without its store. What waits for it is looked for again when it is read after
/// something came; what was shown stays as it was shown.
final class Continuing implements Continuation {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final int INLINE_BYTES = 64 << 10;

    private final Opening opening;
    private final Openings openings;
    private final Names names;
    private final Waiting waiting;
    private final Bulkhead cpu;
    private final ReentrantLock lock = new ReentrantLock();
    /// Looked at, shown or damaged. Guarded by the lock.
    private final Set<ArrivalId> seen = new HashSet<>();
    private volatile @Nullable FaceRows rows;
    /// How often something came, and how much of that is shown: who reads before it is shown waits for it.
    private final AtomicLong came = new AtomicLong(1);
    private volatile long shown;
    private volatile long used = System.nanoTime();

    Continuing(Opening opening, Openings openings, Names names, Waiting waiting, Bulkhead cpu) {
        this.opening = opening;
        this.openings = openings;
        this.names = names;
        this.waiting = waiting;
        this.cpu = cpu;
    }

    Opening opening() {
        return opening;
    }

    /// Says that something came. Never waits.
    void came() {
        var _ = came.incrementAndGet();
    }

    /// Returns when it was last read (nanoTime).
    long used() {
        return used;
    }

    @Override
    public <T extends @Nullable Object> T read(Function<View, T> reading) {
        used = System.nanoTime();
        return reading.apply(fresh().view());
    }

    private FaceRows fresh() {
        FaceRows now = rows;
        if (now != null && shown == came.get()) return now;
        try {
            if (!lock.tryLock(TIME.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Fault.Unavailable("What waits is being looked through", facts());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", facts(), e);
        }
        try {
            now = rows;
            long upTo = came.get();
            if (now != null && shown == upTo) return now;
            now = look(now == null ? begin() : now);
            shown = upTo;
            return now;
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Object> facts() {
        return Map.of("account", opening.account());
    }

    private FaceRows begin() {
        Names.Known known = names.known(opening.account());
        if (known == null) throw new Fault.Unavailable("Nobody has named the account's folders", facts());
        return FaceRows.of(
                known.folders(), known.received(), opening.uidValidity(), opening.base().value(), opening.at());
    }

    /// Adds what came, in the order of its UIDs; what cannot be read now keeps the rest from being shown.
    private FaceRows look(FaceRows before) {
        List<Waiting.Item> items = waiting.of(opening.account());
        List<ArrivalId> arrivals = items.stream().map(Waiting.Item::arrival).toList();
        Map<ArrivalId, Uid> uids = openings.number(opening, arrivals);
        FaceRows next = before;
        List<Waiting.Item> fresh = items.stream()
                .filter(item -> !seen.contains(item.arrival()))
                .sorted(java.util.Comparator.comparing(item -> uids.getOrDefault(item.arrival(), Uid.LAST)))
                .toList();
        for (Waiting.Item item : fresh) {
            Uid uid = uids.get(item.arrival());
            if (uid == null) throw new IllegalStateException("continuation: a message without a number");
            try {
                byte[] content = waiting.content(item.arrival());
                Summary summary = content.length > INLINE_BYTES
                        ? cpu.call(TIME, () -> Summary.of(content))
                        : Summary.of(content);
                next = next.with(new FaceRows.Arrived(
                        item.arrival(), uid, Sha256.of(content), item.received(), summary));
            } catch (Fault.Corrupt e) {
                // Told as lost by who files it.
                Log.event(Event.CONTINUATION_DAMAGED, "account", opening.account(), "arrival", item.arrival());
            }
            seen.add(item.arrival());
            rows = next;
        }
        rows = next;
        return next;
    }

    @Override
    public Body body(Email email) {
        try {
            byte[] content = waiting.content(email.id());
            if (Sha256.of(content).equals(email.blob())) return new Body.Present(content);
            return new Body.Unavailable(new Fault.Corrupt("Not the bytes that were kept", facts()));
        } catch (Fault e) {
            return new Body.Unavailable(e);
        }
    }
}
