package casella.store;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.store.health.Breaker;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Knows whether contents of mails can be read at all, and has whoever watches an account look again when that turns.
///
/// They cannot while no home of the policy is let in and none answers its probe. Folders, lists and flags are the engine's: they go
/// on, and owners who see the one without the other are told why. With an engine that is gone as well nothing begins here:
/// accounts are turned when they are used, and what they are told then is the whole of it.
///
/// The breakers are looked at a few times a second, so that no read and no write pays for it. An end is told at once; when it
/// begins again soon afterwards it is told only if it lasts, so that a vault that comes and goes opens no window after window.
/// Safe from any thread.
public final class Contents implements Service.Source, AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(250);
    /// How long the engine is given to say that it is there.
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LASTING = Duration.ofSeconds(10);
    private static final long NEVER = Long.MIN_VALUE;

    private final Accounts accounts;
    private final Breaker engine;
    private final Service.Source otherwise;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Instant awaySince;
    private long silentSince = NEVER;
    private long endedAt = NEVER;

    /// @param engine its breaker, which its watch alone opens
    /// @param otherwise knows what serves accounts apart from that
    public Contents(Accounts accounts, Breaker engine, Service.Source otherwise, Clock clock) {
        this.accounts = accounts;
        this.engine = engine;
        this.otherwise = otherwise;
        this.clock = clock;
    }

    /// Begins to look, for as long as this is open.
    public Contents start() {
        Thread.ofVirtual().name("contents").start(this::work);
        return this;
    }

    private void work() {
        try {
            while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS)) step();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Looks once, and has everybody look again if it turned. One thread at a time.
    public void step() {
        if (accounts.copies().homes().stream().anyMatch(home -> home.breaker().answers())) {
            silentSince = NEVER;
            if (awaySince != null) end();
        } else if (awaySince == null && lasts() && engineIsWell()) {
            awaySince = clock.now().truncatedTo(ChronoUnit.MILLIS);
            Log.event(Event.CONTENTS_AWAY);
            accounts.lookAll();
        }
    }

    private void end() {
        Log.event(Event.CONTENTS_BACK, "since", awaySince);
        awaySince = null;
        endedAt = clock.nanos();
        accounts.lookAll();
    }

    private boolean lasts() {
        long now = clock.nanos();
        if (silentSince == NEVER) silentSince = now;
        boolean again = endedAt != NEVER && now - endedAt < SOON.toNanos();
        return !again || now - silentSince >= LASTING.toNanos();
    }

    /// What takes all vaults may have taken the engine, and that is not known of it yet: it is asked.
    private boolean engineIsWell() {
        if (!engine.closed()) return false;
        engine.suspect(PATIENCE);
        return engine.closed();
    }

    /// Returns since when no content can be read; null while it can. At once.
    public @Nullable Instant awaySince() {
        return awaySince;
    }

    @Override
    public Service of(AccountId account) {
        Instant since = awaySince;
        if (since == null || accounts.copies().newcomerServes(account)) return otherwise.of(account);
        return new Service(Service.State.CONTENTS_AWAY, since);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
