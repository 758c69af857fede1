package casella.testkit;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A vault that stays open when whoever borrowed it closes it.
public class LentVault implements Vault {
    private final Vault inner;

    public LentVault(Vault inner) {
        this.inner = inner;
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
    public Ticket<Void> put(ObjectName name, byte[] object) {
        return inner.put(name, object);
    }

    @Override
    public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
        return inner.get(name, from, length, time);
    }

    @Override
    public List<Entry> list(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit,
            Duration time) {
        return inner.list(account, kind, after, limit, time);
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return inner.accounts(after, limit, time);
    }

    @Override
    public Ticket<Void> delete(ObjectName name) {
        return inner.delete(name);
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return inner.erase(account);
    }

    @Override
    public void probe(Duration time) {
        inner.probe(time);
    }

    @Override
    public Figures figures() {
        return inner.figures();
    }

    @Override
    public long syncs() {
        return inner.syncs();
    }

    @Override
    public boolean mayHoldUnread(AccountId account) {
        return inner.mayHoldUnread(account);
    }

    @Override
    public void forgetCached(Duration time) {
        inner.forgetCached(time);
    }

    @Override
    public long losses() {
        return inner.losses();
    }

    @Override
    public void forgetEvidence(Duration time) {
        inner.forgetEvidence(time);
    }

    @Override
    public Upkeep upkeep() {
        return inner.upkeep();
    }

    @Override
    public void pace(long bytesPerSecond) {
        inner.pace(bytesPerSecond);
    }

    @Override
    public void close() {}
}
