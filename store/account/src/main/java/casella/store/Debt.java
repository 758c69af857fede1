package casella.store;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.vault.ObjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What each vault owes: copies of objects it should have, and removals it has not made.
///
/// A view: journal minus what each vault has. Here are the hints of failed writes and removals and of copies found wrong;
/// a survey of the vaults finds missing copies again. The healer pays. Safe from any thread; nothing here waits for a disk.
public final class Debt {
    /// Hints kept in memory at most. Beyond it they are not kept, and [#whole] is false until a survey was made.
    public static final int HINTS_MAX = 1_000_000;

    private static final int TURNS = 64;

    /// Names that ended lately, so that a healing that was under way does not bring them back.
    private static final int ENDED_MAX = 10_000;

    /// What a vault owes.
    public enum Kind {
        COPY,
        /// An object that ended and that the vault may still have.
        REMOVAL
    }

    /// One thing a vault owes.
    ///
    /// @param bytes stored length, 0 where it is not known
    /// @param since when it came to be owed, Unix seconds
    public record Hint(ObjectName name, String vault, Kind kind, long bytes, long since) {}

    /// @param objects objects that lack a copy
    /// @param bytes their stored length, each counted once for each copy it lacks
    /// @param accounts accounts they belong to
    /// @param oldestSeconds since when the oldest lacks it
    public record Figures(long objects, long bytes, long accounts, long oldestSeconds) {}

    /// What one vault owes.
    ///
    /// @param objects copies
    /// @param accounts accounts of which it lacks a copy
    /// @param removals objects it has still to remove
    public record VaultFigures(long objects, long bytes, long accounts, long removals) {}

    private record Owed(long bytes, long since) {}

    /// What one vault owes, in name order: the objects of an account lie together, there and in the vault.
    private static final class Ledger {
        final TreeMap<ObjectName, Owed> copies = new TreeMap<>();
        final TreeMap<ObjectName, Owed> removals = new TreeMap<>();
        final Map<AccountId, Integer> accounts = new HashMap<>();
        long bytes;

        NavigableMap<ObjectName, Owed> of(Kind kind) {
            return kind == Kind.COPY ? copies : removals;
        }
    }

    private final Clock clock;
    private final SegmentDebt segments = new SegmentDebt();
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];
    private final AtomicLong version = new AtomicLong();
    private final Map<String, Ledger> ledgers = new HashMap<>();
    /// How many vaults lack a copy of an object, and of how many objects of an account some vault lacks one.
    private final Map<ObjectName, Integer> objects = new HashMap<>();
    private final Map<AccountId, Integer> accounts = new HashMap<>();
    /// How many hints came to be in a second.
    private final TreeMap<Long, Integer> ages = new TreeMap<>();
    private final Map<ObjectName, Boolean> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectName, Boolean> eldest) {
            return size() > ENDED_MAX;
        }
    };
    private final Set<AccountId> erased = ConcurrentHashMap.newKeySet();
    private int hints;
    private boolean whole = true;
    private boolean known;

    public Debt(Clock clock, Metrics metrics) {
        this.clock = clock;
        for (int i = 0; i < TURNS; i++) turns[i] = new ReentrantLock();
        metrics.gauge(Metric.DEBT_OBJECTS, () -> figures().objects());
        metrics.gauge(Metric.DEBT_BYTES, () -> figures().bytes());
        metrics.gauge(Metric.DEBT_ACCOUNTS, () -> figures().accounts());
        metrics.gauge(Metric.DEBT_OLDEST_SECONDS, () -> figures().oldestSeconds());
    }

    Clock clock() {
        return clock;
    }

    /// Returns what is known of segments after any end of a process.
    public SegmentDebt segments() {
        return segments;
    }

    private static boolean segment(ObjectName name, Kind kind) {
        return kind == Kind.COPY && name.kind() == ObjectName.Kind.SEGMENT;
    }

    /// Notes that `vault` lacks a good copy; false if that was known. A name that ended is not owed any more.
    ///
    /// @param bytes its stored length, 0 while it is not known
    public boolean owed(ObjectName name, String vault, long bytes) {
        return note(new Hint(name, vault, Kind.COPY, bytes, clock.now().getEpochSecond()));
    }

    /// Notes that `vault` may have an object that ended.
    public void removalOwed(ObjectName name, String vault) {
        note(new Hint(name, vault, Kind.REMOVAL, 0, clock.now().getEpochSecond()));
    }

    /// Notes the stored length of what `vault` lacks, now that another had it.
    public synchronized void measured(ObjectName name, String vault, long bytes) {
        Ledger ledger = ledgers.get(vault);
        if (ledger == null) return;
        ledger.copies.computeIfPresent(name, (_, owed) -> {
            if (owed.bytes() > 0) return owed;
            ledger.bytes += bytes;
            return new Owed(bytes, owed.since());
        });
    }

    /// Hands writes and removals of one object over one after another: who is about to remove it sees whether it is wanted
    /// again, and who wants it again comes after a removal that was handed over. `work` hands over and waits for nothing.
    public <T extends @Nullable Object> T inTurn(ObjectName name, Supplier<T> work) {
        ReentrantLock turn = turns[Math.floorMod(name.hashCode(), TURNS)];
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    /// Notes a hint, as it is now or was before a restart; false if it was known.
    public synchronized boolean note(Hint hint) {
        if (erased.contains(hint.name().account())) return false;
        if (hint.kind() == Kind.COPY && ended.containsKey(hint.name())) return false;
        Ledger ledger = ledgers.computeIfAbsent(hint.vault(), _ -> new Ledger());
        if (ledger.of(hint.kind()).containsKey(hint.name())) return false;
        if (hints >= HINTS_MAX) {
            whole = false;
            if (segment(hint.name(), hint.kind())) segments.unsure(hint.vault(), hint.name().account());
            return true;
        }
        hints++;
        version.incrementAndGet();
        ledger.of(hint.kind()).put(hint.name(), new Owed(hint.bytes(), hint.since()));
        if (segment(hint.name(), hint.kind())) segments.owed(hint.vault(), hint.name().account());
        ages.merge(hint.since(), 1, Integer::sum);
        if (hint.kind() == Kind.REMOVAL) return true;
        AccountId account = hint.name().account();
        ledger.bytes += hint.bytes();
        ledger.accounts.merge(account, 1, Integer::sum);
        if (objects.merge(hint.name(), 1, Integer::sum) == 1) accounts.merge(account, 1, Integer::sum);
        return true;
    }

    /// Notes that `vault` has a good copy after all.
    public void paid(ObjectName name, String vault) {
        settle(name, vault, Kind.COPY);
    }

    /// Notes that `vault` removed an object.
    public void removed(ObjectName name, String vault) {
        settle(name, vault, Kind.REMOVAL);
    }

    private synchronized void settle(ObjectName name, String vault, Kind kind) {
        Ledger ledger = ledgers.get(vault);
        @Nullable Owed owed = ledger == null ? null : ledger.of(kind).remove(name);
        if (ledger == null || owed == null) return;
        hints--;
        version.incrementAndGet();
        if (segment(name, kind)) segments.paid(vault, name.account());
        ages.computeIfPresent(owed.since(), (_, count) -> less(count));
        if (kind == Kind.REMOVAL) return;
        ledger.bytes -= owed.bytes();
        ledger.accounts.computeIfPresent(name.account(), (_, count) -> less(count));
        objects.computeIfPresent(name, (_, count) -> less(count));
        if (!objects.containsKey(name)) accounts.computeIfPresent(name.account(), (_, count) -> less(count));
    }

    private static @Nullable Integer less(int count) {
        return count == 1 ? null : count - 1;
    }

    /// Forgets what is owed of an object that was not accepted after all; it may be put again.
    synchronized void refused(ObjectName name) {
        for (String vault : List.copyOf(ledgers.keySet())) settle(name, vault, Kind.COPY);
    }

    /// Notes that an object ended: no copy of it is owed any more, by anyone.
    public synchronized void ended(ObjectName name) {
        ended.put(name, Boolean.TRUE);
        for (String vault : List.copyOf(ledgers.keySet())) settle(name, vault, Kind.COPY);
    }

    /// Notes that an object that ended is put again: nobody removes it any more.
    synchronized void wantedAgain(ObjectName name) {
        if (ended.remove(name) == null && hints == 0) return;
        for (String vault : List.copyOf(ledgers.keySet())) settle(name, vault, Kind.REMOVAL);
    }

    /// Lets go of all that a vault owes that is none of the policy's any more.
    public synchronized void forget(String vault) {
        for (Kind kind : Kind.values()) {
            for (Hint hint : page(vault, kind, null, Integer.MAX_VALUE)) settle(hint.name(), vault, kind);
        }
        segments.forget(vault);
    }

    /// Notes that an account is erased: nothing of it is owed any more, by anyone, for ever.
    public synchronized void erased(AccountId account) {
        erased.add(account);
        for (String vault : List.copyOf(ledgers.keySet())) {
            for (Kind kind : Kind.values()) {
                for (Hint hint : page(vault, kind, null, Integer.MAX_VALUE)) {
                    if (hint.name().account().equals(account)) settle(hint.name(), vault, kind);
                }
            }
        }
    }

    /// Says whether an account is erased, or is being: nothing of it is to be written, rebuilt or copied.
    public boolean hasErased(AccountId account) {
        return erased.contains(account);
    }

    /// Says whether an object ended lately.
    public synchronized boolean hasEnded(ObjectName name) {
        return ended.containsKey(name);
    }

    public synchronized boolean owes(ObjectName name, String vault, Kind kind) {
        Ledger ledger = ledgers.get(vault);
        return ledger != null && ledger.of(kind).containsKey(name);
    }

    /// Returns what `vault` owes, in name order, at most `limit` after `after`.
    ///
    /// @param after exclusive; null from the first
    public synchronized List<Hint> page(String vault, Kind kind, @Nullable ObjectName after, int limit) {
        Ledger ledger = ledgers.get(vault);
        if (ledger == null) return List.of();
        NavigableMap<ObjectName, Owed> all = ledger.of(kind);
        var page = new ArrayList<Hint>();
        for (Map.Entry<ObjectName, Owed> entry : (after == null ? all : all.tailMap(after, false))
                .entrySet()) {
            if (page.size() == limit) break;
            Owed owed = entry.getValue();
            page.add(new Hint(entry.getKey(), vault, kind, owed.bytes(), owed.since()));
        }
        return page;
    }

    public synchronized Figures figures() {
        long bytes = 0;
        for (Ledger ledger : ledgers.values()) bytes += ledger.bytes;
        long age = ages.isEmpty() ? 0 : Math.max(0, clock.now().getEpochSecond() - ages.firstKey());
        return new Figures(objects.size(), bytes, accounts.size(), age);
    }

    public synchronized VaultFigures figures(String vault) {
        Ledger ledger = ledgers.get(vault);
        if (ledger == null) return new VaultFigures(0, 0, 0, 0);
        int copies = ledger.copies.size();
        return new VaultFigures(copies, ledger.bytes, ledger.accounts.size(), ledger.removals.size());
    }

    /// Returns all hints, for keeping them over a restart.
    public synchronized List<Hint> all() {
        var all = new ArrayList<Hint>(hints);
        for (Map.Entry<String, Ledger> entry : ledgers.entrySet()) {
            for (Kind kind : Kind.values()) all.addAll(page(entry.getKey(), kind, null, Integer.MAX_VALUE));
        }
        return all;
    }

    /// Returns a number that moves with every hint that comes or goes.
    public long version() {
        return version.get();
    }

    /// Returns how many hints there are.
    public synchronized int hints() {
        return hints;
    }

    /// Says whether nothing is known to be missing among the hints. What could not be kept is found by a survey.
    public synchronized boolean whole() {
        return whole;
    }

    /// Says so: false when hints were lost, true when a survey begins that will find all of it again.
    public synchronized void whole(boolean all) {
        whole = all;
    }

    /// Says whether each copy that a vault lacks is among the hints: a survey has ended since hints may have been lost,
    /// or the last run kept all of them.
    public synchronized boolean known() {
        return known && whole;
    }

    /// Says so.
    public synchronized void known(boolean all) {
        known = all;
    }

    /// Returns since when the oldest is owed, or null when nothing is.
    public synchronized @Nullable Instant oldest() {
        return ages.isEmpty() ? null : Instant.ofEpochSecond(ages.firstKey());
    }
}
