package casella.server;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.directory.Directory;
import casella.server.control.Parts;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How the parts of this server are: each one is probed every few seconds, and the last answer is kept.
final class ServerParts implements Parts, AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration TIME = Duration.ofSeconds(2);

    private final Directory directory;
    private final Storage storage;
    private final Set<String> listeners;
    private final Map<String, Part> latest = new ConcurrentSkipListMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param listeners names of open ports; may grow
    ServerParts(Directory directory, Storage storage, Set<String> listeners) {
        this.directory = directory;
        this.storage = storage;
        this.listeners = listeners;
        watch("engine", () -> storage.engine().probe(TIME));
        for (Vault vault : storage.vaults()) watch("vault." + vault.name(), () -> vault.probe(TIME));
    }

    /// One virtual thread a part, so that one that hangs delays no other. The probe itself enters the part's bulkhead.
    private void watch(String name, Runnable probe) {
        latest.put(name, Part.whole(name));
        Thread.ofVirtual()
                .name("probe-" + name)
                .start(
                        () -> {
                            do {
                                note(name, probe);
                            } while (!over());
                        });
    }

    private boolean over() {
        try {
            return closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void note(String name, Runnable probe) {
        Part now;
        try {
            probe.run();
            now = Part.whole(name);
        } catch (Fault e) {
            now = new Part(name, State.GONE, String.valueOf(e.getMessage()));
        }
        Part before = latest.put(name, now);
        if (before != null && before.state() != now.state()) {
            Log.event(now.state() == State.WHOLE ? Event.PART_BACK : Event.PART_GONE, "part", name, "why", now.detail());
        }
    }

    @Override
    public List<Part> parts() {
        var all = new ArrayList<>(latest.values());
        all.add(
                switch (directory.condition()) {
                    case Directory.Condition.Whole() -> Part.whole("directory");
                    case Directory.Condition.ReadOnly(String why, var _) ->
                            new Part("directory", State.DEGRADED, why);
                });
        int differing = storage.closedAccounts().size();
        all.add(
                differing == 0
                        ? Part.whole("tail")
                        : new Part("tail", State.DEGRADED, "Accounts whose engine and tail differ are not served"));
        for (String listener : List.copyOf(listeners)) all.add(Part.whole("listener." + listener));
        return all;
    }

    @Override
    public Debt debt() {
        casella.store.Debt.Figures figures = storage.accounts().copies().debt().figures();
        return new Debt(figures.objects(), figures.bytes(), figures.accounts(), figures.oldestSeconds());
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
