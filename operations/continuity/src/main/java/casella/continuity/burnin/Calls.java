package casella.continuity.burnin;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.continuity.burnin.Synthetic.Lot;
import casella.continuity.burnin.Synthetic.Made;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls that are made of the vault: each with its deadline, measured, and what comes back compared.
final class Calls implements AutoCloseable {
    static final int LIST_LIMIT = 100;
    private static final int WRONG_NAMED_MAX = 20;
    private static final int LENGTH_MAX = StoredObject.CONTENT_BYTES_MAX + (1 << 20);
    /// For making an object: of no vault's.
    private static final Duration MAKING = Duration.ofMinutes(10);
    private static final int MAKING_WAIT_MAX = 16_384;

    private final Vault vault;
    private final Plan plan;
    private final Synthetic synthetic;
    private final Held held;
    /// Half of the cores at most: a server may run beside it.
    private final Bulkhead cpu =
            new Bulkhead("burn-in.cpu", Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MAKING_WAIT_MAX);
    private final List<String> wrong = new ArrayList<>();
    private long right;
    private long wrongCount;

    Calls(Vault vault, Plan plan, Held held) {
        this.vault = vault;
        this.plan = plan;
        this.synthetic = new Synthetic(plan);
        this.held = held;
    }

    Synthetic synthetic() {
        return synthetic;
    }

    private Made made(Lot lot, long number) {
        return cpu.call(MAKING, () -> synthetic.object(lot, number));
    }

    /// Makes an object and puts it.
    void put(Lot lot, long number, Latencies into) {
        Made made = made(lot, number);
        long began = System.nanoTime();
        try {
            var _ = vault.put(made.name(), made.stored()).await(Deadline.in(plan.callTime()));
        } catch (Fault.Exhausted e) {
            into.failed(Call.PUT);
            throw e;
        } catch (RuntimeException e) {
            into.failed(Call.PUT);
            held.unsure();
            throw e;
        }
        into.took(Call.PUT, System.nanoTime() - began);
        held.put(lot, number, made.stored().length);
    }

    /// Reads an object and compares it. One that need not be there is not asked for.
    void get(Lot lot, long number, Latencies into) {
        if (!held.there(lot, number)) return;
        ObjectName name = made(lot, number).name();
        long began = System.nanoTime();
        byte @Nullable [] found;
        try {
            found = vault.get(name, 0, LENGTH_MAX, plan.callTime());
        } catch (Fault.Corrupt e) {
            into.failed(Call.GET);
            wrong(name, "the vault says that it has lost it");
            return;
        } catch (RuntimeException e) {
            into.failed(Call.GET);
            throw e;
        }
        into.took(Call.GET, System.nanoTime() - began);
        // Taken out by another caller while it was read.
        if (found == null && !held.there(lot, number)) return;
        if (found == null) wrong(name, "is not there");
        else compare(name, found);
    }

    private void compare(ObjectName name, byte[] found) {
        try {
            var _ = cpu.call(MAKING, () -> StoredObject.read(name, found));
            synchronized (this) {
                right++;
            }
        } catch (Fault.Corrupt e) {
            wrong(name, "is not what was put: " + e.getMessage());
        }
    }

    private synchronized void wrong(ObjectName name, String what) {
        wrongCount++;
        if (wrong.size() < WRONG_NAMED_MAX) wrong.add(name + ": " + what);
    }

    /// Lists the first objects of an account.
    void list(AccountId account, Latencies into) {
        long began = System.nanoTime();
        try {
            var _ = vault.list(account, ObjectName.Kind.MAIL, null, LIST_LIMIT, plan.callTime());
        } catch (RuntimeException e) {
            into.failed(Call.LIST);
            throw e;
        }
        into.took(Call.LIST, System.nanoTime() - began);
    }

    /// Removes an object.
    void delete(Lot lot, long number, Latencies into) {
        if (!held.there(lot, number)) return;
        Made made = made(lot, number);
        if (!held.takeOut(lot, number, made.stored().length)) return;
        long began = System.nanoTime();
        try {
            var _ = vault.delete(made.name()).await(Deadline.in(plan.callTime()));
        } catch (RuntimeException e) {
            into.failed(Call.DELETE);
            held.unsure();
            throw e;
        }
        into.took(Call.DELETE, System.nanoTime() - began);
    }

    /// Returns how many objects of an account the vault lists.
    long listed(AccountId account) {
        long count = 0;
        @Nullable ObjectName after = null;
        while (true) {
            List<Vault.Entry> page = vault.list(account, ObjectName.Kind.MAIL, after, 1_000, plan.callTime());
            count += page.size();
            if (page.isEmpty()) return count;
            after = page.getLast().name();
        }
    }

    /// Returns how many objects were read and were right.
    synchronized long right() {
        return right;
    }

    synchronized long wrong() {
        return wrongCount;
    }

    /// Returns the first that were not, in words.
    synchronized List<String> wrongNamed() {
        return List.copyOf(wrong);
    }

    @Override
    public void close() {
        cpu.close();
    }
}
