package casella.store.quarantine;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The engine that everybody sees: nobody gets at the rows of an account that is set aside, whatever for, and an error that
/// rows exhaust the machine with is a fault like others; an exhausted stack counts against their account.
///
/// The first readings of an account after a start are marked, whoever makes them: if its rows end the process, it is there.
public final class GuardedEngine implements Engine {
    /// Accounts remembered as read; beyond it all are marked again.
    private static final int READ_MAX = 500_000;

    private final Engine inner;
    private final Set<AccountId> read = ConcurrentHashMap.newKeySet();
    /// Accounts set aside that were erased since: that nothing is left of them is read again.
    private final Set<AccountId> erased = ConcurrentHashMap.newKeySet();
    private final AccountQuarantine quarantine;

    public GuardedEngine(Engine inner, AccountQuarantine quarantine) {
        this.inner = inner;
        this.quarantine = quarantine;
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        if (!erased.contains(account)) quarantine.admit(account);
        try {
            if (read.contains(account)) return inner.read(account, time, reading);
            try (var _ = quarantine.reading(account)) {
                T found = inner.read(account, time, reading);
                if (read.size() >= READ_MAX) read.clear();
                read.add(account);
                return found;
            }
        } catch (VirtualMachineError e) {
            throw quarantine.broke(account, Work.READING, e);
        }
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        try {
            quarantine.admit(account);
            return inner.write(account, batch);
        } catch (Fault e) {
            return Ticket.failed("engine.write", e);
        }
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return inner.accounts(after, limit, time);
    }

    @Override
    public boolean keeps(AccountId account) {
        return inner.keeps(account);
    }

    @Override
    public Outcome admits(AccountId account, Batch batch) {
        quarantine.admit(account);
        return inner.admits(account, batch);
    }

    /// What is to be erased is erased, set aside or not. Then it is read again, to see that nothing is left.
    @Override
    public Ticket<Outcome> erase(AccountId account) {
        Ticket<Outcome> erasing = inner.erase(account);
        erasing.whenAnswered((outcome, failure) -> {
            if (failure == null && quarantine.holds(account)) erased.add(account);
        });
        return erasing;
    }

    @Override
    public void probe(Duration time) {
        inner.probe(time);
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public void close() {
        inner.close();
    }
}
