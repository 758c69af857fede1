package casella.testkit;

import casella.base.AccountId;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A vault that fails on command: as [FaultyEngine], and it can return wrong bytes, too few of them, or nothing.
public final class FaultyVault implements Vault {
    private final Vault inner;
    private final Lane reads = new Lane("faulty-vault.read", 4);
    private final Lane writes = new Lane("faulty-vault.write", 1);
    private final Lane probes = new Lane("faulty-vault.probe", 1);

    public FaultyVault(Vault inner) {
        this.inner = inner;
    }

    /// Makes every call suffer `trouble` from now on, probes too.
    public FaultyVault all(Trouble trouble) {
        return reads(trouble).writes(trouble).probes(trouble);
    }

    public FaultyVault reads(Trouble trouble) {
        reads.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    /// Makes only the next `times` reads suffer `trouble`.
    public FaultyVault reads(Trouble trouble, int times) {
        reads.command(trouble, times);
        return this;
    }

    /// Makes puts, deletes and erasures suffer `trouble` from now on.
    public FaultyVault writes(Trouble trouble) {
        writes.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    public FaultyVault writes(Trouble trouble, int times) {
        writes.command(trouble, times);
        return this;
    }

    public FaultyVault probes(Trouble trouble) {
        probes.command(trouble, Integer.MAX_VALUE);
        return this;
    }

    /// Ends all trouble and lets go what hangs: a hung put is done now, however late.
    public FaultyVault heal() {
        return all(Trouble.none());
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
        return writes.write("vault.put", () -> inner.put(name, object), null);
    }

    @Override
    public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
        Optional<byte[]> found =
                reads.call(time, suffered -> spoiled(inner.get(name, from, length, time), suffered));
        return found.orElse(null);
    }

    private static Optional<byte[]> spoiled(byte @Nullable [] bytes, Trouble trouble) {
        if (bytes == null || trouble instanceof Trouble.Missing) return Optional.empty();
        if (trouble instanceof Trouble.ShortBytes) return Optional.of(Arrays.copyOf(bytes, bytes.length / 2));
        if (trouble instanceof Trouble.WrongBytes && bytes.length > 0) {
            byte[] wrong = bytes.clone();
            int bit = ThreadLocalRandom.current().nextInt(wrong.length * 8);
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            return Optional.of(wrong);
        }
        return Optional.of(bytes);
    }

    @Override
    public List<Entry> list(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        return reads.call(time, _ -> inner.list(account, kind, after, limit, time));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return reads.call(time, _ -> inner.accounts(after, limit, time));
    }

    @Override
    public Ticket<Void> delete(ObjectName name) {
        return writes.write("vault.delete", () -> inner.delete(name), null);
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return writes.write("vault.erase", () -> inner.erase(account), null);
    }

    @Override
    public void probe(Duration time) {
        probes.call(time, _ -> {
            inner.probe(time);
            return 0;
        });
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
    public void close() {
        reads.close();
        writes.close();
        probes.close();
        inner.close();
    }
}
