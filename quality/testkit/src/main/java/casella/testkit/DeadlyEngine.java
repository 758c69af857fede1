package casella.testkit;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// An engine with accounts whose rows end the process of whoever reads them, as a fault in native code would.
public final class DeadlyEngine implements Engine {
    /// How such a process exits.
    public static final int EXIT = 99;

    private final Engine inner;
    private final Set<AccountId> deadly = ConcurrentHashMap.newKeySet();

    public DeadlyEngine(Engine inner, Set<AccountId> deadly) {
        this.inner = inner;
        this.deadly.addAll(deadly);
    }

    /// Makes all accounts harmless.
    public void heal() {
        deadly.clear();
    }

    @Override
    public String technology() {
        return inner.technology();
    }

    @Override
    public <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading) {
        if (deadly.contains(account)) Runtime.getRuntime().halt(EXIT);
        return inner.read(account, time, reading);
    }

    @Override
    public Ticket<Outcome> write(AccountId account, Batch batch) {
        return inner.write(account, batch);
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
    public Ticket<Outcome> erase(AccountId account) {
        return inner.erase(account);
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
