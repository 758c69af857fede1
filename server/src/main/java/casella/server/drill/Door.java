package casella.server.drill;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A door in front of a part: shut, calls of a cohort are refused, answered late, or told that there is no room. Nothing of
/// the part itself is touched. Decision 0123.
///
/// Calls of nobody (probes, listings) meet what is shut for all. Open, it costs a call one volatile field.
final class Door {
    /// What whoever comes to a shut door meets.
    enum Trouble {
        /// Every call is refused at once, as where nobody listens any more.
        GONE,
        /// What needs room is refused; reads and removals go on.
        FULL,
        /// Every answer comes [#LATE] later.
        SLOW
    }

    /// Later than any second vault is asked, sooner than any call or probe is given up.
    static final Duration LATE = Duration.ofMillis(700);
    /// Answers held back at the same time; one more comes at once.
    static final int LATE_MAX = 10_000;

    private final String part;
    private final AtomicInteger late = new AtomicInteger();
    private volatile @Nullable Shut shut;

    /// @param part `engine`: names it in what is answered
    Door(String part) {
        this.part = part;
    }

    private record Shut(Trouble trouble, Cohort cohort, Deadline until, CountDownLatch opened) {
        boolean meets(@Nullable AccountId account) {
            if (until.over()) return false;
            return account == null ? cohort instanceof Cohort.All : cohort.includes(account);
        }
    }

    /// Shuts it from now on.
    ///
    /// @param until it is open again then, also if [#open] never comes
    synchronized void shut(Trouble trouble, Cohort cohort, Deadline until) {
        open();
        shut = new Shut(trouble, cohort, until, new CountDownLatch(1));
    }

    /// Opens it; late answers come now. Harmless when it is open.
    synchronized void open() {
        Shut before = shut;
        shut = null;
        if (before != null) before.opened().countDown();
    }

    /// Says whether a call of this account meets anything now.
    boolean meets(AccountId account) {
        return met(account) != null;
    }

    private @Nullable Shut met(@Nullable AccountId account) {
        Shut now = shut;
        return now != null && now.meets(account) ? now : null;
    }

    /// Lets a call in that needs no room, and returns what is left of its time.
    ///
    /// @param account null for a call of nobody
    /// @throws Fault.Unavailable if the part is gone, or its answer would come after `time`
    Duration pass(@Nullable AccountId account, Duration time) {
        Shut met = met(account);
        if (met == null) return time;
        return switch (met.trouble()) {
            case GONE -> throw gone();
            case FULL -> time;
            case SLOW -> {
                Duration wait = LATE.compareTo(time) < 0 ? LATE : time;
                if (!held(met, wait)) yield time;
                if (LATE.compareTo(time) >= 0) throw gone();
                yield time.minus(LATE);
            }
        };
    }

    /// Lets a probe in, which writes.
    ///
    /// @throws Fault.Unavailable as [#pass]
    /// @throws Fault.Exhausted if there is no room
    Duration probe(Duration time) {
        Shut met = met(null);
        if (met != null && met.trouble() == Trouble.FULL) throw full();
        return pass(null, time);
    }

    /// Hands over a write that needs room.
    <T extends @Nullable Object> Ticket<T> write(AccountId account, Supplier<Ticket<T>> inner) {
        Shut met = met(account);
        if (met != null && met.trouble() == Trouble.FULL) return Ticket.failed(part, full());
        return removal(account, inner);
    }

    /// Hands over a write that needs no room.
    <T extends @Nullable Object> Ticket<T> removal(AccountId account, Supplier<Ticket<T>> inner) {
        Shut met = met(account);
        if (met == null) return inner.get();
        return switch (met.trouble()) {
            case GONE -> Ticket.failed(part, gone());
            case FULL -> inner.get();
            case SLOW -> later(met, inner.get());
        };
    }

    private <T extends @Nullable Object> Ticket<T> later(Shut met, Ticket<T> inner) {
        var outer = new Ticket<T>(part);
        inner.whenAnswered((value, failure) -> Thread.ofVirtual().name("drill.late").start(() -> {
            var _ = held(met, LATE);
            if (failure != null) outer.fail(failure);
            else answer(outer, value);
        }));
        return outer;
    }

    @SuppressWarnings("NullAway") // null where T allows it: it is what the inner ticket was answered with
    private static <T extends @Nullable Object> void answer(Ticket<T> ticket, @Nullable T value) {
        ticket.complete(value);
    }

    /// Waits, until it is opened at most; returns whether it waited at all.
    private boolean held(Shut met, Duration time) {
        if (late.incrementAndGet() > LATE_MAX) {
            late.decrementAndGet();
            return false;
        }
        try {
            long most = Math.min(time.toNanos(), met.until().remainingNanos());
            return !met.opened().await(most, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            late.decrementAndGet();
        }
    }

    private Fault.Unavailable gone() {
        return new Fault.Unavailable("Away for a drill", Map.of("part", part));
    }

    private Fault.Exhausted full() {
        return new Fault.Exhausted("Disk full for a drill", Map.of("part", part));
    }
}
