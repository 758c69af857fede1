package casella.server.reopen;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.continuity.cohort.Cohorts;
import casella.continuity.reopen.Crowd;
import casella.continuity.reopen.Doors;
import casella.continuity.reopen.Gates;
import casella.continuity.reopen.Measured;
import casella.continuity.reopen.Progress;
import casella.continuity.reopen.Reopening;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The one reopening a server has, if it has one, and the storm of log-ins beside it. Looks at the one once a
/// second, at the other five times.
public final class Reopenings implements AutoCloseable {
    private static final Gates GATES = Gates.STANDARD;
    private static final Duration EVERY = Duration.ofMillis(200);
    /// Looks at the reopening come once in so many at the crowd.
    private static final int SELDOM = 5;

    private final ReopenFile file;
    private final Supplier<Reopening.Parts> parts;
    private final Supplier<Duration> oldestCall;
    private final Doors doors;
    private final Crowd crowd;
    private final Clock clock;
    private final AtomicLong accounts = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Reopening now;
    private volatile Optional<ReopenFile.Kept> last;
    private volatile Measured measured;
    private volatile Runnable stepped = () -> {};
    private boolean paused;
    private Reopening.State told = Reopening.State.RUNNING;
    private boolean calm = true;
    private Duration wait = Duration.ZERO;

    /// What reopening stands on.
    ///
    /// @param cohorts which cohort an account is in
    /// @param paid whether its plan is paid for
    public record Owners(Cohorts cohorts, Predicate<AccountId> paid) {}

    /// Takes up one that was under way at the last stop. Blocks on a file.
    ///
    /// @param oldestCall for how long the oldest call to the store has waited; never waits
    public Reopenings(
            ReopenFile file, Owners owners, Supplier<Duration> oldestCall, Clock clock, Metrics metrics) {
        this.oldestCall = oldestCall;
        this.file = file;
        this.clock = clock;
        this.parts = () -> new Reopening.Parts(
                owners.cohorts(), owners.paid(), accounts::get, new SplittableRandom());
        this.crowd = new Crowd(clock, new SplittableRandom());
        this.doors = new Doors(crowd, metrics);
        this.measured = Measured.nothing(clock.nanos());
        this.last = file.read();
        last.filter(kept -> kept.ended().isEmpty()).ifPresent(kept -> begin(kept.progress()));
        metrics.gauge(Metric.REOPENING, () -> now == null ? 0 : 1);
        metrics.gauge(Metric.REOPEN_HALTED, () -> halted() ? 1 : 0);
        metrics.gauge(Metric.ADMISSION_RATE, crowd::perSecond);
    }

    private void begin(Progress progress) {
        var reopening = new Reopening(progress, GATES, Reopening.Limits.STANDARD, parts.get(), clock);
        reopening.pause(paused);
        now = reopening;
        doors.reopen(reopening);
    }

    private boolean halted() {
        Reopening here = now;
        if (here == null) return false;
        Reopening.State state = here.status().state();
        return state == Reopening.State.HALTED || state == Reopening.State.PAUSED;
    }

    /// Returns what log-ins, delivery and drain ask.
    public Doors doors() {
        return doors;
    }

    /// @param then what to do when more are let in; must not wait
    public void onStep(Runnable then) {
        stepped = then;
    }

    /// @param count how many accounts there are: estimates are made of it
    public void accounts(long count) {
        accounts.set(count);
    }

    /// Begins to look, for as long as this is open.
    ///
    public Reopenings start(Measures measures) {
        Thread.ofVirtual().name("reopen").start(() -> {
            try {
                for (int i = 1; !closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS); i++) {
                    look(measures, oldestCall.get(), i % SELDOM == 0);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    private void look(Measures measures, Duration oldest, boolean all) {
        try {
            if (oldest.compareTo(wait) > 0) wait = oldest;
            crowd.look(oldest.toMillis() > GATES.waitMillisMax());
            if (crowd.calm() != calm) {
                calm = crowd.calm();
                Log.event(calm ? Event.LOG_INS_FREE : Event.LOG_INS_DAMPED);
            }
            if (!all) return;
            measured = measures.now(wait);
            wait = Duration.ZERO;
            step();
        } catch (RuntimeException e) {
            // A figure that cannot be had must not end the looking; without figures it halts.
            Log.event(Event.DOCTOR_FAILED, e, "work", "reopen");
        }
    }

    private synchronized void step() {
        Reopening here = now;
        if (here == null) return;
        Optional<Progress> next = here.look(measured);
        tell(here.status());
        if (next.isEmpty()) return;
        boolean over = here.endsWith(next.get());
        var kept = new ReopenFile.Kept(next.get(), over ? Optional.of(clock.now()) : Optional.empty());
        if (!file.keep(kept)) {
            Log.event(Event.REOPEN_NOT_KEPT);
            return;
        }
        last = Optional.of(kept);
        here.take(next.get());
        if (over) over();
        else Log.event(Event.REOPEN_STEP, "step", here.status().step(), "entered", here.status().entered());
        stepped.run();
    }

    private void tell(Reopening.Status status) {
        if (status.state() == told) return;
        told = status.state();
        if (told == Reopening.State.HALTED) {
            List<String> why = status.bad().stream().map(gate -> gate.kind().word() + ": " + gate.seen()).toList();
            Log.event(Event.REOPEN_HALTED, "why", why);
        } else if (told == Reopening.State.RUNNING) Log.event(Event.REOPEN_GOES_ON);
    }

    private void over() {
        now = null;
        doors.reopen(null);
        told = Reopening.State.RUNNING;
        Log.event(Event.REOPEN_OVER);
    }

    /// Begins one, with nobody in but whoever is logged in; one that is under way is left as it is.
    ///
    /// @return whether it was begun
    /// @throws Fault.Unavailable if it cannot be kept; then none is begun
    public synchronized boolean begin(String by, boolean paidFirst, Duration soak) {
        if (now != null) return false;
        Progress progress = Progress.begin(clock.now(), by, paidFirst, soak);
        keep(new ReopenFile.Kept(progress, Optional.empty()));
        begin(progress);
        Log.event(Event.REOPEN_BEGUN, "by", by, "paidFirst", paidFirst, "soak", soak);
        return true;
    }

    /// Ends it: everybody is let in now.
    ///
    /// @return whether there was one
    /// @throws Fault.Unavailable if that cannot be kept; then it goes on
    public synchronized boolean end() {
        Reopening here = now;
        if (here == null) return false;
        keep(new ReopenFile.Kept(here.progress(), Optional.of(clock.now())));
        over();
        stepped.run();
        return true;
    }

    private void keep(ReopenFile.Kept kept) {
        if (!file.keep(kept)) throw new Fault.Unavailable("The reopening cannot be kept", Map.of("file", "care/reopen"));
        last = Optional.of(kept);
    }

    /// Has it stand, or go on.
    public synchronized void pause(boolean on) {
        paused = on;
        Reopening here = now;
        if (here != null) here.pause(on);
    }

    /// Says whether the backlog is to make room for owners who wait for the store.
    public boolean strained() {
        return !crowd.calm() || GATES.crowded(oldestCall.get().toNanos() / 1e6);
    }

    /// Says whether whoever asks is let in at once.
    public boolean free() {
        return now == null && crowd.calm();
    }

    /// Returns how the one that is under way is.
    public Optional<Reopening.Status> status() {
        return Optional.ofNullable(now).map(Reopening::status);
    }

    /// Returns when the last one was over, where none is under way.
    public Optional<Instant> ended() {
        return last.flatMap(ReopenFile.Kept::ended);
    }

    @Override
    public void close() {
        closed.countDown();
        doors.close();
        file.close();
    }
}
