package casella.store.continuation;

import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One account that goes on without its store. What waits for it is looked for again when it is read after
/// something came; what was shown stays as it was shown.
///
/// A message gets its number when it could be read: one that cannot be read yet has not come, and the others
/// are shown. One that was shown and cannot be read any more closes the folder, never the folders' names
/// (I7).
final class Continuing implements Continuation {
    private static final Duration TIME = Duration.ofSeconds(20);
    /// What could not be read is tried again after this, or when something comes.
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final int INLINE_BYTES = 64 << 10;
    /// What it takes in memory to know that a message was looked at.
    private static final int SEEN_BYTES = 120;

    /// What all that go on share.
    ///
    /// @param cpu as wide as the cores: large messages are looked through there
    record Parts(Openings openings, Names names, Waiting waiting, Bulkhead cpu, Clock clock, Memory memory) {}

    private final Opening opening;
    private final Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    /// Looked at, shown or damaged. Guarded by the lock.
    private final Set<ArrivalId> seen = new HashSet<>();
    /// As far as it is made, perhaps in part: others than who makes it take only the folders' names of it.
    /// Null before the first look, and while there is no room for it in memory.
    private volatile @Nullable FaceRows rows;
    /// What is shown, always all of it; null where `rows` is, and until a look at them is done.
    private volatile @Nullable Whole whole;
    /// How often something came: who reads before it is shown waits for it.
    private final AtomicLong came = new AtomicLong(1);
    /// Whether something could not be read, and when that is tried again (the clock's nanoseconds).
    /// Guarded by the lock.
    private boolean lacking;
    private long again;
    private volatile long used = System.nanoTime();
    /// As told to the memory.
    private volatile long bytes;
    private volatile boolean over;

    /// What a look found.
    ///
    /// @param upTo how often something had come
    /// @param lacking whether something could not be read, to be tried again at `again`
    private record Whole(FaceRows rows, long upTo, boolean lacking, long again) {}

    Continuing(Opening opening, Parts parts) {
        this.opening = opening;
        this.parts = parts;
    }

    Opening opening() {
        return opening;
    }

    @Override
    public Instant since() {
        return opening.at();
    }

    /// Says that something came. Never waits.
    void came() {
        var _ = came.incrementAndGet();
    }

    /// Returns when it was last read (nanoTime).
    long used() {
        return used;
    }

    /// Returns about how much memory it takes.
    long bytes() {
        return bytes;
    }

    /// Lets go of what it has in memory, unless somebody looks at it now. It is made anew, with the same
    /// numbers, when it is read.
    void forget() {
        if (!lock.tryLock()) return;
        try {
            whole = null;
            rows = null;
            seen.clear();
            weigh(null);
        } finally {
            lock.unlock();
        }
    }

    /// Nobody reads it any more, but who does now.
    void end() {
        over = true;
        forget();
    }

    @Override
    public <T extends @Nullable Object> T read(Function<View, T> reading) {
        used = System.nanoTime();
        return reading.apply(view());
    }

    private View view() {
        Whole now = whole;
        if (now != null && upToDate(now)) return now.rows().view();
        if (!locked()) {
            FaceRows part = rows;
            if (part == null) throw new Fault.Unavailable("What waits is being looked through", facts());
            return part.named();
        }
        try {
            now = whole;
            if (now != null && upToDate(now)) return now.rows().view();
            FaceRows before = rows;
            if (before == null) before = begin();
            rows = before;
            weigh(before);
            long upTo = came.get();
            try {
                FaceRows all = look(before);
                whole = new Whole(all, upTo, lacking, again);
                return all.view();
            } catch (Fault.Unavailable | Fault.Exhausted e) {
                // What was shown is not shown in part; which folders there are is known all the same.
                return Objects.requireNonNullElse(rows, before).named();
            }
        } finally {
            lock.unlock();
            if (over) forget();
        }
    }

    private boolean upToDate(Whole now) {
        return now.upTo() == came.get() && !(now.lacking() && parts.clock().nanos() - now.again() >= 0);
    }

    private boolean locked() {
        try {
            return lock.tryLock(TIME.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", facts(), e);
        }
    }

    private Map<String, Object> facts() {
        return Map.of("account", opening.account());
    }

    private FaceRows begin() {
        Names.Known known = parts.names().known(opening.account());
        if (known == null) throw new Fault.Unavailable("Nobody has named the account's folders", facts());
        return FaceRows.of(
                known.folders(),
                known.received(),
                opening.uidValidity(),
                opening.base().value(),
                opening.at());
    }

    private void weigh(@Nullable FaceRows now) {
        long before = bytes;
        bytes = now == null ? 0 : now.bytes() + (long) SEEN_BYTES * seen.size();
        parts.memory().grew(this, bytes - before);
    }

    /// Adds what came, in the order of its UIDs.
    ///
    /// @throws Fault.Unavailable if that cannot be told, or something that was shown cannot be read
    private FaceRows look(FaceRows before) {
        List<Waiting.Item> fresh = parts.waiting().of(opening.account()).stream()
                .filter(item -> !seen.contains(item.arrival()))
                .toList();
        List<ArrivalId> arrivals = fresh.stream().map(Waiting.Item::arrival).toList();
        Map<ArrivalId, Uid> uids = parts.openings().numbers(opening, arrivals);
        FaceRows next = before;
        for (Waiting.Item item : numbered(fresh, uids)) {
            next = shown(next, item, uids.get(item.arrival()), read(item));
        }
        weigh(next);
        return fresh(next, fresh.stream().filter(item -> !uids.containsKey(item.arrival())).toList());
    }

    private static List<Waiting.Item> numbered(List<Waiting.Item> items, Map<ArrivalId, Uid> uids) {
        return items.stream()
                .filter(item -> uids.containsKey(item.arrival()))
                .sorted(Comparator.comparing(item -> uids.getOrDefault(item.arrival(), Uid.LAST)))
                .toList();
    }

    /// Adds those that nobody was shown yet: those that can be read get a number, as far as there is room.
    private FaceRows fresh(FaceRows before, List<Waiting.Item> items) {
        Deadline deadline = Deadline.in(TIME);
        FaceRows next = before;
        boolean left = false;
        for (int from = 0; from < items.size() && !(left && deadline.over()); from += Openings.SLICE) {
            if (next.bytes() > parts.memory().shareMax()) {
                left = true;
                break;
            }
            var readable = new ArrayList<Waiting.Item>();
            var looks = new ArrayList<@Nullable Look>();
            for (Waiting.Item item : items.subList(from, Math.min(items.size(), from + Openings.SLICE))) {
                if (left && deadline.over()) break;
                try {
                    @Nullable Look look = read(item);
                    if (look == null) {
                        seen.add(item.arrival());
                        continue;
                    }
                    looks.add(look);
                    readable.add(item);
                } catch (Fault.Unavailable | Fault.Exhausted e) {
                    left = true;
                }
            }
            Map<ArrivalId, Uid> uids =
                    parts.openings().number(opening, readable.stream().map(Waiting.Item::arrival).toList());
            for (int i = 0; i < readable.size(); i++) {
                Waiting.Item item = readable.get(i);
                next = shown(next, item, uids.get(item.arrival()), looks.get(i));
            }
            weigh(next);
        }
        again = parts.clock().nanos() + AGAIN.toNanos();
        lacking = left;
        return next;
    }

    /// What is to be shown of a message.
    private record Look(Sha256 blob, Summary summary) {}

    /// Reads a message, where the queue reads, and looks it through; null for one that is damaged.
    ///
    /// @throws Fault.Unavailable if that cannot be done now
    private @Nullable Look read(Waiting.Item item) {
        try {
            Waiting.Message message = parts.waiting().message(item.arrival());
            byte[] content = message.content();
            Summary summary = content.length > INLINE_BYTES
                    ? parts.cpu().call(TIME, () -> Summary.of(content))
                    : Summary.of(content);
            return new Look(message.blob(), summary);
        } catch (Fault.Corrupt e) {
            // Told as lost by who files it.
            Log.event(Event.CONTINUATION_DAMAGED, "account", opening.account(), "arrival", item.arrival());
            return null;
        }
    }

    private FaceRows shown(FaceRows before, Waiting.Item item, @Nullable Uid uid, @Nullable Look look) {
        if (uid == null) throw new IllegalStateException("continuation: a message without a number");
        seen.add(item.arrival());
        if (look == null) return before;
        FaceRows next = before.with(
                new FaceRows.Arrived(item.arrival(), uid, look.blob(), item.received(), look.summary()));
        rows = next;
        return next;
    }

    @Override
    public Body body(Email email) {
        try {
            Waiting.Message known = parts.memory().recent().get(email.id());
            return body(email, known == null ? parts.waiting().message(email.id()) : known);
        } catch (Fault e) {
            return new Body.Unavailable(e);
        }
    }

    @Override
    public Body body(Email email, int from, int until) {
        try {
            Recent recent = parts.memory().recent();
            Waiting.Message message = recent.get(email.id());
            if (message == null) {
                message = parts.waiting().message(email.id());
                recent.put(email.id(), message);
            }
            return switch (body(email, message)) {
                case Body.Unavailable away -> away;
                case Body.Present(byte[] bytes) -> {
                    int end = Math.min(until, bytes.length);
                    yield new Body.Present(Arrays.copyOfRange(bytes, Math.min(from, end), end));
                }
            };
        } catch (Fault e) {
            return new Body.Unavailable(e);
        }
    }

    private Body body(Email email, Waiting.Message message) {
        if (message.blob().equals(email.blob())) return new Body.Present(message.content());
        return new Body.Unavailable(new Fault.Corrupt("Not the bytes that were kept", facts()));
    }
}
