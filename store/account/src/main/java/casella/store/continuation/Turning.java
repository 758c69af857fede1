package casella.store.continuation;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.Rescue;
import casella.store.health.Breaker;
import casella.store.own.OwnBreakers;
import casella.store.standby.Claim;
import casella.store.standby.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Turns accounts by itself: away from an engine that is gone when they are used, and back when it is well again.
///
/// The engine is gone when its *probe lane* says so, and not because calls are late: a store that is only slow is waited
/// for. An account that nobody uses is left where it is. The way back begins when the breaker has closed, which takes
/// minutes of healthy probes, the time doubling with each relapse: first one account, then twice as many each round, in an
/// order that has nothing to do with who they are; a round that fails, or a breaker that opens, begins with one again.
///
/// An account that alone has trouble with the engine ([OwnBreakers]) is turned in the same way, and goes back when its own
/// probe has been well for long enough.
///
/// An account is not turned more often than `Allowance` has it. Safe from any thread.
public final class Turning implements Rescue, AutoCloseable {
    /// @param patience how long a caller waits for its account to be turned
    /// @param suspect how long one whose call failed waits for the engine's probe to say whether it is there
    /// @param atOnce accounts turned at the same time
    /// @param look between two rounds of the way back
    /// @param roundMax accounts of one round at most
    public record Limits(Duration patience, Duration suspect, int atOnce, Duration look, int roundMax) {
        public static final Limits STANDARD =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(1), 16, Duration.ofSeconds(1), 256);
    }

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration AGAIN_MIN = Duration.ofSeconds(2);
    private static final Duration CONTINUED_AGAIN_MAX = Duration.ofSeconds(30);
    private static final Duration RETURN_AGAIN_MAX = Duration.ofHours(1);
    private static final int REMEMBERED_MAX = 10_000;

    private final DialTone dialTone;
    private final Breaker engine;
    private final OwnBreakers own;
    private final Clock clock;
    private final Metrics metrics;
    private final Limits limits;
    private final Semaphore places;
    private final Map<AccountId, Turn> under = new ConcurrentHashMap<>();
    private final Map<AccountId, Long> failed = remembered();
    private final Map<AccountId, Later> later = remembered();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean paused;
    private int round = 1;

    private record Turn(Thread by, Ticket<Boolean> ticket) {}

    /// @param notBefore clock nanoseconds before which it is not given back
    private record Later(long notBefore, Duration rest) {}

    /// @param engine its breaker, which its watch alone opens
    /// @param own those of single accounts
    public Turning(DialTone dialTone, Breaker engine, OwnBreakers own, Limits limits, Clock clock,
            Metrics metrics) {
        this.dialTone = dialTone;
        this.engine = engine;
        this.own = own;
        this.limits = limits;
        this.clock = clock;
        this.metrics = metrics;
        // Whoever came first is first: with many waiting, one who is passed by again and again would lose patience.
        this.places = new Semaphore(limits.atOnce(), true);
    }

    private static <T> Map<AccountId, T> remembered() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<AccountId, T> eldest) {
                return size() > REMEMBERED_MAX;
            }
        };
    }

    /// Begins to look for accounts to give back, for as long as this is open.
    public Turning start() {
        Thread.ofVirtual().name("dial-tone-return").start(this::work);
        return this;
    }

    /// Turns nothing by itself until told otherwise; accounts stay where they are.
    public void pause(boolean on) {
        paused = on;
    }

    public boolean paused() {
        return paused;
    }

    private Registry registry() {
        return dialTone.standby().registry();
    }

    @Override
    public boolean wanted(AccountId account) {
        return !UNATTENDED.isBound() && away(account) && !paused && !registry().onStandby(account)
                && !dialTone.continuations().has(account);
    }

    /// Says whether the engine is not to be asked for this account.
    private boolean away(AccountId account) {
        return !engine.closed() || apart(account);
    }

    /// Says whether the account alone has trouble with the engine.
    private boolean apart(AccountId account) {
        if (!own.open(account)) return false;
        Claim claim = registry().of(account);
        Instant since = own.since(account);
        boolean given = claim != null && claim.place() == Claim.Place.LIVE && since != null
                && claim.at().isAfter(since);
        // An operator gave it back meanwhile, which compared every row.
        if (given) own.forget(account);
        return !given;
    }

    /// Has an account that cannot be used served by something else, unless it is an engine's that answers.
    ///
    /// @return whether something else serves it now
    @Override
    public boolean turns(AccountId account) {
        if (UNATTENDED.isBound() || paused || dialTone.continuations().has(account)) return false;
        boolean away = away(account);
        // One on standby beside a healthy engine is an operator's, or on its way back: its journal is waited
        // for.
        if (!away && !registry().onStandby(account)) {
            engine.suspect(limits.suspect());
            away = away(account) || own.judged(account);
        }
        if (!away) return false;
        var mine = new Turn(Thread.currentThread(), new Ticket<>("account.turn"));
        Turn first = under.putIfAbsent(account, mine);
        if (first != null) return first.by() != mine.by() && other(first);
        boolean done = false;
        try {
            done = !failedLately(account) && turn(account);
            return done;
        } finally {
            under.remove(account, mine);
            mine.ticket().complete(done);
        }
    }

    private boolean other(Turn first) {
        try {
            return first.ticket().await(Deadline.in(limits.patience()));
        } catch (Fault e) {
            return false;
        }
    }

    private boolean failedLately(AccountId account) {
        synchronized (failed) {
            Long at = failed.get(account);
            return at != null && clock.nanos() - at < AGAIN.toNanos();
        }
    }

    private boolean turn(AccountId account) {
        long start = clock.nanos();
        boolean entered = false;
        try {
            entered = places.tryAcquire(limits.patience().toNanos(), TimeUnit.NANOSECONDS);
            DialTone.Ended ended = entered
                    ? dialTone.open(account, Claim.Reason.AUTOMATIC).ended() : DialTone.Ended.TOO_OFTEN;
            if (ended != DialTone.Ended.TOO_OFTEN) {
                metrics.time(Metric.DIAL_TONE_SECONDS, Duration.ofNanos(clock.nanos() - start));
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Fault e) {
            Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
        } finally {
            if (entered) places.release();
        }
        synchronized (failed) {
            failed.put(account, clock.nanos());
        }
        return false;
    }

    private void work() {
        do {
            try {
                step();
            } catch (RuntimeException e) {
                // A mistake of ours, or a part away: accounts are served where they are.
                Log.event(Event.STANDBY_FAILED, e);
                round = 1;
            }
        } while (!rested());
    }

    private boolean rested() {
        try {
            return closed.await(limits.look().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// What is continued is served by the standby as soon as its journal can be read, whatever the engine does.
    private void endContinuations() {
        int tried = 0;
        for (Opening opening : dialTone.continuations().list()) {
            AccountId account = opening.account();
            boolean here = away(account) || registry().onStandby(account);
            if (!here || !may(account)) continue;
            if (++tried > limits.atOnce()) return;
            postpone(account, CONTINUED_AGAIN_MAX);
            try {
                var _ = dialTone.open(account, Claim.Reason.AUTOMATIC);
            } catch (Fault e) {
                Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
            }
        }
    }

    /// One round of the way back; returns how many accounts were given back.
    public int step() {
        if (!paused) endContinuations();
        if (paused || !engine.closed()) {
            round = 1;
            return 0;
        }
        List<AccountId> due = due();
        if (due.isEmpty()) return 0;
        List<AccountId> now = due.subList(0, Math.min(round, due.size()));
        int back = giveBack(now);
        boolean all = back == now.size() && engine.closed();
        round = all ? Math.min(round * 2, limits.roundMax()) : 1;
        return back;
    }

    /// Returns accounts that were turned by themselves and may go back now, in an order of their own.
    private List<AccountId> due() {
        var due = new ArrayList<AccountId>();
        for (Claim claim : registry().standby()) {
            boolean ours = claim.reason() == Claim.Reason.AUTOMATIC
                    && dialTone.standby().mayGoBack(claim.account());
            if (ours && !apart(claim.account()) && may(claim.account())) due.add(claim.account());
        }
        for (Opening opening : dialTone.continuations().list()) {
            AccountId account = opening.account();
            if (!registry().onStandby(account) && !apart(account) && may(account)) due.add(account);
        }
        due.sort(Comparator.comparingLong(account -> account.value() * 0x9E3779B97F4A7C15L));
        return due;
    }

    private boolean may(AccountId account) {
        synchronized (later) {
            Later wait = later.get(account);
            return wait == null || clock.nanos() >= wait.notBefore();
        }
    }

    private int giveBack(List<AccountId> accounts) {
        var waiting = new ConcurrentLinkedQueue<>(accounts);
        var back = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(2, accounts.size()); i++) {
            threads.add(Thread.ofVirtual().name("dial-tone-return-" + i).start(() -> {
                @Nullable AccountId account;
                while (engine.closed() && !paused && (account = waiting.poll()) != null) {
                    if (givenBack(account)) back.incrementAndGet();
                }
            }));
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return back.get();
    }

    private boolean givenBack(AccountId account) {
        // One whose rows the engine cannot keep comes here again and again.
        postpone(account, RETURN_AGAIN_MAX);
        try {
            boolean back = dialTone.giveBack(account).ended() == DialTone.Ended.RETURNED;
            if (back) own.returned(account);
            return back;
        } catch (Fault e) {
            own.relapsed(account);
            Log.event(Event.STANDBY_FAILED, "account", account, "why", e);
            return false;
        }
    }

    /// The next try comes later, twice as late each time.
    private void postpone(AccountId account, Duration atMost) {
        synchronized (later) {
            Later before = later.get(account);
            boolean lately = before != null
                    && clock.nanos() - before.notBefore() < RETURN_AGAIN_MAX.toNanos();
            Duration rest = before == null || !lately ? AGAIN_MIN : before.rest().multipliedBy(2);
            if (rest.compareTo(atMost) > 0) rest = atMost;
            later.put(account, new Later(clock.nanos() + rest.toNanos(), rest));
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
