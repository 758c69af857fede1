package casella.server.reopen;

import casella.base.Clock;
import casella.base.Metric;
import casella.continuity.reopen.Measured;
import casella.server.health.Figures;
import casella.store.health.Watch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Measures for a reopening how the server is, out of its own figures: what is shown to Prometheus is what decides. One
/// thread's.
public final class Measures {
    private static final Duration BACK = Duration.ofMinutes(1);
    /// Answers that say that something of ours is broken.
    private static final Set<String> FAULTS =
            Set.of("away", "unknown", "fault", "serverUnavailable", "serverFail", "serverPartialFail");
    /// Commands by which owners notice that it is slow; not IDLE, which is meant to be long.
    private static final List<String> COMMANDS = List.of("select", "fetch", "status", "listmailboxes");

    private final Figures figures;
    private final List<Watch> watches;
    private final Clock clock;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /// Since the start.
    private record Sample(long nanos, double all, double failed) {}

    /// @param watches the probe lanes of engine and vaults
    public Measures(Figures figures, List<Watch> watches, Clock clock) {
        this.figures = figures;
        this.watches = List.copyOf(watches);
        this.clock = clock;
    }

    /// Measures now. Never waits.
    ///
    /// @param wait for how long the oldest call to the store had waited, at most, since this was last called
    public Measured now(Duration wait) {
        return new Measured(
                clock.nanos(), errors(), p99(), backlog(), Optional.of(gone()), wait.toNanos() / 1e6);
    }

    private OptionalDouble errors() {
        double all = 0;
        double failed = 0;
        for (Metric metric : List.of(
                Metric.DIRECTORY_LOGINS, Metric.STORE_CHANGES, Metric.IMAP_COMMANDS, Metric.POP3_COMMANDS,
                Metric.JMAP_CALLS)) {
            for (Map.Entry<List<String>, Double> line : figures.lines(metric).entrySet()) {
                String outcome = line.getKey().getLast();
                if (outcome.equals("not-yet")) continue;
                all += line.getValue();
                if (FAULTS.contains(outcome)) failed += line.getValue();
            }
        }
        long now = clock.nanos();
        samples.addLast(new Sample(now, all, failed));
        while (samples.size() > 2 && now - samples.getFirst().nanos() > BACK.toNanos()) samples.removeFirst();
        double asked = all - samples.getFirst().all();
        // Nobody asked: nothing failed.
        return OptionalDouble.of(asked <= 0 ? 0 : (failed - samples.getFirst().failed()) / asked);
    }

    /// Probes are made also when nobody is logged in: without one of the engine there is no figure.
    private OptionalDouble p99() {
        double probe = figures.millis(Metric.PART_PROBE_SECONDS, 0.99, "engine");
        if (Double.isNaN(probe)) return OptionalDouble.empty();
        double slowest = Math.max(probe, here(Metric.STORE_CHANGE_SECONDS));
        for (String command : COMMANDS) {
            slowest = Math.max(slowest, here(Metric.IMAP_COMMAND_SECONDS, command));
        }
        return OptionalDouble.of(slowest);
    }

    private double here(Metric timer, String... labels) {
        double millis = figures.millis(timer, 0.99, labels);
        return Double.isNaN(millis) ? 0 : millis;
    }

    private OptionalDouble backlog() {
        Double seconds = figures.lines(Metric.QUEUE_READY_SECONDS).get(List.of());
        return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    }

    /// The engine, a queue that takes no mail, and vaults when no more than half of them answer: with one of two away owners
    /// notice nothing.
    private List<String> gone() {
        var gone = new ArrayList<String>();
        var vaults = new ArrayList<String>();
        long all = 0;
        for (Watch watch : watches) {
            boolean engine = watch.breaker().part().equals("engine");
            if (!engine) all++;
            if (watch.breaker().closed()) continue;
            (engine ? gone : vaults).add(watch.breaker().part());
        }
        if (vaults.size() * 2L > all) gone.addAll(vaults);
        if (figures.lines(Metric.QUEUE_TAKES).containsValue(0.0)) gone.add("queue");
        return gone;
    }
}
