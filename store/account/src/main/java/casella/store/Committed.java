package casella.store;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One account's changes, one after another: planned on a snapshot, written to engine and journal together, answered
/// when both have them.
///
/// An error or a missed deadline means "outcome unknown". The change is then kept and settled, that is written again to
/// whichever of the two lacks it, before the next change is planned: once handed over it may be in either, and what is
/// in one is part of the account's history.
final class Committed {
    /// Decides what to do on the account as the draft shows it, and adds operations to it.
    interface Plan<R extends @Nullable Object> {
        R plan(View view, Draft draft);
    }

    private static final int ATTEMPTS_MAX = 3;

    private final AccountId id;
    private final Accounts.Parts parts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Gap gap = new Gap();
    private @Nullable Unsettled unsettled;
    /// The newest change answered since this was made.
    private volatile Modseq answered = Modseq.NONE;

    /// A change whose outcome is not known. A null ticket was never handed over.
    private static final class Unsettled {
        private final Draft.Sealed change;
        private final @Nullable Ticket<Void> journal;
        /// Whether it is known to be history.
        private volatile boolean kept;

        Unsettled(Draft.Sealed change, @Nullable Ticket<Void> journal) {
            this.change = change;
            this.journal = journal;
        }

        Draft.Sealed change() {
            return change;
        }

        @Nullable Ticket<Void> journal() {
            return journal;
        }
    }

    /// A change was handed over, and nobody said what became of it.
    static final class OfUnknownOutcome extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Unsettled open;
        private final Fault why;
        private transient @Nullable Result<?> result;

        private OfUnknownOutcome(Unsettled open, Fault why) {
            super(why.getMessage(), why, false, false);
            this.open = open;
            this.why = why;
        }

        Fault why() {
            return why;
        }
    }

    /// What a plan came to, and the change it made, null when it changed nothing.
    record Result<R extends @Nullable Object>(R value, @Nullable Modseq modseq, List<Operation> operations) {}

    private record Planned<R extends @Nullable Object>(R value, Draft.@Nullable Sealed change) {}

    Committed(AccountId id, Accounts.Parts parts) {
        this.id = id;
        this.parts = parts;
    }

    /// Plans and commits one change.
    ///
    /// @throws OfUnknownOutcome if engine or journal do not answer in time, or one says that it is damaged
    /// @throws Fault.Unavailable if nothing was handed over
    <R extends @Nullable Object> Result<R> change(Plan<R> plan) {
        try {
            return changeWithin(plan);
        } catch (BeyondGap e) {
            // The lock is free meanwhile: what takes no numbers goes on.
            gap.held(parts.journal().press(id).await(Deadline.in(parts.times().change())));
        }
        try {
            return changeWithin(plan);
        } catch (BeyondGap e) {
            parts.metrics().add(Metric.STORE_CHANGES, 1, "refused");
            throw new Fault.Unavailable(
                    "No vault takes the journal; no more numbers are given out", Map.of("account", id));
        }
    }

    private <R extends @Nullable Object> Result<R> changeWithin(Plan<R> plan) {
        Duration time = parts.times().change();
        long start = System.nanoTime();
        lock(time);
        try {
            settle(Deadline.in(time));
            for (int attempt = 1; ; attempt++) {
                Planned<R> planned = planned(plan, time);
                Draft.Sealed change = planned.change();
                if (change == null) return new Result<>(planned.value(), null, List.of());
                var result = new Result<>(planned.value(), change.modseq(), change.operations());
                if (written(change, result, Deadline.in(time))) {
                    parts.metrics().add(Metric.STORE_CHANGES, 1, "ok");
                    parts.metrics().time(Metric.STORE_CHANGE_SECONDS,
                            Duration.ofNanos(System.nanoTime() - start));
                    return result;
                }
                // Somebody else changed the account since the snapshot: plan again on what is there now.
                if (attempt == ATTEMPTS_MAX) {
                    throw new Fault.Unavailable("Account changed by another writer", Map.of("account", id));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean written(Draft.Sealed change, Result<?> result, Deadline deadline) {
        try {
            return write(change, deadline);
        } catch (OfUnknownOutcome e) {
            e.result = result;
            throw e;
        }
    }

    /// Returns what a change came to whose outcome was not known, now that it is history.
    ///
    /// @param plan whose change it is
    /// @throws Fault if it cannot be made so now
    @SuppressWarnings({"unchecked", "UnusedVariable"}) // the plan says of which type the result is
    <R extends @Nullable Object> Result<R> settled(OfUnknownOutcome unknown, Plan<R> plan) {
        Duration time = parts.times().change();
        if (!unknown.open.kept) {
            lock(time);
            try {
                settle(Deadline.in(time));
            } finally {
                lock.unlock();
            }
        }
        Result<?> result = unknown.result;
        if (!unknown.open.kept || result == null) throw unknown.why();
        return (Result<R>) result;
    }

    private void lock(Duration time) {
        try {
            if (!lock.tryLock(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Fault.Unavailable("Account busy past the deadline", Map.of("account", id));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", Map.of("account", id), e);
        }
    }

    /// Runs `work` while changes wait, with none of unknown outcome left.
    <T> T frozen(Duration time, Accounts.Settling settling, Function<Modseq, T> work) {
        lock(time);
        try {
            if (settling == Accounts.Settling.BOTH) {
                settle(Deadline.in(time));
                return work.apply(answered);
            }
            settleByJournal(Deadline.in(time));
            T done = work.apply(answered);
            // If that failed, the engine that goes on must get it, too.
            unsettled = null;
            return done;
        } finally {
            lock.unlock();
        }
    }

    /// Settles a change of unknown outcome without the engine: it is history once the journal has it. The engine may have
    /// it, and shown it to somebody, so it cannot be left out.
    private void settleByJournal(Deadline deadline) {
        Unsettled open = unsettled;
        if (open == null) return;
        Draft.Sealed change = open.change();
        Ticket<Void> journal = open.journal();
        boolean there = journal != null && (succeeded(journal) || journalled(journal, change, deadline));
        if (!there) parts.journal().append(id, change.modseq(), change.entry()).await(deadline);
        open.kept = true;
        answered = change.modseq();
        Log.event(Event.STORE_CHANGE_SETTLED, "account", id, "modseq", change.modseq());
    }

    /// @throws Fault.Unavailable if the journal does not say
    private boolean journalled(Ticket<Void> ticket, Draft.Sealed change, Deadline deadline) {
        try {
            ticket.await(deadline);
            return true;
        } catch (Fault e) {
            if (!ticket.answered()) throw e;
        }
        Duration left = Duration.ofNanos(deadline.remainingNanos());
        List<byte[]> there = parts.journal().entries(id, change.modseq(), 1, left);
        return !there.isEmpty() && Entry.decode(there.getFirst()).hash().equals(change.hash());
    }

    /// Commits the first change of an account that has none, and returns what it is made of: nothing when it has one.
    List<Operation> found(HeadRow first, Plan<Boolean> plan) {
        lock.lock();
        try {
            settle(Deadline.in(parts.times().change()));
            Optional<Draft.Sealed> change =
                    parts.engine()
                            .read(
                                    id,
                                    parts.times().read(),
                                    rows -> {
                                        boolean known = rows.get(new Key.Head()) != null;
                                        return Optional.ofNullable(
                                                known ? null : planned(plan, rows, first).change());
                                    });
            boolean written = change.isPresent() && write(change.get(), Deadline.in(parts.times().change()));
            return written ? change.get().operations() : List.of();
        } catch (OfUnknownOutcome e) {
            throw e.why();
        } finally {
            lock.unlock();
        }
    }

    /// The change would take numbers that a hole might give out again.
    private static final class BeyondGap extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BeyondGap() {
            super("beyond the gap", null, false, false);
        }
    }

    /// The view itself cannot be read or told: it is to be made anew.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(Fault.Corrupt why) {
            super(why.getMessage(), why, false, false);
        }

        Fault.Corrupt why() {
            if (getCause() instanceof Fault.Corrupt why) return why;
            throw new IllegalStateException("a broken view has its reason", this);
        }
    }

    private <R extends @Nullable Object> Planned<R> planned(Plan<R> plan, Duration time) {
        try {
            return parts.engine().read(id, time, rows -> planned(plan, rows, upTo(answered, head(rows))));
        } catch (Fault.Corrupt e) {
            throw new Broken(e);
        }
    }

    private <R extends @Nullable Object> Planned<R> planned(Plan<R> plan, Rows rows, HeadRow head) {
        var draft = new Draft(rows, head, parts.clock());
        R value = plan.plan(draft.view(), draft);
        if (!gap.allows(rows, head, draft.operations())) throw new BeyondGap();
        return new Planned<>(value, draft.isEmpty() ? null : draft.seal());
    }

    private HeadRow head(Rows rows) {
        byte[] head = rows.get(new Key.Head());
        if (head == null) throw Accounts.noView(id);
        return HeadRow.of(head);
    }

    /// Returns the newest change that was answered since the account was opened here.
    Modseq answered() {
        return answered;
    }

    /// The view lacks a change that was answered: it was made anew while that was on its way.
    static final class Behind extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Behind() {
            super("behind", null, false, false);
        }
    }

    /// @throws Behind if a view with that head lacks `answered`
    static HeadRow upTo(Modseq answered, HeadRow head) {
        if (answered.value() > head.version()) throw new Behind();
        return head;
    }

    /// Returns whether the change is written; false when the engine refused it and nothing happened.
    private boolean write(Draft.Sealed change, Deadline deadline) {
        if (!parts.engine().keeps(id)) return writeJournalFirst(change, deadline);
        Ticket<Engine.Outcome> engine = parts.engine().write(id, change.batch());
        Ticket<Void> journal = parts.journal().append(id, change.modseq(), change.entry());
        try {
            switch (engine.await(deadline)) {
                case Engine.Outcome.Written() -> {}
                case Engine.Outcome.Refused(long version, long epoch) -> {
                    Log.event(Event.STORE_CHANGE_REFUSED, "account", id, "version", version, "epoch", epoch);
                    return false;
                }
            }
            journal.await(deadline);
            answered = change.modseq();
            return true;
        } catch (Fault e) {
            throw unknown(change, journal, e);
        }
    }

    /// Writes a change of an account whose view is made of its journal: the view shows nothing that the journal may
    /// not have (I5), and what the view refuses never gets into the journal.
    private boolean writeJournalFirst(Draft.Sealed change, Deadline deadline) {
        switch (parts.engine().admits(id, change.batch())) {
            case Engine.Outcome.Written() -> {}
            case Engine.Outcome.Refused(long version, long epoch) -> {
                Log.event(Event.STORE_CHANGE_REFUSED, "account", id, "version", version, "epoch", epoch);
                return false;
            }
        }
        Ticket<Void> journal = parts.journal().append(id, change.modseq(), change.entry());
        try {
            journal.await(deadline);
            show(change, deadline);
            answered = change.modseq();
            return true;
        } catch (Fault e) {
            throw unknown(change, journal, e);
        }
    }

    /// Also of a fault that says that something is damaged: one of the two may have the change, and the other not.
    private OfUnknownOutcome unknown(Draft.Sealed change, Ticket<Void> journal, Fault why) {
        var open = new Unsettled(change, journal);
        unsettled = open;
        parts.metrics().add(Metric.STORE_CHANGES, 1, "unknown");
        Log.event(Event.STORE_CHANGE_UNKNOWN, "account", id, "modseq", change.modseq(), "why", why);
        return new OfUnknownOutcome(open, why);
    }

    /// Writes a change of unknown outcome again, where it is missing.
    private void settle(Deadline deadline) {
        Unsettled open = unsettled;
        if (open == null) return;
        Draft.Sealed change = open.change();
        boolean kept = parts.engine().keeps(id);
        if (kept) show(change, deadline);
        Ticket<Void> journal = open.journal();
        if (journal == null || !succeeded(journal)) {
            parts.journal().append(id, change.modseq(), change.entry()).await(deadline);
        }
        if (!kept) show(change, deadline);
        open.kept = true;
        unsettled = null;
        answered = change.modseq();
        Log.event(Event.STORE_CHANGE_SETTLED, "account", id, "modseq", change.modseq());
    }

    /// Has the engine show a change, if it does not yet.
    private void show(Draft.Sealed change, Deadline deadline) {
        if (inEngine(change, deadline)) return;
        Engine.Outcome outcome = parts.engine().write(id, change.batch()).await(deadline);
        if (outcome instanceof Engine.Outcome.Refused && !inEngine(change, deadline)) {
            throw new Fault.Corrupt("Account went on without a change of unknown outcome",
                    Map.of("account", id));
        }
    }

    private boolean inEngine(Draft.Sealed change, Deadline deadline) {
        HeadRow head = parts.engine().read(id, Duration.ofNanos(deadline.remainingNanos()), this::head);
        if (head.version() < change.modseq().value()) return false;
        Sha256 hash = head.hash();
        if (head.version() == change.modseq().value() && hash.equals(change.hash())) return true;
        throw new Fault.Corrupt("Engine and journal differ",
                Map.of("account", id, "modseq", change.modseq()));
    }

    private static boolean succeeded(Ticket<Void> ticket) {
        if (!ticket.answered()) return false;
        try {
            ticket.await(Deadline.in(Duration.ofMillis(1)));
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    boolean settled() {
        return unsettled == null;
    }
}
