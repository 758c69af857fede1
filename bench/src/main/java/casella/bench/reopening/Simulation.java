package casella.bench.reopening;

import casella.base.AccountId;
import casella.base.Admission.Answer;
import casella.base.Clock;
import casella.continuity.cohort.Cohorts;
import casella.continuity.reopen.Gates;
import casella.continuity.reopen.Measured;
import casella.continuity.reopen.Plan;
import casella.continuity.reopen.Progress;
import casella.continuity.reopen.Reopening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What becomes of a store when everybody comes back, second by second: clients with the back-offs they really have, mail of
/// days, other servers that try again.
///
/// Opened all at once, whoever comes is tried. With a reopening each log-in asks [Reopening] first and the backlog goes at the
/// [pace][casella.queue.Pace] of the drain: the server's own classes, told of the simulated store what they are told of a real one.
final class Simulation {
    /// Seconds between two points of the curves.
    static final int EVERY = 60;
    static final Duration SOAK = Progress.SOAK;
    /// Calls to begin a session again that broke.
    private static final int AGAIN_CALLS = 4;
    /// What of the sessions one of whose calls fails breaks.
    private static final double BREAKS = 0.5;
    private static final int VISIT_SECONDS = 900;
    private static final int POP3_CALLS = 3;
    private static final byte IN = 1;
    private static final byte BEEN_IN = 2;

    /// How it is at one moment.
    ///
    /// @param in owners who are served: connected, or their last visit went well
    /// @param tried log-ins of the last minute that the store was asked for, each second
    /// @param granted of them that came to their end
    /// @param told that their turn had not come
    /// @param served share of calls that were served
    /// @param backlog mails that wait in the queue
    /// @param refused mails that other servers could not hand over in the last minute, each second
    /// @param steps of the plan that are in
    record Point(
            int second, int in, double tried, double granted, double told, double served, double p99Millis,
            double load, long backlog, double refused, int steps) {}

    /// How it went.
    ///
    /// @param broken sessions that broke
    /// @param wasted log-ins that were begun and came to nothing
    /// @param lineSeconds between the first time an owner asked when his step was in and his coming in: the 99th of 100
    /// @param lineMost the longest
    record Run(List<Point> points, long broken, long granted, long wasted, int lineSeconds, int lineMost) {
        Point last() {
            return points.getLast();
        }

        /// Returns after how many seconds `count` owners were in for good; -1 if that was never.
        int reached(double count) {
            int reached = -1;
            for (Point point : points) {
                if (point.in() < count) reached = -1;
                else if (reached < 0) reached = point.second();
            }
            return reached;
        }
    }

    private static final Client[] CLIENTS = Client.values();

    private final World world;
    private final Store store;
    private final Mail mail;
    private final SplittableRandom random;
    private final Calendar calendar;
    private final byte[] kinds;
    private final byte[] state;
    private final byte[] tries;
    private final int[] asked;
    private final int[] connected;
    private final int[] events;
    private final int[] candidates;
    private final Second now = new Second();
    private final @Nullable Reopening reopening;
    private final Plan plan = Plan.of(false);
    private final Trail errors = new Trail(60);
    private final Trail p99 = new Trail(120);
    private final int[] waits = new int[24 * 60];
    private final List<Point> points = new ArrayList<>();
    private int connectedCount;
    private int pop3In;
    private int visiting;
    private int in;
    private long broken;
    private long wasted;
    private long grantedAll;
    private int longest;
    private double tried;
    private double granted;
    private double told;

    /// A clock that says which second it is.
    private static final class Second implements Clock {
        int second;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusSeconds(second);
        }

        @Override
        public long nanos() {
            return second * 1_000_000_000L;
        }
    }

    private Simulation(World world, boolean reopens) {
        this.world = world;
        this.random = new SplittableRandom(world.seed());
        this.store = new Store(world.opsPerSecond());
        this.calendar = new Calendar(world.accounts(), world.seconds());
        this.kinds = new byte[world.accounts()];
        this.state = new byte[world.accounts()];
        this.tries = new byte[world.accounts()];
        this.asked = new int[world.accounts()];
        this.connected = new int[world.accounts()];
        this.events = new int[world.accounts()];
        this.candidates = new int[world.accounts()];
        double part = world.accounts() / 140_000.0;
        this.mail = new Mail(world, plan, reopens, part);
        // One controller stands for those of all machines: its bounds are theirs together.
        var one = Reopening.Limits.STANDARD;
        var limits = new Reopening.Limits(
                one.least() * part, one.most() * part, one.more() * part, one.rest());
        var parts = new Reopening.Parts(Cohorts.BY_HASH, _ -> false, world::accounts, random.split());
        this.reopening = reopens
                ? new Reopening(Progress.begin(now.now(), "simulation", false, SOAK),
                        Gates.STANDARD, limits, parts, now)
                : null;
        populate();
    }

    private void populate() {
        for (int account = 0; account < world.accounts(); account++) {
            double which = random.nextDouble();
            int kind = 0;
            while (kind < CLIENTS.length - 1 && which >= CLIENTS[kind].share()) {
                which -= CLIENTS[kind].share();
                kind++;
            }
            kinds[account] = (byte) kind;
            asked[account] = -1;
            calendar.at(CLIENTS[kind].first(random), account);
        }
    }

    /// Runs it: the same world gives the same run.
    ///
    /// @param reopens whether owners are let in by steps, or all come at once
    static Run run(World world, boolean reopens) {
        var simulation = new Simulation(world, reopens);
        for (int second = 0; second < world.seconds(); second++) simulation.second(second);
        return simulation.result();
    }

    private void second(int second) {
        now.second = second;
        int count = come(second);
        begin();
        int steps = steps();
        mail.begin(second, store, steps);
        double served = store.serve();
        mail.serve(served, store, steps);
        serve(second, count, served);
        breakOff(second, served);
        look(served);
        if ((second + 1) % EVERY == 0) point(second + 1, served);
    }

    private int steps() {
        return reopening == null ? plan.steps().size() : Math.min(reopening.progress().in(), plan.steps().size());
    }

    /// Whoever comes in this second asks to be let in; returns how many are.
    private int come(int second) {
        int coming = calendar.take(second, events);
        int count = 0;
        for (int i = 0; i < coming; i++) {
            int account = events[i];
            Client client = client(account);
            if (state[account] == IN) {
                // A person who has read enough.
                visiting--;
                state[account] = BEEN_IN;
                continue;
            }
            if (!mayEnter(second, account, client)) continue;
            candidates[count++] = account;
            store.begin(calls(account, client), 1);
        }
        return count;
    }

    private Client client(int account) {
        return CLIENTS[kinds[account]];
    }

    private boolean mayEnter(int second, int account, Client client) {
        if (reopening == null) return true;
        var id = new AccountId(account);
        boolean held = reopening.holds(id);
        if (!held && asked[account] == -1) asked[account] = second;
        return switch (reopening.ask(id, client.door())) {
            case Answer.In _ -> true;
            case Answer.NotYet(var _, var _, Duration retry) -> {
                told++;
                int after = client.told(more(account), retry.toMillis() / 1e3, random);
                calendar.at(second + Math.max(1, after), account);
                yield false;
            }
        };
    }

    private int more(int account) {
        if (tries[account] < 100) tries[account]++;
        return tries[account];
    }

    /// What goes on beside: sessions, and POP3.
    private void begin() {
        store.begin(1, connectedCount / Client.PHONE.secondsForACall());
        store.begin(1, visiting / Client.WEBMAIL.secondsForACall());
        store.begin(POP3_CALLS, pop3In / 900.0);
    }

    private void serve(int second, int count, double served) {
        for (int i = 0; i < count; i++) {
            int account = candidates[i];
            Client client = client(account);
            tried++;
            boolean whole = random.nextDouble() < Math.pow(served, calls(account, client));
            if (whole) enter(second, account, client);
            else {
                wasted++;
                calendar.at(second + client.again(more(account), random), account);
            }
        }
    }

    private int calls(int account, Client client) {
        return state[account] == BEEN_IN ? AGAIN_CALLS : client.calls();
    }

    private void enter(int second, int account, Client client) {
        granted++;
        grantedAll++;
        tries[account] = 0;
        if (asked[account] >= 0) {
            int wait = second - asked[account];
            waits[Math.min(waits.length - 1, wait / 60)]++;
            longest = Math.max(longest, wait);
            asked[account] = -2;
        }
        if (client.stays()) connected[connectedCount++] = account;
        else if (client == Client.POP3) pop3In++;
        else {
            visiting++;
            calendar.at(second + VISIT_SECONDS, account);
        }
        state[account] = client == Client.WEBMAIL ? IN : BEEN_IN;
        in++;
    }

    /// Sessions one of whose calls failed.
    private void breakOff(int second, double served) {
        double failing = connectedCount / Client.PHONE.secondsForACall() * (1 - served) * BREAKS;
        int count = (int) failing + (random.nextDouble() < failing % 1 ? 1 : 0);
        for (int i = 0; i < count && connectedCount > 0; i++) {
            int at = random.nextInt(connectedCount);
            int account = connected[at];
            connected[at] = connected[--connectedCount];
            broken++;
            in--;
            calendar.at(second + client(account).again(more(account), random), account);
        }
    }

    private void look(double served) {
        errors.add(1 - served);
        p99.add(store.p99Millis());
        if (reopening == null) return;
        var measured = new Measured(
                now.nanos(), OptionalDouble.of(errors.mean()), OptionalDouble.of(p99.second()),
                OptionalDouble.of(mail.readySeconds(steps())), Optional.of(List.of()),
                store.oldestMillis());
        reopening.look(measured).ifPresent(reopening::take);
    }

    private void point(int second, double served) {
        points.add(new Point(
                second, in, tried / EVERY, granted / EVERY, told / EVERY, served, p99.second(), store.load(),
                mail.backlog(), mail.takeRefused() / EVERY, steps()));
        tried = 0;
        granted = 0;
        told = 0;
    }

    private Run result() {
        long all = 0;
        for (int wait : waits) all += wait;
        long so = 0;
        int minute = 0;
        while (minute < waits.length - 1 && so + waits[minute] < all * 0.99) so += waits[minute++];
        return new Run(points, broken, grantedAll, wasted, minute * 60, longest);
    }
}
