package casella.bench.reopening;

import casella.continuity.reopen.Gates;
import casella.continuity.reopen.Plan;
import casella.queue.Pace;

/// Mail: what waits in our queue, what comes, and what other servers kept and try again to send. In numbers, not one by one.
final class Mail {
    /// Calls to the store to file one.
    private static final int CALLS = 2;
    private static final int ROUNDS_MAX = 20;
    /// Connections of other servers at a time, for each account there is.
    private static final double CONNECTIONS = 1 / 900.0;
    private static final double QUEUED_SECONDS = 0.05;
    private static final int RETRY_FIRST = 300;
    private static final int RETRY_LAST = 4_000;
    private static final int CLASSES = 5;
    private static final double DAYS_SECONDS = 3 * World.DAY;

    private final World world;
    private final Plan plan;
    private final boolean reopens;
    private final double part;
    private final Pace pace = new Pace(Pace.WIDTH_MAX);
    private final double[] waiting;
    private final double[][] remote;
    private double direct;
    private double accepted;
    private double refused;

    Mail(World world, Plan plan, boolean reopens, double part) {
        this.world = world;
        this.plan = plan;
        this.reopens = reopens;
        this.part = part;
        this.waiting = new double[plan.steps().size()];
        for (int i = 0; i < waiting.length; i++) waiting[i] = world.backlog() * share(i);
        this.remote = new double[CLASSES][world.seconds() + RETRY_LAST + 1];
        // Each of the messages that others kept is somewhere between two tries.
        double each = world.remote() / (double) RETRY_LAST;
        for (int second = 0; second < RETRY_LAST; second++) remote[CLASSES - 1][second] = each;
    }

    private double share(int step) {
        return plan.steps().get(step).share() / 100.0;
    }

    private double ready(int steps) {
        double ready = 0;
        for (int i = 0; i < steps; i++) ready += waiting[i];
        return ready;
    }

    /// Has what comes be begun in this second.
    void begin(int second, Store store, int steps) {
        double coming = world.mailsPerSecond();
        for (int i = 0; i < CLASSES; i++) coming += remote[i][second];
        double into = reopens ? plan.shareOf(steps) / 100.0 : 1;
        double seconds = QUEUED_SECONDS + CALLS * store.meanMillis() / 1e3 * into;
        accepted = Math.min(coming, world.accounts() * CONNECTIONS / seconds);
        refuse(second, coming);
        direct = accepted * into;
        store.begin(CALLS, direct);
    }

    /// Those that find no connection try again later, ever later.
    private void refuse(int second, double coming) {
        if (coming <= 0) return;
        double share = (coming - accepted) / coming;
        refused += coming - accepted;
        for (int i = 0; i < CLASSES; i++) {
            double count = remote[i][second] + (i == 0 ? world.mailsPerSecond() : 0);
            int to = Math.min(CLASSES - 1, i + 1);
            int later = second + Math.min(RETRY_LAST, RETRY_FIRST << i);
            remote[to][later] += count * share;
        }
    }

    /// Takes note of what was served, and drains.
    void serve(double served, Store store, int steps) {
        double whole = Math.pow(served, CALLS);
        double ready = ready(steps);
        // With less than that waiting, fewer filings are under way.
        double drained = store.fill(Math.min(ready, pace.width() * part), CALLS);
        file(Math.min(ready, drained * whole));
        int out = plan.steps().size() - steps;
        keep(direct * (1 - whole), 0, steps);
        if (out > 0) keep(accepted - direct, steps, plan.steps().size());
        double roundSeconds = CALLS * store.meanMillis() / 1e3;
        int rounds = (int) Math.clamp(1 / roundSeconds, 1, ROUNDS_MAX);
        for (int i = 0; i < rounds && ready > 0; i++) {
            int failed = (int) Math.round(pace.width() * (1 - whole));
            boolean slow = roundSeconds * 1e3 > Pace.SLOW.toMillis();
            boolean strained = Gates.STANDARD.crowded(store.oldestMillis(pace.width() * part));
            pace.round(pace.width() - failed, failed, reopens && (strained || slow));
        }
    }

    /// Mail that waits for owners of those steps.
    private void keep(double count, int from, int until) {
        double all = 0;
        for (int i = from; i < until; i++) all += share(i);
        for (int i = from; i < until && all > 0; i++) waiting[i] += count * share(i) / all;
    }

    private void file(double count) {
        double left = count;
        for (int i = 0; i < waiting.length && left > 0; i++) {
            double one = Math.min(left, waiting[i]);
            waiting[i] -= one;
            left -= one;
        }
    }

    /// Returns how old the oldest mail is that may be filed.
    double readySeconds(int steps) {
        return ready(steps) < 1 ? 0 : DAYS_SECONDS;
    }

    long backlog() {
        return Math.round(ready(waiting.length));
    }

    double takeRefused() {
        double now = refused;
        refused = 0;
        return now;
    }
}
