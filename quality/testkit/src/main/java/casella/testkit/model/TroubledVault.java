package casella.testkit.model;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A vault each of whose calls may fail, by dice; reads may also bring wrong bytes, too few of them, or
/// nothing.
public final class TroubledVault implements Vault {
    private final Vault inner;
    private final Calls calls;

    public TroubledVault(Vault inner, Fates fates) {
        this.inner = inner;
        this.calls = new Calls(fates);
    }

    /// The process dies.
    public void die(Random dice) {
        calls.die(dice);
    }

    /// Lets what is late land.
    public void settle() {
        calls.settle();
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
        return calls.write(name.account(), "vault.put", () -> inner.put(name, object));
    }

    @Override
    public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
        return calls.read("vault.get", time, fate -> spoiled(inner.get(name, from, length, time), fate));
    }

    private byte @Nullable [] spoiled(byte @Nullable [] bytes, Fates.Read fate) {
        if (bytes == null || bytes.length == 0) return bytes;
        return switch (fate) {
            case MISSING -> null;
            case SHORT -> Arrays.copyOf(bytes, bytes.length / 2);
            case WRONG -> {
                byte[] wrong = bytes.clone();
                int bit = calls.fates().number(wrong.length * 8);
                wrong[bit / 8] ^= (byte) (1 << bit % 8);
                yield wrong;
            }
            case WELL, SLOW, LATE, AWAY, DAMAGED -> bytes;
        };
    }

    @Override
    public List<Entry> list(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit,
            Duration time) {
        return calls.read("vault.list", time, _ -> inner.list(account, kind, after, limit, time));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return calls.read("vault.accounts", time, _ -> inner.accounts(after, limit, time));
    }

    @Override
    public Ticket<Void> delete(ObjectName name) {
        return calls.write(name.account(), "vault.delete", () -> inner.delete(name));
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return calls.write(account, "vault.erase", () -> inner.erase(account));
    }

    @Override
    public void probe(Duration time) {
        int _ = calls.read("vault.probe", time, _ -> {
            inner.probe(time);
            return 0;
        });
    }

    @Override
    public long losses() {
        return inner.losses();
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
    public void close() {
        inner.close();
    }
}
