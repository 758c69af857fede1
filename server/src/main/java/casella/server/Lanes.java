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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The probe lanes of tail, directory and queue: real writes and reads on threads of their own, so that it is known how quick
/// each is, and since when one is gone. They keep nobody out: each of these parts has its own way of doing without.
final class Lanes implements AutoCloseable {
    /// One that is gone is whole again when it answered for so long.
    private static final Breaker.Rule RULE = new Breaker.Rule(
            Integer.MAX_VALUE, Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofMinutes(1));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Map<String, Watch> watches = new TreeMap<>();

    private Lanes() {}

    static Lanes start(
            Storage storage, SqliteDirectory directory, LocalQueue queue, Clock clock, Metrics metrics) {
        var lanes = new Lanes();
        lanes.watch("tail", storage::probeTail, clock, metrics);
        lanes.watch("directory", directory::probe, clock, metrics);
        lanes.watch("queue", queue::probe, clock, metrics);
        return lanes;
    }

    private void watch(String part, Watch.Probe probe, Clock clock, Metrics metrics) {
        var breaker = new Breaker(part, RULE, clock);
        var watch = new Watch(breaker, probe, () -> {}, Watch.Pace.STANDARD, clock, metrics);
        watches.put(part, watch);
        opened.add(watch);
        watch.start();
    }

    /// Returns `otherwise` while the part of that name answers its probes, and what is wrong while it does not.
    Part part(Part otherwise) {
        Watch watch = watches.get(otherwise.name());
        if (watch == null) return otherwise;
        Breaker breaker = watch.breaker();
        return switch (breaker.state()) {
            case OPEN -> new Part(otherwise.name(), State.GONE, breaker.why(), breaker.since());
            case CLOSED, RETURNING -> otherwise.state() == State.WHOLE
                    ? new Part(otherwise.name(), State.WHOLE, "", breaker.since()) : otherwise;
        };
    }

    /// Says whether the part of that name answered its last probe and had room. Never waits.
    boolean well(String part) {
        Watch watch = watches.get(part);
        return watch == null || watch.well();
    }

    @Override
    public void close() {
        Closing.all(opened);
    }
}
