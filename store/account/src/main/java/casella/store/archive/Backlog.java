package casella.store.archive;

import casella.base.AccountId;
import casella.base.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Accounts with entries that are not archived: since when, and how many bytes. About 100 bytes of memory for each.
public final class Backlog {
    static final long NEVER = Long.MIN_VALUE;

    /// @param since clock nanoseconds of the oldest entry
    /// @param notBefore clock nanoseconds before which it is not tried
    private record Waiting(long since, long bytes, long notBefore) {}

    private final Clock clock;
    private final Archiver.Limits limits;
    private final Map<AccountId, Waiting> accounts = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Semaphore full = new Semaphore(0);

    Backlog(Clock clock, Archiver.Limits limits) {
        this.clock = clock;
        this.limits = limits;
    }

    void add(AccountId account, int more) {
        long now = clock.nanos();
        bytes.addAndGet(more);
        Waiting waiting = accounts.merge(
                account,
                new Waiting(now, more, now),
                (old, _) -> new Waiting(old.since(), old.bytes() + more, old.notBefore()));
        if (waiting.bytes() >= limits.bytes() && full.availablePermits() == 0) full.release();
    }

    /// Forgets an account that is being archived: what comes from now on counts anew.
    void taken(AccountId account) {
        Waiting waiting = accounts.remove(account);
        if (waiting != null) bytes.addAndGet(-waiting.bytes());
    }

    /// Keeps an account for a later attempt.
    void again(AccountId account, Duration after) {
        long now = clock.nanos();
        accounts.merge(
                account,
                new Waiting(now, 0, now + after.toNanos()),
                (old, _) -> new Waiting(old.since(), old.bytes(), now + after.toNanos()));
    }

    /// Returns the accounts that are due, in no order.
    List<AccountId> due() {
        long now = clock.nanos();
        var due = new ArrayList<AccountId>();
        accounts.forEach((account, waiting) -> {
            boolean old = now - waiting.since() >= limits.every().toNanos();
            if ((old || waiting.bytes() >= limits.bytes())
                    && now - waiting.notBefore() >= 0) due.add(account);
        });
        return due;
    }

    List<AccountId> all() {
        return List.copyOf(accounts.keySet());
    }

    /// Waits until an account has enough bytes, at most `time`.
    public void awaitFull(Duration time) throws InterruptedException {
        if (full.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) full.drainPermits();
    }

    /// Returns bytes of entries handed to the journal since the start and not archived.
    public long bytes() {
        return bytes.get();
    }

    /// Returns accounts with entries that are not archived.
    public long accounts() {
        return accounts.size();
    }

    /// Returns the age of the oldest entry that is not archived, 0 without one.
    public long oldestSeconds() {
        long now = clock.nanos();
        long oldest = 0;
        for (Waiting waiting : accounts.values()) oldest = Math.max(oldest, now - waiting.since());
        return Duration.ofNanos(oldest).toSeconds();
    }
}
