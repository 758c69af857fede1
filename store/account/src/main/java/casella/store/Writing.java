package casella.store;

import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An object on its way to every vault that should have it. A vault whose breaker is open gets nothing: that is debt at
/// once.
final class Writing {
    private final List<Shelf> homes;
    private final Copies.Policy policy;
    private final Debt debt;
    private final Metrics metrics;
    private final ObjectName name;
    private final int length;
    private final long start = System.nanoTime();
    /// One for each home; null for one that gets nothing now.
    private final List<@Nullable Ticket<Void>> tickets;
    private final Deadline deadline;

    /// Hands the object over.
    Writing(List<Shelf> homes, Copies.Policy policy, Debt debt, Metrics metrics, ObjectName name,
            byte[] object) {
        this.homes = homes;
        this.policy = policy;
        this.debt = debt;
        this.metrics = metrics;
        this.name = name;
        this.length = object.length;
        this.tickets = new ArrayList<>(homes.size());
        for (Shelf shelf : homes) tickets.add(handed(shelf, name, object));
        this.deadline = Deadline.in(policy.write());
    }

    private static @Nullable Ticket<Void> handed(Shelf shelf, ObjectName name, byte[] object) {
        if (!shelf.breaker().closed()) return null;
        try {
            return shelf.vault().put(name, object);
        } catch (RuntimeException e) {
            return Ticket.failed("vault.put", e);
        }
    }

    /// Returns the write in one home; null if it gets nothing now.
    @Nullable Ticket<Void> into(Shelf home) {
        int at = homes.indexOf(home);
        return at < 0 ? null : tickets.get(at);
    }

    /// Returns when the policy is satisfied.
    ///
    /// @return how many vaults owe a copy
    /// @throws Fault.Unavailable if too few vaults took it
    /// @throws Fault.Exhausted if too few took it because there is no room
    int await() {
        if (policy.ack() < homes.size()) awaitSome();
        int trusted = 0;
        int owed = 0;
        @Nullable Fault last = null;
        for (int i = 0; i < tickets.size(); i++) {
            Shelf shelf = homes.get(i);
            @Nullable Ticket<Void> ticket = tickets.get(i);
            if (ticket == null || (trusted >= policy.ack() && !ticket.answered())) {
                owed++;
                owes(shelf, ticket);
                continue;
            }
            try {
                ticket.await(deadline);
                metrics.add(Metric.VAULT_PUTS, 1, shelf.name(), "ok");
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                metrics.time(Metric.VAULT_PUT_SECONDS, took, shelf.name());
                if (name.kind() == ObjectName.Kind.SEGMENT) debt.segments().took(shelf.name(), name);
                if (shelf.breaker().trusted()) trusted++;
                shelf.breaker().succeeded();
            } catch (Fault fault) {
                last = fault;
                owed++;
                failed(shelf, ticket, fault);
            }
        }
        // A vault that has just failed is not enough alone; where all have it, none is (docs/decisions/0006).
        if (trusted >= policy.ackMin() || (owed == 0 && homes.size() > policy.ackMin())) return owed;
        // A mail that was not accepted is nobody's. A journal's object counts where a vault has it:
        // whoever makes the view anew reads it there, and the others owe it.
        if (name.kind() == ObjectName.Kind.MAIL) debt.refused(name);
        if (last instanceof Fault.Exhausted) throw last;
        throw new Fault.Unavailable("Too few vaults took the object", Map.of("trusted", trusted), last);
    }

    /// Waits until as many succeeded as the policy wants, or all were answered, or the time is over.
    private void awaitSome() {
        var wanted = new CountDownLatch(policy.ack());
        var all = new CountDownLatch(tickets.size());
        var enough = new CountDownLatch(1);
        for (@Nullable Ticket<Void> ticket : tickets) {
            if (ticket == null) {
                all.countDown();
                continue;
            }
            ticket.whenAnswered((_, failure) -> {
                if (failure == null) wanted.countDown();
                all.countDown();
                if (wanted.getCount() == 0 || all.getCount() == 0) enough.countDown();
            });
        }
        try {
            if (all.getCount() > 0) enough.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(Shelf shelf, Ticket<Void> ticket, Fault fault) {
        if (fault instanceof Fault.Exhausted) {
            // It answers, and says that there is no room: reads and removals go on.
        } else if (deadline.over() && !ticket.answered()) {
            shelf.breaker().late("A write was not answered in time");
        } else {
            shelf.breaker().failed("Writes failed");
        }
        metrics.add(Metric.VAULT_PUTS, 1, shelf.name(), "failed");
        owes(shelf, ticket);
        Log.event(Event.VAULT_PUT_FAILED, "vault", shelf.name(), "object", name, "why", fault);
    }

    /// A slow write may still end well; then nothing is owed.
    private void owes(Shelf shelf, @Nullable Ticket<Void> ticket) {
        debt.owed(name, shelf.name(), length);
        if (ticket == null) {
            metrics.add(Metric.VAULT_PUTS, 1, shelf.name(), "owed");
            return;
        }
        ticket.whenAnswered((_, failure) -> {
            if (failure == null) debt.paid(name, shelf.name());
        });
    }
}
