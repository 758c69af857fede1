package casella.store.archive;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A journal that tells the archiver what it was handed: of whatever outcome, it is a reason to look.
public final class Journalled implements Journal {
    private final Journal inner;
    private final Archiver archiver;

    public Journalled(Journal inner, Archiver archiver) {
        this.inner = inner;
        this.archiver = archiver;
    }

    @Override
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        archiver.journalled(account, entry.length);
        return inner.append(account, modseq, entry);
    }

    @Override
    public Ticket<Modseq> press(AccountId account) {
        return archiver.press(account);
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
