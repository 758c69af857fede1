package casella.server.drill;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tail, with a door that a drill can shut. What it knows in memory it goes on saying. Decision 0123.
public final class DrilledTail implements Journal {
    private final Journal inner;
    private final Door door = new Door("tail");

    public DrilledTail(Journal inner) {
        this.inner = inner;
    }

    Door door() {
        return door;
    }

    /// Lets the probe lane in, and returns what is left of its time.
    public Duration probe(Duration time) {
        return door.probe(time);
    }

    @Override
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        return door.write(account, () -> inner.append(account, modseq, entry));
    }

    @Override
    public List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time) {
        return inner.entries(account, from, limit, door.pass(account, time));
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
    public Ticket<Modseq> press(AccountId account) {
        return inner.press(account);
    }

    @Override
    public @Nullable Instant doubtedSince() {
        return inner.doubtedSince();
    }

    @Override
    public void proven(Instant doubted, Duration time) {
        inner.proven(doubted, door.pass(null, time));
    }

    @Override
    public void release(AccountId account, Modseq upTo) {
        inner.release(account, upTo);
    }

    @Override
    public int sweep(Duration time) {
        return inner.sweep(door.pass(null, time));
    }
}
