package casella.continuity.reenactment;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A vault with a threshold that nobody knows of: it serves well until it holds more than so many objects, and from then
/// on answers nothing. Calls are taken and wait; reads end at their deadline. As the storage of January 2023 did.
///
/// What it was asked to write while it was blocked is done when it is let go, late as a disk would. Safe from any thread.
public final class ThresholdVault implements Vault {
    /// As many as a vault's own bulkhead would let wait; one more is refused.
    private static final int TAKEN_MAX = 10_000;

    private final Vault inner;
    private final AtomicLong objects;
    private final CountDownLatch released = new CountDownLatch(1);
    private final Queue<Runnable> taken = new ArrayDeque<>();
    private volatile long objectsMax;
    private volatile boolean blocked;

    /// @param inner counted once, here: it must have counted itself
    /// @param objectsMax the number it still serves with; it holds one more when it blocks
    public ThresholdVault(Vault inner, long objectsMax) {
        this.inner = inner;
        this.objectsMax = objectsMax;
        this.objects = new AtomicLong(inner.figures().objects());
        this.blocked = objects.get() > objectsMax;
    }

    /// Returns how many objects it counts: what is put twice counts twice, what is erased with its account goes on counting.
    public long objects() {
        return objects.get();
    }

    /// Moves the threshold: it blocks when the next object above it is put.
    ///
    /// @param most the number it still serves with
    public void limit(long most) {
        objectsMax = most;
    }

    public boolean blocked() {
        return blocked && released.getCount() > 0;
    }

    /// Does all that waits, and never blocks again. Harmless when it does not.
    public void release() {
        released.countDown();
        while (true) {
            Runnable next;
            synchronized (taken) {
                next = taken.poll();
            }
            if (next == null) return;
            next.run();
        }
    }

    /// Hands a write on, or has it wait.
    private Ticket<Void> write(String work, Supplier<Ticket<Void>> call, long adds) {
        synchronized (taken) {
            if (blocked()) {
                if (taken.size() >= TAKEN_MAX) {
                    return Ticket.failed(work, new Fault.Unavailable("Too many calls waiting", Map.of("vault", name())));
                }
                var ticket = new Ticket<Void>(work);
                taken.add(() -> counted(call.get(), adds)
                        .whenAnswered((_, failure) -> answer(ticket, failure)));
                return ticket;
            }
        }
        return counted(call.get(), adds);
    }

    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    private static void answer(Ticket<Void> ticket, @Nullable Throwable failure) {
        if (failure == null) ticket.complete(null);
        else ticket.fail(failure);
    }

    private Ticket<Void> counted(Ticket<Void> ticket, long adds) {
        ticket.whenAnswered((_, failure) -> {
            if (failure == null && objects.addAndGet(adds) > objectsMax) blocked = true;
        });
        return ticket;
    }

    /// Waits for the release while it is blocked, and returns what then is left of the time.
    private Duration waited(Duration time) {
        if (!blocked()) return time;
        Deadline deadline = Deadline.in(time);
        try {
            if (!released.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Fault.Unavailable("No answer before the deadline", Map.of("vault", name()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("Interrupted while waiting", Map.of("vault", name()), e);
        }
        return Duration.ofNanos(deadline.remainingNanos());
    }

    @Override
    public Ticket<Void> put(ObjectName name, byte[] object) {
        return write("vault.put", () -> inner.put(name, object), 1);
    }

    @Override
    public Ticket<Void> delete(ObjectName name) {
        return write("vault.delete", () -> inner.delete(name), -1);
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return write("vault.erase", () -> inner.erase(account), 0);
    }

    @Override
    public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
        return inner.get(name, from, length, waited(time));
    }

    @Override
    public List<Entry> list(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        return inner.list(account, kind, after, limit, waited(time));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return inner.accounts(after, limit, waited(time));
    }

    @Override
    public void probe(Duration time) {
        inner.probe(waited(time));
    }

    @Override
    public void forgetEvidence(Duration time) {
        inner.forgetEvidence(waited(time));
    }

    @Override
    public void forgetCached(Duration time) {
        inner.forgetCached(waited(time));
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public Figures figures() {
        return inner.figures();
    }

    @Override
    public boolean mayHoldUnread(AccountId account) {
        return inner.mayHoldUnread(account);
    }

    @Override
    public long losses() {
        return inner.losses();
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public Upkeep upkeep() {
        return inner.upkeep();
    }

    @Override
    public void pace(long bytesPerSecond) {
        inner.pace(bytesPerSecond);
    }

    /// Lets go what waits, and closes the vault.
    @Override
    public void close() {
        release();
        inner.close();
    }
}
