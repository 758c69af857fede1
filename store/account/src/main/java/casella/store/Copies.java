package casella.store;

import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// The vaults under one policy: where copies go, when a write may be answered, which copy is read.
public final class Copies {
    /// When a write may be answered.
    ///
    /// @param ackMin copies that must be synced, in vaults that have not just failed; the rest becomes debt
    /// @param write how long to wait for a slow vault
    /// @param read how long one vault may take to answer a read before the next is asked
    /// @param distrust how long after a failure a vault's word alone is not enough
    public record Policy(int ackMin, Duration write, Duration read, Duration distrust) {
        public static final Policy DEFAULT =
                new Policy(1, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /// Bytes read at first for a range: header, receipt and chunk table of nearly every mail.
    private static final int FIRST_READ = 4_096;

    private static final long NEVER = Long.MIN_VALUE;

    private final List<Vault> vaults;
    private final Policy policy;
    private final Debt debt;
    private final Metrics metrics;
    /// Per vault when it last failed (nanoTime), NEVER if it has not.
    private final AtomicLongArray failedAt;
    /// Per vault when a read of it last went unanswered (nanoTime), NEVER if none has.
    private final AtomicLongArray unansweredAt;

    /// @param vaults of distinct technologies, in the order in which they are read
    public Copies(List<Vault> vaults, Policy policy, Debt debt, Metrics metrics) {
        if (vaults.isEmpty()) throw new IllegalArgumentException("copies: at least one vault");
        this.vaults = List.copyOf(vaults);
        this.policy = policy;
        this.debt = debt;
        this.metrics = metrics;
        this.failedAt = new AtomicLongArray(vaults.size());
        this.unansweredAt = new AtomicLongArray(vaults.size());
        for (int i = 0; i < vaults.size(); i++) {
            failedAt.set(i, NEVER);
            unansweredAt.set(i, NEVER);
        }
    }

    public List<Vault> vaults() {
        return vaults;
    }

    public Debt debt() {
        return debt;
    }

    /// Writes an object to every vault and returns when the policy is satisfied.
    ///
    /// @return how many vaults owe a copy
    /// @throws Fault.Unavailable if too few vaults took it
    /// @throws Fault.Exhausted if too few took it because there is no room
    public int put(ObjectName name, byte[] object) {
        return begin(name, object).await();
    }

    /// Hands an object to every vault; nothing is known of it before [Writing#await].
    Writing begin(ObjectName name, byte[] object) {
        return new Writing(name, object);
    }

    /// An object on its way to every vault.
    final class Writing {
        private final ObjectName name;
        private final int length;
        private final long start = System.nanoTime();
        private final List<Ticket<Void>> tickets = new ArrayList<>(vaults.size());
        private final Deadline deadline;

        private Writing(ObjectName name, byte[] object) {
            this.name = name;
            this.length = object.length;
            for (Vault vault : vaults) tickets.add(handed(vault, name, object));
            this.deadline = Deadline.in(policy.write());
        }

        /// Returns when the policy is satisfied.
        ///
        /// @return how many vaults owe a copy
        /// @throws Fault.Unavailable if too few vaults took it
        /// @throws Fault.Exhausted if too few took it because there is no room
        int await() {
            int trusted = 0;
            int owed = 0;
            @Nullable Fault last = null;
            for (int i = 0; i < tickets.size(); i++) {
                Vault vault = vaults.get(i);
                try {
                    tickets.get(i).await(deadline);
                    metrics.add(Metric.VAULT_PUTS, 1, vault.name(), "ok");
                    metrics.time(Metric.VAULT_PUT_SECONDS, Duration.ofNanos(System.nanoTime() - start), vault.name());
                    if (trusted(i)) trusted++;
                } catch (Fault fault) {
                    last = fault;
                    owed++;
                    failed(i, name, length, tickets.get(i), fault);
                }
            }
            if (trusted >= policy.ackMin()) return owed;
            if (last instanceof Fault.Exhausted) throw last;
            throw new Fault.Unavailable("Too few vaults took the object", Map.of("trusted", trusted), last);
        }
    }

    private static Ticket<Void> handed(Vault vault, ObjectName name, byte[] object) {
        try {
            return vault.put(name, object);
        } catch (RuntimeException e) {
            return Ticket.failed("vault.put", e);
        }
    }

    private void failed(int index, ObjectName name, long bytes, Ticket<Void> ticket, Fault fault) {
        Vault vault = vaults.get(index);
        failedAt.set(index, System.nanoTime());
        metrics.add(Metric.VAULT_PUTS, 1, vault.name(), "failed");
        debt.owed(name, vault.name(), bytes);
        // A slow write may still end well; then nothing is owed.
        ticket.whenAnswered((_, failure) -> {
            if (failure == null) debt.paid(name, vault.name());
        });
        Log.event(Event.VAULT_PUT_FAILED, "vault", vault.name(), "object", name, "why", fault);
    }

    private boolean trusted(int index) {
        return longAgo(failedAt.get(index));
    }

    private boolean longAgo(long at) {
        return at == NEVER || System.nanoTime() - at > policy.distrust().toNanos();
    }

    /// Returns the vaults in the order in which they are read: as configured, but those that lately did not answer come
    /// last, so that a hung vault costs one reader its patience and not all of them.
    private List<Integer> readingOrder() {
        var order = new ArrayList<Integer>(vaults.size());
        var last = new ArrayList<Integer>();
        for (int i = 0; i < vaults.size(); i++) (longAgo(unansweredAt.get(i)) ? order : last).add(i);
        order.addAll(last);
        return order;
    }

    /// Returns the whole content, from the first vault whose copy is right.
    public Body read(ObjectName name) {
        return first(name, vault -> {
            byte[] object = vault.get(name, 0, Integer.MAX_VALUE, policy.read());
            return object == null ? null : new Copy(StoredObject.read(name, object), object.length);
        });
    }

    /// Returns content `from` (inclusive) until `until` (exclusive), cut at its end.
    Body read(ObjectName name, int from, int until) {
        return first(name, vault -> {
            byte[] start = vault.get(name, 0, FIRST_READ, policy.read());
            if (start == null) return null;
            int head = StoredObject.headLength(start);
            if (head > start.length) start = vault.get(name, 0, head, policy.read());
            if (start == null) return null;
            StoredObject object = StoredObject.open(name, start);
            int end = Math.min(until, object.contentLength());
            StoredObject.Stretch stretch = object.stretch(Math.min(from, end), end);
            byte[] stored = null;
            if (stretch.from() + stretch.length() <= start.length) {
                stored = Arrays.copyOfRange(start, (int) stretch.from(), (int) stretch.from() + stretch.length());
            } else {
                stored = vault.get(name, stretch.from(), stretch.length(), policy.read());
            }
            if (stored == null) return null;
            return new Copy(object.content(Math.min(from, end), end, stored), object.length());
        });
    }

    private interface Reading {
        @Nullable Copy read(Vault vault);
    }

    /// What a vault gave.
    ///
    /// @param length of the whole stored object
    private record Copy(byte[] content, long length) {}

    private Body first(ObjectName name, Reading reading) {
        @Nullable Fault last = null;
        List<Vault> wrong = new ArrayList<>();
        for (int index : readingOrder()) {
            Vault vault = vaults.get(index);
            try {
                Copy copy = reading.read(vault);
                if (copy != null) {
                    metrics.add(Metric.VAULT_READS, 1, vault.name(), "ok");
                    for (Vault one : wrong) debt.measured(name, one.name(), copy.length());
                    return new Body.Present(copy.content());
                }
                wrong(name, vault, "missing", null);
                wrong.add(vault);
            } catch (Fault.Corrupt e) {
                wrong(name, vault, "corrupt", e);
                wrong.add(vault);
                last = e;
            } catch (Fault e) {
                unansweredAt.set(index, System.nanoTime());
                metrics.add(Metric.VAULT_READS, 1, vault.name(), "unavailable");
                Log.event(Event.VAULT_READ_FAILED, "vault", vault.name(), "object", name, "why", e);
                last = e;
            }
        }
        return new Body.Unavailable(
                last == null ? new Fault.Corrupt("No vault has the object", Map.of("object", name)) : last);
    }

    /// A copy that is missing or damaged: a failed copy, never an answer.
    private void wrong(ObjectName name, Vault vault, String how, @Nullable Fault why) {
        metrics.add(Metric.VAULT_READS, 1, vault.name(), how);
        // Told once for each copy: what is read often must not fill the log. The metric counts every time.
        if (!debt.owed(name, vault.name(), 0)) return;
        Log.event(Event.VAULT_COPY_WRONG, "vault", vault.name(), "object", name, "how", how, "why", why);
    }

    /// Takes back an object that nothing names. A vault that does not take it back keeps an orphan, which is harmless and
    /// found by a scan.
    void discard(ObjectName name) {
        Deadline deadline = Deadline.in(policy.write());
        for (Vault vault : vaults) {
            try {
                vault.delete(name).await(deadline);
                debt.paid(name, vault.name());
            } catch (Fault e) {
                Log.event(Event.VAULT_DELETE_FAILED, "vault", vault.name(), "object", name, "why", e);
            }
        }
    }
}
