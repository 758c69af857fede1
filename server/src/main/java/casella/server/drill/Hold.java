package casella.server.drill;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls that hang until they are let go: readers wait until their own deadlines, writes stay where they are in their order
/// and are done when the hold ends, however late, as a hung disk does them.
///
/// At most [#CALLS_MAX] calls and [#BYTES_MAX] bytes of writes are held; one more is refused at once.
final class Hold {
    static final int CALLS_MAX = 10_000;
    static final long BYTES_MAX = 64L << 20;

    private final Cohort cohort;
    private final Deadline until;
    private final Set<Call> calls = new HashSet<>();
    private final Queue<Write> writes = new ArrayDeque<>();
    private long bytes;
    private boolean over;

    /// @param until no reader is held longer, whoever forgets to let it go
    Hold(Cohort cohort, Deadline until) {
        this.cohort = cohort;
        this.until = until;
    }

    /// @param whose null for nobody's
    private record Call(@Nullable AccountId whose, Ticket<Boolean> ticket, Deadline deadline, long since) {}

    private record Write(Ticket<Engine.Outcome> outer, Supplier<Ticket<Engine.Outcome>> inner, long since) {
        void go() {
            inner.get().whenAnswered((outcome, failure) -> {
                if (failure != null) outer.fail(failure);
                else if (outcome != null) outer.complete(outcome);
            });
        }
    }

    boolean covers(AccountId account) {
        return cohort.includes(account);
    }

    /// Says whether calls that are of no account hang too.
    boolean coversAll() {
        return cohort instanceof Cohort.All;
    }

    /// Waits until the hold is over and returns what is left of `time` then.
    ///
    /// @throws Fault.Unavailable if `time` passes first, or the wait is given up
    Duration pass(String work, Duration time) {
        return pass(null, work, time);
    }

    /// As above, for one account's call.
    Duration pass(@Nullable AccountId whose, String work, Duration time) {
        var call = new Call(whose, new Ticket<>(work), Deadline.in(time), System.nanoTime());
        synchronized (this) {
            if (over) return time;
            if (calls.size() >= CALLS_MAX) throw tooMany(work);
            calls.add(call);
        }
        boolean his = call.deadline().atNanos() - until.atNanos() < 0;
        try {
            var _ = call.ticket().await(his ? call.deadline() : until);
        } catch (Fault.Unavailable e) {
            if (his || call.ticket().answered()) throw e;
        } finally {
            synchronized (this) {
                calls.remove(call);
            }
        }
        return Duration.ofNanos(call.deadline().remainingNanos());
    }

    private static Fault.Unavailable tooMany(String work) {
        return new Fault.Unavailable("Too many calls waiting", Map.of("work", work));
    }

    /// Keeps a write back; it is handed over when the hold ends, after those that were kept before.
    synchronized Ticket<Engine.Outcome> write(String work, long size,
            Supplier<Ticket<Engine.Outcome>> inner) {
        if (over) return inner.get();
        if (writes.size() >= CALLS_MAX || bytes + size > BYTES_MAX) return Ticket.failed(work, tooMany(work));
        var write = new Write(new Ticket<>(work), inner, System.nanoTime());
        writes.add(write);
        bytes += size;
        return write.outer();
    }

    /// Returns for how long the oldest call has waited for which somebody still waits.
    synchronized Duration oldest() {
        long now = System.nanoTime();
        long age = 0;
        for (Call call : calls) {
            if (!call.ticket().answered() && !call.deadline().over()) age = Math.max(age, now - call.since());
        }
        for (Write write : writes) {
            if (!write.outer().answered()) age = Math.max(age, now - write.since());
        }
        return Duration.ofNanos(age);
    }

    /// Answers whoever waits as if his deadline had passed. What was handed over stays, and is done late.
    synchronized void giveUp() {
        for (Call call : calls) call.ticket().fail(gone());
        for (Write write : writes) write.outer().fail(gone());
    }

    /// As [#giveUp()], for readers of one account alone.
    synchronized void giveUp(AccountId account) {
        for (Call call : calls) if (account.equals(call.whose())) call.ticket().fail(gone());
    }

    private static Fault.Unavailable gone() {
        return new Fault.Unavailable("Not answering, given up", Map.of("work", "engine"));
    }

    /// Ends the hold: writes go first, in their order.
    synchronized void release() {
        over = true;
        for (Write write : writes) write.go();
        writes.clear();
        bytes = 0;
        for (Call call : calls) call.ticket().complete(true);
    }
}
