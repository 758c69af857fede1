package casella.testkit;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A journal that takes nothing on command.
public final class FaultyJournal implements Journal {
    private final Journal inner;
    private volatile boolean failing;

    public FaultyJournal(Journal inner) {
        this.inner = inner;
    }

    /// Makes every append from now on fail, or succeed again.
    public void failing(boolean fails) {
        this.failing = fails;
    }

    @Override
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        if (failing) return Ticket.failed("journal.append", new Fault.Unavailable("Told to fail", Map.of()));
        return inner.append(account, modseq, entry);
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
    public @Nullable Instant doubtedSince() {
        return inner.doubtedSince();
    }

    @Override
    public void proven(Instant doubted, Duration time) {
        inner.proven(doubted, time);
    }

    @Override
    public void release(AccountId account, Modseq upTo) {
        inner.release(account, upTo);
    }

    @Override
    public int sweep(Duration time) {
        return inner.sweep(time);
    }

    @Override
    public List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time) {
        return inner.entries(account, from, limit, time);
    }
}
