package casella.server;

import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.SqliteDirectory;
import casella.queue.LocalQueue;
import casella.server.control.Parts.Part;
import casella.server.control.Parts.State;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The probe lanes of tail, directory and queue: real writes and reads on threads of their own, so that it is known how quick
/// each is, and since when one is gone. They keep nobody out: each of these parts has its own way of doing without.
final class Lanes implements AutoCloseable {
    /// One that is gone is whole again when it answered for so long.
    private static final Breaker.Rule RULE = new Breaker.Rule(
            Integer.MAX_VALUE, Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofMinutes(1));

    private static final String AGAIN = "It answers again, and is whole when it did so for a moment";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, Watch> watches = new TreeMap<>();

    private Lanes() {}

    static Lanes start(
            Storage storage, SqliteDirectory directory, LocalQueue queue, Clock clock, Metrics metrics) {
        return start(
                Map.of("tail", storage::probeTail, "directory", directory::probe, "queue", queue::probe),
                Watch.Pace.STANDARD, clock, metrics);
    }

    /// @param probes by the part's name
    static Lanes start(Map<String, Watch.Probe> probes, Watch.Pace pace, Clock clock, Metrics metrics) {
        var lanes = new Lanes();
        probes.forEach((part, probe) -> {
            var breaker = new Breaker(part, RULE, clock);
            var watch = new Watch(breaker, probe, () -> {}, pace, clock, metrics);
            lanes.watches.put(part, watch);
            lanes.opened.add(watch);
            watch.start();
        });
        return lanes;
    }

    /// Returns `otherwise` while the part of that name answers its probes, and what is wrong while it does not.
    Part part(Part otherwise) {
        Watch watch = watches.get(otherwise.name());
        if (watch == null) return otherwise;
        Breaker breaker = watch.breaker();
        boolean whole = otherwise.state() == State.WHOLE;
        return switch (breaker.state()) {
            case OPEN -> {
                if (!breaker.answers()) {
                    yield new Part(otherwise.name(), State.GONE, breaker.why(), breaker.since());
                }
                yield whole ? new Part(otherwise.name(), State.DEGRADED, AGAIN, breaker.since()) : otherwise;
            }
            case CLOSED, RETURNING -> whole
                    ? new Part(otherwise.name(), State.WHOLE, "", breaker.since()) : otherwise;
        };
    }

    /// Says whether the part of that name answered its last probe and had room. Never waits.
    boolean well(String part) {
        Watch watch = watches.get(part);
        return watch == null || watch.well();
    }

    /// Returns since when a part has not answered its probes; null while it does.
    @Nullable Instant goneSince(String part) {
        Watch watch = watches.get(part);
        if (watch == null || watch.breaker().state() != Breaker.State.OPEN) return null;
        return watch.breaker().since();
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
