package casella.server.drill;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A vault, with a door that a drill can shut, and that it can have lie: it answers mails of a cohort with one bit turned
/// over. What it keeps is as it was. Decision 0123.
public final class DrilledVault implements Vault {
    private final Vault inner;
    private final Door door;
    private final AtomicLong lies = new AtomicLong();
    private volatile @Nullable Lie lie;

    public DrilledVault(Vault inner) {
        this.inner = inner;
        this.door = new Door("vault." + inner.name());
    }

    Door door() {
        return door;
    }

    private record Lie(Cohort cohort, Deadline until) {
        boolean about(ObjectName name) {
            return name.kind() == ObjectName.Kind.MAIL && cohort.includes(name.account()) && !until.over();
        }
    }

    /// Has mails of `cohort` come back wrong from now on.
    ///
    /// @param until it tells the truth again then, also if [#release] never comes
    void lie(Cohort cohort, Deadline until) {
        lie = new Lie(cohort, until);
    }

    /// Opens the door and has it tell the truth. Harmless when it does.
    void release() {
        door.open();
        lie = null;
    }

    /// Returns how many wrong answers it gave since the start.
    long lies() {
        return lies.get();
    }

    @Override
    public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
        byte @Nullable [] right = inner.get(name, from, length, door.pass(name.account(), time));
        Lie now = lie;
        if (now == null || right == null || right.length == 0 || !now.about(name)) return right;
        lies.incrementAndGet();
        byte[] wrong = right.clone();
        // The end of what is asked for: the content, and never only a name that nobody looks at.
        wrong[wrong.length - 1] ^= 1;
        return wrong;
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
        return door.write(name.account(), () -> inner.put(name, object));
    }

    @Override
    public List<Entry> list(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        return inner.list(account, kind, after, limit, door.pass(account, time));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        return inner.accounts(after, limit, door.pass(null, time));
    }

    @Override
    public Ticket<Void> delete(ObjectName name) {
        return door.removal(name.account(), () -> inner.delete(name));
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return door.removal(account, () -> inner.erase(account));
    }

    @Override
    public void probe(Duration time) {
        inner.probe(door.probe(time));
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
    public void forgetEvidence(Duration time) {
        inner.forgetEvidence(door.pass(null, time));
    }

    @Override
    public void forgetCached(Duration time) {
        inner.forgetCached(door.pass(null, time));
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

    @Override
    public void close() {
        release();
        inner.close();
    }
}
