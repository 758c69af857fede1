package casella.testkit;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Ticket;
import casella.store.Entry;
import casella.store.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A journal in memory that fails on command, for tests of what stands on one.
public final class MemoryJournal implements Journal {
    private final Map<AccountId, NavigableMap<Modseq, byte[]>> entries = new ConcurrentHashMap<>();
    private volatile boolean failing;
    private volatile @Nullable Instant doubted;

    /// Returns a journal that took the place of one that was lost just now.
    public static MemoryJournal afterLoss() {
        var journal = new MemoryJournal();
        // Another moment than that of any loss before.
        Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant now = start;
        while (now.equals(start)) now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        journal.doubted = now;
        return journal;
    }

    @Override
    public @Nullable Instant doubtedSince() {
        return doubted;
    }

    @Override
    public void proven(Instant since, Duration time) {
        if (since.equals(doubted)) doubted = null;
    }

    /// Makes every append from now on fail, or succeed again.
    public void failing(boolean fails) {
        this.failing = fails;
    }

    @Override
    @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        if (failing) return Ticket.failed("journal.append", new Fault.Unavailable("Told to fail", Map.of()));
        entries.compute(
                account,
                (_, known) -> {
                    NavigableMap<Modseq, byte[]> map = known == null ? new ConcurrentSkipListMap<>() : known;
                    map.put(modseq, entry);
                    return map;
                });
        return Ticket.done("journal.append", null);
    }

    @Override
    public Map<AccountId, Newest> newest() {
        var all = new ConcurrentHashMap<AccountId, Newest>();
        entries.forEach(
                (account, map) -> {
                    if (map.isEmpty()) return;
                    Entry last = Entry.decode(map.lastEntry().getValue());
                    all.put(account, new Newest(map.lastKey(), last.hash()));
                });
        return all;
    }

    /// Lets go at once: there is nothing to sweep.
    @Override
    public void release(AccountId account, Modseq upTo) {
        entries.computeIfPresent(
                account,
                (_, map) -> {
                    NavigableMap<Modseq, byte[]> left = new ConcurrentSkipListMap<>(map.tailMap(upTo, false));
                    return left.isEmpty() ? null : left;
                });
    }

    @Override
    public int sweep(Duration time) {
        return 0;
    }

    @Override
    public List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time) {
        NavigableMap<Modseq, byte[]> map = entries.getOrDefault(account, new ConcurrentSkipListMap<>());
        return map.tailMap(from, true).values().stream().limit(limit).toList();
    }
}
