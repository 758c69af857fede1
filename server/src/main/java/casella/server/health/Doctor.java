package casella.server.health;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks at the server's figures every few seconds, and knows what is wrong and since when.
///
/// A symptom is over when it was not seen for [#CALM]: one that comes and goes is one. Answers come from memory.
public final class Doctor implements AutoCloseable {
    /// Something that is wrong now.
    ///
    /// @param since when it was first seen by this process
    /// @param seen what is seen of it: numbers and names of parts, never an account
    public record Finding(Symptom symptom, Instant since, String seen) {}

    /// Something that was.
    public record Past(Symptom symptom, Instant since, Instant until) {}

    /// Something is made to suffer on purpose.
    ///
    /// @param words as an operator reads it
    public record Drill(Instant since, String words) {}

    /// Is told what begins and ends, on the doctor's thread; must not wait.
    public interface Listener {
        void began(Finding finding);

        void ended(Past past);
    }

    public static final Duration EVERY = Duration.ofSeconds(5);
    static final Duration CALM = Duration.ofSeconds(30);
    private static final int PAST_MAX = 50;

    /// @param lastSeen clock nanoseconds
    private record Active(Finding finding, long lastSeen) {}

    private final Figures figures;
    private final Clock clock;
    private final List<Listener> listeners;
    private final Supplier<@Nullable Drill> drill;
    private final History history = new History();
    private final Trends trends = new Trends();
    private final Map<Symptom, Active> active = new EnumMap<>(Symptom.class);
    private final Deque<Past> past = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<Finding> findings = List.of();
    private volatile List<Past> recent = List.of();

    /// @param drill the one that runs, null when none does: what is seen since it began is told with its name
    public Doctor(Figures figures, Clock clock, Metrics metrics, List<Listener> listeners,
            Supplier<@Nullable Drill> drill) {
        this.figures = figures;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
        this.drill = drill;
        for (Symptom symptom : Symptom.values()) {
            metrics.gauge(Metric.SYMPTOM_ACTIVE, () -> has(symptom) ? 1 : 0, symptom.id());
        }
    }

    private boolean has(Symptom symptom) {
        return findings.stream().anyMatch(finding -> finding.symptom() == symptom);
    }

    /// Begins to look, for as long as this is open.
    public Doctor start() {
        Thread.ofVirtual().name("doctor").start(this::work);
        return this;
    }

    private void work() {
        try {
            do {
                look();
            } while (!closed.await(EVERY.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Looks once.
    public synchronized void look() {
        try {
            long now = clock.nanos();
            history.look(figures, now);
            trends.look(figures, clock.now());
            for (Symptom symptom : Symptom.values()) look(symptom, now);
        } catch (RuntimeException e) {
            // A figure that cannot be had must not end the looking.
            Log.event(Event.DOCTOR_FAILED, e);
        }
        findings = active.values().stream()
                .map(Active::finding)
                .sorted(Comparator.comparing((Finding finding) -> finding.symptom().level()).reversed()
                        .thenComparing(Finding::symptom))
                .toList();
        recent = List.copyOf(past);
    }

    /// Returns how the figures went that matter.
    public Trends trends() {
        return trends;
    }

    private void look(Symptom symptom, long now) {
        Active before = active.get(symptom);
        var seen = symptom.seen(figures, history);
        if (seen.isPresent()) {
            Instant since = before == null ? clock.now() : before.finding().since();
            var finding = new Finding(symptom, since, named(seen.get(), since));
            active.put(symptom, new Active(finding, now));
            if (before == null) began(finding);
        } else if (before != null && now - before.lastSeen() >= CALM.toNanos()) {
            active.remove(symptom);
            ended(new Past(symptom, before.finding().since(), clock.now()));
        }
    }

    /// Somebody who is called at night must know what was done on purpose; and what began before is none of that.
    private String named(String seen, Instant since) {
        Drill now = drill.get();
        return now == null || since.isBefore(now.since()) ? seen : seen + " [" + now.words() + "]";
    }

    private void began(Finding finding) {
        if (finding.symptom().level() != Symptom.Level.NOTICE) {
            Log.event(Event.SYMPTOM_SEEN, "symptom", finding.symptom().id(), "seen", finding.seen());
        }
        for (Listener listener : listeners) listener.began(finding);
    }

    private void ended(Past ended) {
        past.addFirst(ended);
        if (past.size() > PAST_MAX) past.removeLast();
        if (ended.symptom().level() != Symptom.Level.NOTICE) {
            Log.event(Event.SYMPTOM_OVER, "symptom", ended.symptom().id(), "since", ended.since());
        }
        for (Listener listener : listeners) listener.ended(ended);
    }

    /// Returns what is wrong as of the last look, what matters most first.
    public List<Finding> findings() {
        return findings;
    }

    /// Returns what was wrong and is over, the newest first; at most 50.
    public List<Past> recent() {
        return recent;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
