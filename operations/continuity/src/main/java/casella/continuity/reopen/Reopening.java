package casella.continuity.reopen;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Clock;
import casella.base.Rate;
import casella.continuity.cohort.Cohorts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// One reopening: who is in, and what everybody else is told.
///
/// Once a second [#look] is told how the server is. When all [Gates] were good for the soak time, the next step of the
/// [Plan] is taken; a bad gate halts it, says which and why, and it goes on by itself. Those whose step is in are let in as
/// fast as the store bears: the rate grows by a step each second in which somebody waits, and falls by a third when calls to the
/// store wait for too long. Whoever was let in once is never asked to wait again.
///
/// Safe from any thread; never waits.
public final class Reopening implements Admission {
    /// @param least owners let in each second, however bad it is: none would never show that it is better
    /// @param most the most ever let in each second
    /// @param more how many more each second while all is good
    /// @param rest after less was asked for: what that does is seen no sooner
    public record Limits(double least, double most, double more, Duration rest) {
        public static final Limits STANDARD = new Limits(2, 5_000, 1, Duration.ofSeconds(10));
    }

    /// What reopening stands on.
    ///
    /// @param cohorts which cohort an account is in; never waits
    /// @param paid whether an account's plan is paid for; asked only where those go first
    /// @param accounts how many there are
    /// @param random for hints: not all come back at once
    public record Parts(
            Cohorts cohorts, Predicate<AccountId> paid, LongSupplier accounts, RandomGenerator random) {}

    /// How it is.
    public enum State {
        /// All gates are good.
        RUNNING,
        /// A gate is bad; it goes on by itself.
        HALTED,
        /// An operator has it stand.
        PAUSED,
        /// Everybody is in, and it went well for the soak time.
        OVER
    }

    /// What operators see.
    ///
    /// @param step what was let in last, or is let in first
    /// @param nextSeconds until the next step if all stays good
    /// @param perSecond owners let in each second
    /// @param entered owners who came in
    /// @param waiting owners of those steps who have a number and were not called
    /// @param bad gates that are bad now
    public record Status(
            State state, Progress progress, int steps, String step, long nextSeconds, double perSecond,
            long entered, long waiting, List<Gates.Gate> gates) {
        public List<Gates.Gate> bad() {
            return gates.stream().filter(gate -> !gate.good()).toList();
        }
    }

    /// Those who are few soak for a tenth of the time.
    private static final int FEW = 10;
    private static final double USED = 0.8;

    private final Plan plan;
    private final Gates gates;
    private final Limits limits;
    private final Parts parts;
    private final Clock clock;
    private final Rate rate;
    private final Lines lines;
    private final AccountNumbers inside = new AccountNumbers();
    private double lastStep;
    private volatile Progress progress;
    private volatile boolean paused;
    private List<Gates.Gate> seen = List.of();
    private long goodSince;
    private boolean good;
    private long lessAt;
    private volatile boolean over;
    private volatile int in;

    /// Begins, or goes on where `progress` says.
    public Reopening(Progress progress, Gates gates, Limits limits, Parts parts, Clock clock) {
        this.plan = Plan.of(progress.paidFirst());
        this.progress = progress;
        this.gates = gates;
        this.limits = limits;
        this.parts = parts;
        this.clock = clock;
        take(progress);
        this.rate = new Rate(limits.least(), limits.most(), limits.more(), 2.0 / 3);
        this.lines = new Lines(plan.steps().size(), rate.now(), parts.random(), clock.nanos());
        this.lessAt = clock.nanos() - limits.rest().toNanos();
    }

    /// Says whether somebody of `account` may come in now.
    @Override
    public Answer ask(AccountId account, Door door) {
        if (over) return IN;
        int step = stepOf(account);
        synchronized (this) {
            if (inside.get(account.value()) != AccountNumbers.NONE) return IN;
            if (step >= in) return itsStepComes(step);
            Answer answer = lines.ask(step, door, account.value(), clock.nanos());
            // One that no memory is left for is let in again as one who comes anew.
            if (answer instanceof Answer.In && inside.put(account.value(), step)) return IN;
            return answer;
        }
    }

    @Override
    public boolean holds(AccountId account) {
        return !over && stepOf(account) >= in;
    }

    private int stepOf(AccountId account) {
        // Who pays is only asked where it matters.
        return plan.step(parts.cohorts().of(account), plan.paidFirst() && parts.paid().test(account));
    }

    /// Before whom are all who wait now, and all of the steps until then.
    private Answer itsStepComes(int step) {
        long all = parts.accounts().getAsLong();
        double before = (plan.shareOf(step) - plan.shareOf(in)) / 100.0 * all;
        double own = plan.steps().get(step).share() / 100.0 * all;
        long place = Math.max(1, Math.round(before) + lines.waiting() + 1);
        double seconds = soakLeft();
        for (int i = in + 1; i <= step; i++) seconds += expected(i - 1, all);
        // Somewhere in the middle of those who come with it.
        double middle = own / 2 / Math.max(rate.now(), limits.least());
        return Lines.notYet(parts.random(), place, seconds + middle);
    }

    /// Returns how long a step is expected to take: as long as the last ones did, and no less than all of it need to come in.
    private double expected(int step, long accounts) {
        double rateNow = Math.max(rate.now(), limits.least());
        double entering = plan.steps().get(step).share() / 100.0 * accounts / rateNow;
        double soak = soak(step).toSeconds();
        return Math.max(entering, plan.steps().get(step).share() == 0 ? soak : Math.max(soak, lastStep));
    }

    private Duration soak(int step) {
        boolean few = step < 0 || plan.steps().get(step).share() == 0;
        return few ? progress.soak().dividedBy(FEW) : progress.soak();
    }

    private double soakLeft() {
        double soak = soak(in - 1).toNanos() / 1e9;
        return good ? Math.max(0, soak - (clock.nanos() - goodSince) / 1e9) : soak;
    }

    /// Looks at what was measured. To be called once a second.
    ///
    /// @return the next step where it is time for it: it is to be kept, and then [taken][#take]
    public synchronized Optional<Progress> look(Measured measured) {
        if (over) return Optional.empty();
        long now = clock.nanos();
        seen = gates.look(measured, now);
        boolean wasGood = good;
        good = seen.stream().allMatch(Gates.Gate::good);
        if (good && !wasGood) goodSince = now;
        letIn(measured, now);
        if (!good || paused || soakLeft() > 0) return Optional.empty();
        // Those who are in and wait go before those who are not: who stands in line was told so.
        if (in > 0 && lines.waiting() > rate.now() * progress.soak().toSeconds()) return Optional.empty();
        return Optional.of(progress.step(clock.now()));
    }

    /// Says whether it is over with `next`.
    public boolean endsWith(Progress next) {
        return next.in() > plan.steps().size();
    }

    /// Takes a step that is kept.
    public synchronized void take(Progress next) {
        if (in > 0 && plan.steps().get(in - 1).share() > 0) {
            lastStep = Math.max(1, Duration.between(progress.stepped(), next.stepped()).toSeconds());
        }
        progress = next;
        in = Math.min(next.in(), plan.steps().size());
        over = endsWith(next);
        goodSince = clock.nanos();
    }

    private void letIn(Measured measured, long now) {
        double before = rate.now();
        boolean rested = now - lessAt >= limits.rest().toNanos();
        boolean strained = gates.strained(measured);
        if (strained && rested) {
            lessAt = now;
            rate.bad();
        }
        double unused = lines.speed(rate.now(), now);
        // A gate remembers for minutes: while one is bad there are no more, and it alone is no reason for fewer.
        boolean well = seen.stream().allMatch(gate -> gate.good() || gate.kind() == Gates.Kind.BACKLOG);
        // What nobody used says nothing of how much the store bears.
        if (well && !strained && before == rate.now() && unused < 1 - USED) rate.good();
    }

    /// Has it stand, or go on. Those whose step is in are let in meanwhile.
    public synchronized void pause(boolean on) {
        paused = on;
        if (!on) goodSince = clock.nanos();
    }

    /// Returns what is to be kept of it.
    public Progress progress() {
        return progress;
    }

    public boolean over() {
        return over;
    }

    public synchronized Status status() {
        boolean running = good || seen.isEmpty();
        State state = over ? State.OVER : paused ? State.PAUSED : running ? State.RUNNING : State.HALTED;
        String step = in == 0 ? "nobody yet" : plan.steps().get(in - 1).word();
        return new Status(state, progress, plan.steps().size(), step, Math.round(soakLeft()), rate.now(),
                inside.count(), lines.waiting(), seen);
    }
}
