package casella.store.health;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Says whether calls may enter one storage instance.
///
/// Closed, everything enters. A call that is late, a probe that fails, or several failures in a row open it: then probes
/// alone enter. When probes have been healthy without a break for [Rule#proving] the instance is *returning*: what it owes
/// of removals is replayed, and only then it closes. The time doubles with each relapse. Safe from any thread.
public final class Breaker {
    /// How an instance stands.
    public enum State {
        CLOSED,
        /// Healthy again, and not counted yet: what ended while it was away is being removed from it.
        RETURNING,
        OPEN;

        /// Returns how the gauge shows it.
        int number() {
            return switch (this) {
                case CLOSED -> 0;
                case RETURNING -> 1;
                case OPEN -> 2;
            };
        }

        public String word() {
            return switch (this) {
                case CLOSED -> "closed";
                case RETURNING -> "returning";
                case OPEN -> "open";
            };
        }
    }

    /// @param failuresMax failures without a success between them with which it opens
    /// @param distrust how long after a failure it is asked last and its word alone is not enough, unless probes have
    ///        proven it before
    /// @param proving how long probes must be healthy without a break
    /// @param provingMax up to which that doubles when it opens again soon after it closed
    public record Rule(int failuresMax, Duration distrust, Duration proving, Duration provingMax) {
        public static final Rule STANDARD =
                new Rule(3, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    /// An opening so soon after the last closing is a relapse.
    private static final Duration RELAPSE = Duration.ofMinutes(10);

    private static final long NEVER = Long.MIN_VALUE;

    private final String part;
    private final @Nullable AccountId account;
    private final Rule rule;
    private final Clock clock;
    private volatile State state = State.CLOSED;
    private volatile long failedAt = NEVER;
    private volatile String why = "";
    private volatile Instant since;
    private int failures;
    private boolean probeFailed;
    private long healthySince = NEVER;
    private long closedAt = NEVER;
    private Duration proving;
    /// Answered by the next probe; null while nobody waits for one.
    private @Nullable CountDownLatch asked;

    /// @param part `vault.pack`: names it in the log
    public Breaker(String part, Rule rule, Clock clock) {
        this(part, null, rule, clock);
    }

    /// Returns one that keeps a single account away from the engine.
    public static Breaker of(AccountId account, Rule rule, Clock clock) {
        return new Breaker("engine", account, rule, clock);
    }

    private Breaker(String part, @Nullable AccountId account, Rule rule, Clock clock) {
        this.part = part;
        this.account = account;
        this.rule = rule;
        this.clock = clock;
        this.proving = rule.proving();
        this.since = clock.now();
    }

    public String part() {
        return part;
    }

    public State state() {
        return state;
    }

    /// Returns why it opened; empty while it is closed.
    public String why() {
        return why;
    }

    /// Returns since when it stands as it does.
    public Instant since() {
        return since;
    }

    /// Says whether calls may enter.
    public boolean closed() {
        return state == State.CLOSED;
    }

    /// Says whether the instance's word counts alone: closed, and it has not just failed. Decision 0006.
    public boolean trusted() {
        if (state != State.CLOSED) return false;
        long at = failedAt;
        return at == NEVER || clock.nanos() - at > rule.distrust().toNanos();
    }

    /// Says whether calls may enter, or its last probe was answered.
    public synchronized boolean answers() {
        return state == State.CLOSED || !probeFailed;
    }

    /// A call was answered well.
    public void succeeded() {
        if (failures != 0) forgive();
    }

    private synchronized void forgive() {
        failures = 0;
    }

    /// A call failed, by a fault of the instance and not of what was asked.
    public synchronized void failed(String reason) {
        note();
        if (++failures >= rule.failuresMax()) open(reason);
    }

    /// A call was not answered before its deadline.
    public synchronized void late(String reason) {
        note();
        open(reason);
    }

    private void note() {
        failedAt = clock.nanos();
        healthySince = NEVER;
    }

    private void open(String reason) {
        if (state == State.OPEN) return;
        boolean relapse =
                state == State.RETURNING
                        || (closedAt != NEVER && clock.nanos() - closedAt < RELAPSE.toNanos());
        Duration doubled = proving.multipliedBy(2);
        if (relapse) proving = doubled.compareTo(rule.provingMax()) > 0 ? rule.provingMax() : doubled;
        else proving = rule.proving();
        state = State.OPEN;
        since = clock.now();
        why = reason;
        if (account == null) Log.event(Event.PART_GONE, "part", part, "why", reason, "proving", proving);
        else Log.event(Event.ACCOUNT_APART, "account", account, "why", reason, "proving", proving);
    }

    /// Whether the instance answers is asked at once, and not when its next probe is due: a call failed that should not have.
    /// Returns when a probe was answered, or after `patience`.
    public void suspect(Duration patience) {
        CountDownLatch answer;
        synchronized (this) {
            if (asked == null) asked = new CountDownLatch(1);
            answer = asked;
        }
        try {
            var _ = answer.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says whether somebody waits for a probe.
    synchronized boolean suspected() {
        return asked != null;
    }

    private void answered() {
        if (asked != null) asked.countDown();
        asked = null;
    }

    /// A probe came back healthy.
    public synchronized void probed() {
        answered();
        probeFailed = false;
        long now = clock.nanos();
        if (healthySince == NEVER) {
            healthySince = now;
            return;
        }
        if (now - healthySince < proving.toNanos()) return;
        failedAt = NEVER;
        failures = 0;
        if (state != State.OPEN) return;
        state = State.RETURNING;
        since = clock.now();
    }

    /// A probe failed or was late.
    public synchronized void probeFailed(String reason) {
        probeFailed = true;
        note();
        open(reason);
        answered();
    }

    /// What ended meanwhile is removed from it: it counts again.
    public synchronized void returned() {
        if (state != State.RETURNING) return;
        state = State.CLOSED;
        since = clock.now();
        why = "";
        closedAt = clock.nanos();
        if (account == null) Log.event(Event.PART_BACK, "part", part);
        else Log.event(Event.ACCOUNT_BACK, "account", account);
    }
}
