package casella.server.control;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.continuity.burnin.BurnIn;
import casella.continuity.burnin.Findings;
import casella.continuity.burnin.Plan;
import casella.continuity.burnin.Report;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The burn-in of this server's new vault: one at a time, in the background, with a report of each in `burn-ins` in the data
/// folder. It goes on whoever waits for it, until its end, a stop, or the end of the server. Safe from any thread.
public final class BurnIns implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final ReportFolder reports;
    private final Clock clock;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private volatile boolean closed;

    public BurnIns(Path data, Clock clock) {
        this.reports = new ReportFolder(data.resolve("burn-ins"));
        this.clock = clock;
    }

    /// One that was begun.
    public final class Running {
        private final String vault;
        private final BurnIn burnIn;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable ObjectNode report;

        private Running(Vault vault, Plan plan) {
            this.vault = vault.name();
            this.burnIn = new BurnIn(vault, plan, clock, (_, _) -> {});
        }

        public String vault() {
            return vault;
        }

        public BurnIn.Where progress() {
            return burnIn.progress();
        }

        public void stop(String why) {
            burnIn.stop(why);
        }

        /// Waits for the end. Returns whether it came.
        public boolean ended(long millis) throws InterruptedException {
            return ended.await(millis, TimeUnit.MILLISECONDS);
        }

        /// Returns the report, with its `folder`; null before the end, and when it ended in a mistake of ours.
        public @Nullable ObjectNode report() {
            return report;
        }

        private void run(Consumer<Findings> told) {
            try {
                Log.event(Event.BURN_IN_BEGAN, "vault", vault);
                Findings found = burnIn.run();
                Log.event(Event.BURN_IN_ENDED, "vault", vault, "verdict", found.verdict().word(), "why",
                        found.verdict().reason());
                ObjectNode json = Report.json(found);
                Path place = reports.place(found.begun(), vault);
                json.put("folder", place.toString());
                report = json;
                told.accept(found);
                keep(place, found, json);
            } catch (RuntimeException e) {
                Log.event(Event.BURN_IN_FAILED, e, "vault", vault);
            } finally {
                running.compareAndSet(this, null);
                ended.countDown();
            }
        }

        private void keep(Path place, Findings found, ObjectNode json) {
            var files = new LinkedHashMap<String, String>();
            files.put("report.md", Report.markdown(found));
            files.put("plot.svg", Report.plot(found));
            files.put("report.json", json.toPrettyString() + "\n");
            reports.keep(place, files);
        }
    }

    /// Begins one, or returns the one that runs over the same vault.
    ///
    /// @param told what was found, before the report is written
    /// @throws IllegalArgumentException if another runs, or the server stops
    public synchronized Running begin(Vault vault, Plan plan, Consumer<Findings> told) {
        Running now = running.get();
        if (now != null) {
            if (now.vault().equals(vault.name())) return now;
            throw new IllegalArgumentException("vault: " + now.vault() + " is being burned in; one at a time");
        }
        if (closed) throw new IllegalArgumentException("vault: the server stops");
        var next = new Running(vault, plan);
        running.set(next);
        Thread.ofVirtual().name("burn-in").start(() -> next.run(told));
        return next;
    }

    /// Returns the one that runs over a vault; null when none does.
    public @Nullable Running of(String vault) {
        Running now = running.get();
        return now != null && now.vault().equals(vault) ? now : null;
    }

    /// Returns where the newest report of a vault is; null when there is none.
    public @Nullable Path newest(String vault) {
        return reports.newest(vault).orElse(null);
    }

    /// Stops the one that runs. What it cannot remove in half a minute the next one removes.
    @Override
    public void close() {
        Running now;
        synchronized (this) {
            closed = true;
            now = running.get();
        }
        if (now == null) return;
        now.stop("the server was stopped");
        try {
            var _ = now.ended(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
