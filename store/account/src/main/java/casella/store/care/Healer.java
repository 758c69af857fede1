package casella.store.care;

import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Newcomer;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Pays debt: reads a good copy, puts it into the vault that lacks it, reads it back, and only then strikes it out.
///
/// Wrong bytes are never copied: what no vault has right is named as lost and stays owed. A vault that is not well is left
/// alone; one that fails is tried again after a time that doubles. [#round] is for one thread.
public final class Healer {
    private static final int PAGE = 256;
    private static final int PARALLEL = 4;
    private static final int LOST_MAX = 100_000;
    /// Objects above this, and those of unknown length, are in memory one at a time.
    private static final long LARGE_BYTES = 1 << 20;

    /// Whoever writes an object has done so, or given it up, by then.
    private static final Duration WRITTEN_BY = Duration.ofMinutes(1);
    private static final Duration BACK_OFF_MIN = Duration.ofSeconds(1);
    private static final Duration BACK_OFF_MAX = Duration.ofMinutes(5);

    /// Says whether an object that no vault has is still named by its account.
    public interface Live {
        /// @throws Fault.Unavailable if that cannot be said now
        boolean live(ObjectName name);

        /// Says whether no copy of it is to be made: it is condemned.
        default boolean condemned(ObjectName name) {
            return false;
        }
    }

    private enum End {
        PAID,
        /// No vault has it right.
        LOST,
        /// Something did not answer, or did not take it: later.
        NOT_NOW
    }

    /// How far the healing of one vault is.
    private static final class Turn {
        @Nullable ObjectName after;
        boolean paidInCycle;
        long notBefore = Long.MIN_VALUE;
        Duration backOff = BACK_OFF_MIN;
    }

    private final Copies copies;
    private final Debt debt;
    private final Live live;
    private final Clock clock;
    private final Metrics metrics;
    private final Map<String, Turn> turns = new HashMap<>();
    private final Set<ObjectName> lost = ConcurrentHashMap.newKeySet();
    private final AtomicLong paid = new AtomicLong();
    private final ReentrantLock large = new ReentrantLock();

    public Healer(Copies copies, Live live, Clock clock, Metrics metrics) {
        this.copies = copies;
        this.debt = copies.debt();
        this.live = live;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(Metric.DEBT_LOST, () -> lost().size());
    }

    /// Returns how many debts were paid since the start.
    public long paid() {
        return paid.get();
    }

    /// Returns objects of which no vault had a good copy when last tried, and that are owed still: one may be put again.
    public List<ObjectName> lost() {
        lost.removeIf(name -> copies.homes().stream().noneMatch(home ->
                debt.owes(name, home.name(), Debt.Kind.COPY)));
        return List.copyOf(lost);
    }

    /// What a round did.
    ///
    /// @param paid copies made or found, removals made
    /// @param bytes read and written for it
    /// @param more whether there is more that can be tried at once
    public record Round(int paid, long bytes, boolean more) {}

    /// Tries a page of what each healthy vault owes.
    public Round round() {
        var sum = new Round(0, 0, false);
        for (Shelf shelf : copies.homes()) {
            Turn turn = turns.computeIfAbsent(shelf.name(), _ -> new Turn());
            if (!shelf.breaker().closed() || clock.nanos() < turn.notBefore) continue;
            Round one = round(shelf, turn);
            sum = new Round(sum.paid() + one.paid(), sum.bytes() + one.bytes(), sum.more() || one.more());
        }
        // A newcomer owes no copies.
        Newcomer newcomer = copies.newcomer();
        if (newcomer != null && newcomer.shelf().breaker().closed()) {
            int removed = removals(newcomer.shelf());
            sum = new Round(sum.paid() + removed, sum.bytes(), sum.more() || removed == PAGE);
        }
        return sum;
    }

    private Round round(Shelf shelf, Turn turn) {
        int removed = removals(shelf);
        List<Debt.Hint> page = debt.page(shelf.name(), Debt.Kind.COPY, turn.after, PAGE);
        var bytes = new AtomicLong();
        int healed = heal(shelf, page, bytes);
        if (healed > 0) turn.paidInCycle = true;
        boolean ended = page.size() < PAGE;
        turn.after = ended ? null : page.getLast().name();
        if (ended && debt.figures(shelf.name()).objects() > 0) {
            if (turn.paidInCycle) turn.backOff = BACK_OFF_MIN;
            turn.notBefore = clock.nanos() + turn.backOff.toNanos();
            Duration doubled = turn.backOff.multipliedBy(2);
            turn.backOff = doubled.compareTo(BACK_OFF_MAX) > 0 ? BACK_OFF_MAX : doubled;
        }
        if (ended) turn.paidInCycle = false;
        return new Round(healed + removed, bytes.get(), !ended);
    }

    private int removals(Shelf shelf) {
        try {
            return replay(shelf, PAGE);
        } catch (Fault e) {
            shelf.breaker().failed("Removals failed");
            Log.event(Event.VAULT_DELETE_FAILED, "vault", shelf.name(), "object", "several", "why", e);
            return 0;
        }
    }

    /// Removes from a vault everything that ended while it was away.
    ///
    /// @throws Fault.Unavailable if it does not answer: it is not well yet
    public void replay(Shelf shelf) {
        while (replay(shelf, PAGE) > 0) {
            // Pages, so that the vault's queue is not filled.
        }
    }

    private int replay(Shelf shelf, int limit) {
        List<Debt.Hint> page = debt.page(shelf.name(), Debt.Kind.REMOVAL, null, limit);
        Deadline deadline = Deadline.in(copies.policy().write());
        var tickets = new ArrayList<@Nullable Ticket<Void>>(page.size());
        for (Debt.Hint hint : page) {
            // A page may be wanted again since the list was made.
            tickets.add(debt.<@Nullable Ticket<Void>>inTurn(hint.name(), () ->
                    debt.owes(hint.name(), shelf.name(), Debt.Kind.REMOVAL)
                            ? shelf.vault().delete(hint.name()) : null));
        }
        for (int i = 0; i < page.size(); i++) {
            @Nullable Ticket<Void> ticket = tickets.get(i);
            if (ticket == null) continue;
            ticket.await(deadline);
            debt.removed(page.get(i).name(), shelf.name());
        }
        return page.size();
    }

    private int heal(Shelf shelf, List<Debt.Hint> page, AtomicLong bytes) {
        var waiting = new ConcurrentLinkedQueue<>(page);
        var count = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(PARALLEL, page.size()); i++) {
            threads.add(Thread.ofVirtual().name("heal-" + shelf.name() + "-" + i).start(() -> {
                for (Debt.Hint hint; shelf.breaker().closed() && (hint = waiting.poll()) != null; ) {
                    if (tried(shelf, hint, bytes) == End.PAID) count.incrementAndGet();
                }
            }));
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count.intValue();
    }

    private End tried(Shelf shelf, Debt.Hint hint, AtomicLong bytes) {
        try {
            End end = held(shelf, hint, bytes);
            if (end == End.LOST) end = none(shelf, hint);
            metrics.add(Metric.DEBT_HEALED, 1, shelf.name(), word(end));
            return end;
        } catch (Fault e) {
            metrics.add(Metric.DEBT_HEALED, 1, shelf.name(), "failed");
            Log.event(Event.COPY_NOT_HEALED, "vault", shelf.name(), "object", hint.name(), "why", e);
            return End.NOT_NOW;
        }
    }

    private End held(Shelf shelf, Debt.Hint hint, AtomicLong bytes) {
        boolean alone = hint.bytes() == 0 || hint.bytes() > LARGE_BYTES;
        if (!alone) return heal(shelf, hint.name(), bytes);
        large.lock();
        try {
            return heal(shelf, hint.name(), bytes);
        } finally {
            large.unlock();
        }
    }

    private static String word(End end) {
        return switch (end) {
            case PAID -> "paid";
            case LOST -> "lost";
            case NOT_NOW -> "failed";
        };
    }

    private End heal(Shelf shelf, ObjectName name, AtomicLong bytes) {
        if (live.condemned(name)) {
            debt.ended(name);
            return End.PAID;
        }
        // It may have come after all: a slow write, a vault that gave wrong bytes once.
        if (good(shelf, name) == null) {
            byte @Nullable [] object = null;
            boolean allAnswered = true;
            for (Shelf other : copies.shelves()) {
                if (object != null || other == shelf) continue;
                if (other.breaker().closed()) object = good(other, name);
                else allAnswered = false;
            }
            if (object == null) return allAnswered ? End.LOST : End.NOT_NOW;
            shelf.vault().put(name, object).await(Deadline.in(copies.policy().write()));
            byte @Nullable [] back = shelf.vault().get(name, 0, Integer.MAX_VALUE, copies.policy().read());
            if (back == null || !Arrays.equals(back, object)) {
                throw new Fault.Corrupt("A copy just made came back as other bytes", Map.of("object", name));
            }
            bytes.addAndGet(3L * object.length);
            Log.event(Event.COPY_HEALED, "vault", shelf.name(), "object", name);
        }
        // Whoever wants a page again comes before all of this or after it.
        debt.inTurn(name, () -> {
            if (debt.hasEnded(name)) debt.removalOwed(name, shelf.name());
            debt.paid(name, shelf.name());
            return name;
        });
        lost.remove(name);
        paid.incrementAndGet();
        return End.PAID;
    }

    /// Nobody has it. What its account does not name any more is nobody's debt; one that is just being written is not named
    /// yet, and in no vault.
    private End none(Shelf shelf, Debt.Hint hint) {
        ObjectName name = hint.name();
        boolean fresh = clock.now().getEpochSecond() - hint.since() < WRITTEN_BY.toSeconds();
        if (fresh && name.kind() != ObjectName.Kind.MAIL) return End.NOT_NOW;
        if (!live.live(name)) {
            if (fresh) return End.NOT_NOW;
            debt.paid(name, shelf.name());
            lost.remove(name);
            return End.PAID;
        }
        if (lost.size() < LOST_MAX && lost.add(name)) Log.event(Event.COPY_LOST, "object", name);
        return End.LOST;
    }

    /// Returns the stored object if the vault has it right, null if it has it wrong or not.
    ///
    /// @throws Fault.Unavailable if that cannot be said now
    private byte @Nullable [] good(Shelf shelf, ObjectName name) {
        try {
            byte @Nullable [] object = shelf.vault().get(name, 0, Integer.MAX_VALUE, copies.policy().read());
            if (object == null) return null;
            var _ = StoredObject.read(name, object);
            return object;
        } catch (Fault.Corrupt e) {
            return null;
        }
    }
}
