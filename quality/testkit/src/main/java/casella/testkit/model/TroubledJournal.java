package casella.testkit.model;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A journal each of whose calls may fail, by dice.
public final class TroubledJournal implements Journal {
    private final Journal inner;
    private final Calls calls;

    public TroubledJournal(Journal inner, Fates fates) {
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
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        return calls.write(account, "journal.append", () -> inner.append(account, modseq, entry));
    }

    @Override
    public Map<AccountId, Newest> newest() {
        return inner.newest();
    }

    @Override
    public @Nullable Newest newest(AccountId account) {
        return inner.newest(account);
    }

    @Override
    public void release(AccountId account, Modseq upTo) {
        inner.release(account, upTo);
    }

    @Override
    public int sweep(Duration time) {
        return calls.read("journal.sweep", time, _ -> inner.sweep(time));
    }

    @Override
    public List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time) {
        return calls.read("journal.entries", time, _ -> inner.entries(account, from, limit, time));
    }
}
