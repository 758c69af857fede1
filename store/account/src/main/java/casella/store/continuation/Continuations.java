package casella.store.continuation;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.Continuation;
import casella.store.disk.Disk;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The accounts that go on without their store. Survives a restart: what was begun goes on, with the same UIDs.
public final class Continuations implements Continuation.Source, AutoCloseable {
    /// Accounts in memory; beyond it those not used for longest are read again when they are used.
    private static final int MEMORY_MAX = 2_000;

    private final Openings openings;
    private final Names names;
    private final Waiting waiting;
    private final Bulkhead cpu;
    private final Map<AccountId, Continuing> memory = new ConcurrentHashMap<>();

    private Continuations(Openings openings, Names names, Waiting waiting, Bulkhead cpu) {
        this.openings = openings;
        this.names = names;
        this.waiting = waiting;
        this.cpu = cpu;
    }

    /// Opens the record of continuations in `folder`.
    ///
    /// @param cpu as wide as the cores: large messages are looked through there
    /// @throws casella.base.Fault.Unavailable if the folder cannot be made or listed
    public static Continuations open(
            Disk disk, Path folder, Names names, Waiting waiting, Bulkhead cpu, Clock clock, Metrics metrics) {
        var continuations = new Continuations(Openings.open(disk, folder, clock), names, waiting, cpu);
        metrics.gauge(Metric.CONTINUATION_ACCOUNTS, () -> continuations.list().size());
        return continuations;
    }

    @Override
    public @Nullable Continuation of(AccountId account) {
        Opening opening = openings.of(account);
        if (opening == null) return null;
        Continuing there = memory.get(account);
        if (there != null && there.opening().equals(opening)) return there;
        var made = new Continuing(opening, openings, names, waiting, cpu);
        memory.put(account, made);
        if (memory.size() > MEMORY_MAX) giveWay();
        return made;
    }

    private void giveWay() {
        long now = System.nanoTime();
        memory.values().stream()
                .sorted(Comparator.comparingLong(one -> one.used() - now))
                .limit(MEMORY_MAX / 10)
                .forEach(one -> memory.remove(one.opening().account(), one));
    }

    /// Says whether an account has one.
    public boolean has(AccountId account) {
        return openings.of(account) != null;
    }

    /// Returns all there are, in account order.
    public List<Opening> list() {
        return openings.list();
    }

    Names names() {
        return names;
    }

    /// Begins one; a folder of its name is shown from now on, and all others are closed.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be written down now
    public Opening begin(AccountId account) {
        return openings.begin(account);
    }

    /// Ends one. What waits is filed by who files.
    void end(Opening opening) {
        openings.end(opening);
        memory.remove(opening.account());
        try {
            waiting.retry(opening.account());
        } catch (Fault e) {
            // It has ended all the same: what waits is tried again at its own time.
        }
    }

    /// Says that something came for an account. Never waits.
    ///
    /// @return whether it is shown by a continuation
    public boolean came(AccountId account) {
        if (openings.of(account) == null) return false;
        Continuing there = memory.get(account);
        if (there != null) there.came();
        return true;
    }

    @Override
    public void close() {
        openings.close();
    }
}
