package casella.store.own;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Ticket;
import casella.store.engine.Key;
import casella.store.health.Breaker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The breakers of accounts that have trouble of their own, and the lane that judges and probes them.
///
/// An account is *suspect* when a call to the engine waits for half a second, or failed just now. Then its head is read apart
/// from all other calls; and what is nobody's is asked of the engine, through the readers' threads and through its probe. The
/// account's breaker opens if its head does not come, or three of its calls failed in a row, while the engine answers the rest
/// at once. So an engine that is slow or gone for everybody opens none. More than [Limits#suspectsMax] suspects at a time
/// are the engine's own case, and no more than [Limits#openMax] breakers are open.
///
/// An open one is probed every second; it is *returning* when the probes have been well without a break for the rule's time,
/// which doubles with each relapse, and closes when the account was given back. Safe from any thread.
public final class OwnBreakers implements AutoCloseable {
    /// @param suspectAfter a call that has waited so long makes its account suspect
    /// @param head how long its head may take
    /// @param control how long the engine may take to answer what is nobody's
    /// @param suspectsMax accounts that may be suspect at a time
    /// @param openMax breakers that may be open at a time
    /// @param failuresMax failed calls in a row, none answered between them
    public record Limits(
            Duration suspectAfter, Duration head, Duration control, int suspectsMax, int openMax,
            int failuresMax) {
        public static final Limits STANDARD = new Limits(
                Duration.ofMillis(500), Duration.ofMillis(750), Duration.ofMillis(400), 16, 64, 3);
    }

    /// An account whose breaker is not closed.
    public record Apart(AccountId account, Instant since, String why) {}

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);
    private static final Duration JUDGED_AGAIN = Duration.ofMillis(500);
    private static final Duration LATELY = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FOR_EVER = Duration.ofDays(10_000);
    private static final int REMEMBERED_MAX = 10_000;
    /// Nobody's: ids are random, and this one is never drawn.
    private static final AccountId NOBODY = new AccountId(0);

    private final OwnCalls engine;
    private final Breaker whole;
    private final Breaker.Rule rule;
    private final Limits limits;
    private final Clock clock;
    private final Map<AccountId, Breaker> breakers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Breaker> eldest) {
            return size() > REMEMBERED_MAX && eldest.getValue().closed();
        }
    };
    private volatile Set<AccountId> open = Set.of();
    private final Map<AccountId, Ticket<Boolean>> asked = new ConcurrentHashMap<>();
    private final Map<AccountId, Long> judged = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Bulkhead lane = new Bulkhead("watch.accounts", 1, 1);
    private final Object probing = new Object();
    private volatile long probedAt = System.nanoTime();

    /// @param whole the engine's own breaker: while it is open there is nothing to judge
    /// @param rule how long an account's probes must be well, and up to which that doubles
    public OwnBreakers(OwnCalls engine, Breaker whole, Breaker.Rule rule, Limits limits, Clock clock,
            Metrics metrics) {
        this.engine = engine;
        this.whole = whole;
        this.rule = rule;
        this.limits = limits;
        this.clock = clock;
        metrics.gauge(Metric.ACCOUNTS_APART, () -> apart().size());
        metrics.gauge(Metric.ACCOUNTS_APART_MAX, limits::openMax);
    }

    /// Begins to judge and probe, for as long as this is open.
    public OwnBreakers start() {
        lane.submit(Deadline.in(FOR_EVER), this::work).whenAnswered((_, _) -> {});
        return this;
    }

    private boolean work() throws InterruptedException {
        do {
            try {
                judge();
                if (System.nanoTime() - probedAt >= PROBE_EVERY.toNanos()) probe();
            } catch (RuntimeException e) {
                // A mistake of ours must not end the looking.
                Log.event(Event.ACCOUNT_LANE_FAILED, e);
            }
        } while (!closed.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS));
        return true;
    }

    /// Says, at once, whether an account is to be kept away from the engine.
    public boolean open(AccountId account) {
        return open.contains(account);
    }

    /// Says whether it is the account's own trouble that its call to the engine just failed. Waits for that, if there was
    /// such a call.
    public boolean judged(AccountId account) {
        if (open(account)) return true;
        if (!whole.closed() || engine.failures(account, LATELY) == 0) return false;
        if (asked.size() >= limits.suspectsMax()) return false;
        Ticket<Boolean> ticket = asked.computeIfAbsent(account, _ -> new Ticket<>("account.judge"));
        try {
            return ticket.await(Deadline.in(PATIENCE));
        } catch (Fault.Unavailable e) {
            return open(account);
        }
    }

    /// Returns accounts whose breaker is not closed, in id order.
    public synchronized List<Apart> apart() {
        var all = new ArrayList<Apart>();
        breakers.forEach((account, breaker) -> {
            if (!breaker.closed()) all.add(new Apart(account, breaker.since(), breaker.why()));
        });
        all.sort(Comparator.comparing(Apart::account));
        return all;
    }

    /// Returns since when the breaker of an account is open; null while it is not.
    public synchronized @Nullable Instant since(AccountId account) {
        Breaker breaker = breakers.get(account);
        return breaker == null || breaker.closed() ? null : breaker.since();
    }

    /// The engine serves the account again.
    public synchronized void returned(AccountId account) {
        Breaker breaker = breakers.get(account);
        if (breaker == null) return;
        breaker.returned();
        publish();
    }

    /// An operator gave it back: whatever was is forgotten.
    public synchronized void forget(AccountId account) {
        breakers.remove(account);
        publish();
    }

    /// The engine could not serve it again: its time begins anew.
    public synchronized void relapsed(AccountId account) {
        Breaker breaker = breakers.get(account);
        if (breaker == null || breaker.closed()) return;
        breaker.probeFailed("It could not be given back");
        publish();
    }

    private void publish() {
        var now = new LinkedHashSet<AccountId>();
        breakers.forEach((account, breaker) -> {
            if (breaker.state() == Breaker.State.OPEN) now.add(account);
        });
        open = Set.copyOf(now);
    }

    /// Looks once for accounts with trouble of their own; [#start] does this again and again.
    public void judge() {
        var called = new HashMap<>(asked);
        Set<AccountId> suspects = new LinkedHashSet<>(called.keySet());
        long now = System.nanoTime();
        judged.values().removeIf(at -> now - at > JUDGED_AGAIN.toNanos());
        for (AccountId late : engine.late(limits.suspectAfter())) {
            if (!judged.containsKey(late)) suspects.add(late);
        }
        giveUp();
        suspects.removeIf(this::open);
        try {
            if (!suspects.isEmpty()) judge(suspects);
        } finally {
            called.forEach((account, ticket) -> {
                asked.remove(account, ticket);
                ticket.complete(open(account));
            });
        }
    }

    /// Whoever asked just before it opened, or settles what was given up, waits for nothing.
    private void giveUp() {
        if (open.isEmpty()) return;
        for (AccountId waiting : engine.late(Duration.ZERO)) if (open(waiting)) engine.giveUp(waiting);
    }

    private void judge(Set<AccountId> suspects) {
        for (AccountId suspect : suspects) judged.put(suspect, System.nanoTime());
        boolean everybody = suspects.size() > limits.suspectsMax() || !whole.closed();
        if (everybody || !othersAreWell()) return;
        Map<AccountId, String> troubled = new LinkedHashMap<>();
        heads(suspects).forEach((account, answered) -> {
            if (!answered) troubled.put(account, "Its head does not come");
            else if (engine.failures(account, LATELY) >= limits.failuresMax()) {
                troubled.put(account, "Its calls fail again and again");
            }
        });
        // Asked again: what came over everybody meanwhile is nobody's own.
        if (troubled.isEmpty() || !whole.closed() || !othersAreWell()) return;
        troubled.forEach(this::open);
    }

    private void open(AccountId account, String why) {
        synchronized (this) {
            if (apart().size() >= limits.openMax()) return;
            Breaker breaker = breakers.get(account);
            if (breaker == null) {
                breaker = Breaker.of(account, rule, clock);
                breakers.put(account, breaker);
            }
            if (breaker.state() == Breaker.State.OPEN) return;
            breaker.late(why);
            publish();
        }
        engine.giveUp(account);
    }

    /// Says whether the engine answers at once what is nobody's.
    private boolean othersAreWell() {
        long start = System.nanoTime();
        try {
            var _ = engine.read(NOBODY, limits.control(), rows -> rows.get(new Key.Head().bytes()) != null);
            engine.probe(limits.control());
        } catch (Fault e) {
            return false;
        }
        return System.nanoTime() - start < limits.control().toNanos();
    }

    /// Returns of which accounts the head came in time; those of which that could not be told are left out.
    private Map<AccountId, Boolean> heads(Set<AccountId> accounts) {
        Map<AccountId, Boolean> answered = new ConcurrentHashMap<>();
        var threads = new ArrayList<Thread>();
        for (AccountId account : accounts) {
            threads.add(Thread.ofVirtual().name("account-probe").start(() -> {
                try {
                    answered.put(account, engine.answers(account, limits.head()));
                } catch (Fault e) {
                    // It could not be asked: nothing is known of it.
                }
            }));
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answered;
    }

    /// Probes each account whose breaker is not closed, once; [#start] does this every second.
    public void probe() {
        // One after another: what began before must not be told after.
        synchronized (probing) {
            probedAt = System.nanoTime();
            probeAll();
        }
    }

    private void probeAll() {
        Set<AccountId> accounts = new LinkedHashSet<>();
        for (Apart one : apart()) accounts.add(one.account());
        if (accounts.isEmpty()) return;
        Map<AccountId, Boolean> answered = heads(accounts);
        synchronized (this) {
            answered.forEach((account, well) -> {
                Breaker breaker = breakers.get(account);
                if (breaker == null) return;
                if (well) breaker.probed();
                else breaker.probeFailed("Its head does not come");
            });
            publish();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        lane.close();
    }
}
