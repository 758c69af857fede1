package casella.engine.memory;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.engine.SortedRows;
import casella.store.engine.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The contract of an engine, kept in memory: one immutable tree of rows an account, swapped by each batch.
///
/// A read takes the tree that is current and is never disturbed; a write copies the paths it changes (see [SortedRows])
/// under a lock of the account's stripe. Nothing here can block: no file, no native call, and the locks are held for
/// microseconds of arithmetic. That is the one reason why it may run on its callers' threads without a bulkhead, and why
/// tickets come back answered. A reading that is slow holds its own caller only.
public final class MemoryEngine implements Engine {
    public static final String TECHNOLOGY = "memory";

    private static final int STRIPES = 64;
    private static final byte[] HEAD = new Key.Head().bytes();

    private final ConcurrentSkipListMap<AccountId, SortedRows> accounts = new ConcurrentSkipListMap<>();
    private final Object[] stripes = new Object[STRIPES];
    private volatile boolean closed;

    public MemoryEngine() {
        for (int i = 0; i < STRIPES; i++) stripes[i] = new Object();
    }

    @Override
    public String technology() {
        return TECHNOLOGY;
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        refuseIfClosed();
        SortedRows snapshot = accounts.getOrDefault(account, SortedRows.EMPTY);
        try {
            return reading.read(snapshot);
        } catch (RuntimeException failure) {
            // As a bulkhead would hand it over: a fault as it is, anything else as Unavailable.
            return Ticket.<T>failed("engine.read", failure).await(Deadline.in(Duration.ZERO));
        }
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        try {
            refuseIfClosed();
            synchronized (stripe(account)) {
                SortedRows rows = accounts.getOrDefault(account, SortedRows.EMPTY);
                Standing standing = Standing.of(rows.get(HEAD));
                if (!standing.admits(batch)) {
                    return done(new Outcome.Refused(standing.version(), standing.epoch()));
                }
                var _ = standing.after(batch);
                accounts.put(account, apply(rows, batch));
                return done(new Outcome.Written());
            }
        } catch (RuntimeException failure) {
            return Ticket.failed("engine.write", failure);
        }
    }

    private static SortedRows apply(SortedRows rows, Batch batch) {
        SortedRows next = rows;
        for (byte[] key : batch.deletes()) next = next.without(key);
        for (Batch.Row row : batch.puts()) next = next.with(row.key().clone(), row.value().clone());
        return next;
    }

    private static Ticket<Outcome> done(Outcome outcome) {
        return Ticket.done("engine.write", outcome);
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        refuseIfClosed();
        if (limit < 1 || limit > 10_000) throw new IllegalArgumentException("accounts limit: must be 1 to 10,000");
        var rest = after == null ? accounts : accounts.tailMap(after, false);
        return rest.keySet().stream().limit(limit).toList();
    }

    @Override
    public Ticket<Outcome> erase(AccountId account) {
        if (closed) return Ticket.failed("engine.erase", closedFault());
        synchronized (stripe(account)) {
            accounts.remove(account);
        }
        return done(new Outcome.Written());
    }

    @Override
    public void probe(Duration time) {
        refuseIfClosed();
    }

    /// Returns 0: there is nothing to sync.
    @Override
    public long syncs() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }

    private Object stripe(AccountId account) {
        return stripes[Math.floorMod(Long.hashCode(account.value()), STRIPES)];
    }

    private void refuseIfClosed() {
        if (closed) throw closedFault();
    }

    private static Fault.Unavailable closedFault() {
        return new Fault.Unavailable("Closed", Map.of("engine", TECHNOLOGY));
    }
}
