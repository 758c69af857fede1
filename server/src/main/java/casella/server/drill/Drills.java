package casella.server.drill;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.server.config.Units;
import casella.server.control.DrillOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.control.Parts;
import casella.server.drill.january.January;
import casella.server.health.Audit;
import casella.server.health.Doctor;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries out orders for drills, one at a time, and hands every other order on.
public final class Drills implements Operations, AutoCloseable {
    /// For how long a fault is when nobody says, on a server that is marked as a demo.
    public static final Duration TIME = Duration.ofSeconds(60);

    private static final Duration TIME_MIN = Duration.ofSeconds(1);
    private static final Duration TIME_MAX = Duration.ofMinutes(10);
    private static final int PAGE = 100;
    /// Pages of the directory that are looked through for them.
    private static final int PAGES_MAX = 100;
    private static final long TELL_MILLIS = 250;

    private final Scene scene;
    private final Reports reports;
    private final Operations others;
    private final AtomicReference<@Nullable Run> running = new AtomicReference<>();
    private volatile boolean closed;

    /// @param others carries out every other order
    public Drills(Scene scene, Operations others) {
        this.scene = scene;
        this.reports = new Reports(scene.folder());
        this.others = others;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof DrillOrder ours)) return others.perform(order, body, out);
        return switch (ours) {
            case DrillOrder.DrillRun asked -> run(asked, out);
            case DrillOrder.DrillStop _ -> stop(Audit.by());
            case DrillOrder.DrillReports(String drill) -> kept(() -> {
                reports.rows(drill).forEach(out::row);
                return new Outcome.Done(Json.object());
            });
            case DrillOrder.DrillReport(String report) -> kept(() -> new Outcome.Done(reports.facts(report)));
        };
    }

    private static Outcome kept(Supplier<Outcome> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            return new Outcome.NotReachable(String.valueOf(e.getMessage()));
        }
    }

    /// Ends the fault of the drill that runs. Its report comes when everything is as before.
    private Outcome stop(String by) {
        Run run = running.get();
        if (run == null) return new Outcome.Done(Json.object().put("runs", false).put("stopped", false));
        boolean stopped = run.cut("stopped by " + by);
        return new Outcome.Done(run.told().put("runs", true).put("stopped", stopped));
    }

    private Outcome run(DrillOrder.DrillRun asked, Output out) {
        try {
            Run run = begun(asked, Audit.by());
            try {
                if (Boolean.TRUE.equals(asked.background())) return begun(run);
                while (!run.ended(TELL_MILLIS)) run.tell(out);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome.NotReachable("drill: interrupted; it goes on to its end");
            }
            boolean passed = run.facts().path("passed").asBoolean(false);
            return passed ? new Outcome.Done(run.facts()) : new Outcome.Found(run.facts());
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused("drill: " + e.getMessage() + " " + e.facts());
        }
    }

    /// Waits until the fault is on.
    private static Outcome begun(Run run) throws InterruptedException {
        while (!run.suffers()) {
            if (run.ended(TELL_MILLIS)) return new Outcome.Found(run.facts());
        }
        return new Outcome.Done(run.told());
    }

    private Run begun(DrillOrder.DrillRun asked, String by) {
        if (asked.name().equals(January.WORD)) {
            throw new IllegalArgumentException("drill: " + January.WORD + " is run by its command, in a server of its own");
        }
        Drill drill = Drill.of(asked.name()).orElseThrow(() -> new IllegalArgumentException(
                "drill: there is no '" + asked.name() + "'; there are " + Drill.words()));
        if (!scene.demo() && (asked.cohort() == null || asked.time() == null)) {
            throw new IllegalArgumentException("drill: this server is not a demo and its owners are real: say"
                    + " whom it shall hit and for how long, as in casella drill run " + drill.word()
                    + " --cohort all --for 60s (or --cohort ADDRESS)");
        }
        if (running.get() != null) throw another();
        Duration time = time(asked.time());
        Scale scale = scale(asked.scale());
        well();
        @Nullable Account one = one(asked.cohort());
        OwnAccount own = OwnAccount.ready(scene.registrar(), scene.accounts());
        Cohort cohort = cohort(asked.cohort(), one, own);
        List<AccountId> measured = one == null ? some(cohort, own, scale.accounts()) : List.of(one.id());
        var damage = new Damage(scene, drill, cohort, time, asked.technology());
        try {
            damage.prepare();
        } catch (Fault e) {
            if (damage.node() != null) damage.node().close();
            throw e;
        }
        var order = new Run.Order(drill, cohort, time, by, own, measured, scale);
        var run = new Run(scene, order, damage, reports);
        if (!running.compareAndSet(null, run)) throw another();
        try {
            if (closed) throw new IllegalArgumentException("drill: the server stops");
            run.start(() -> running.compareAndSet(run, null));
            return run;
        } catch (IllegalArgumentException e) {
            running.set(null);
            throw e;
        }
    }

    private IllegalArgumentException another() {
        Run run = running.get();
        return new IllegalArgumentException(run == null
                ? "drill: another one just ended; try again"
                : "drill: %s runs since %s by order of %s; there is one at a time".formatted(
                        run.order().drill().word(), run.begun(), run.order().by()));
    }

    private static Duration time(@Nullable String text) {
        if (text == null) return TIME;
        Duration time = Units.duration(text).orElseThrow(() -> new IllegalArgumentException(
                "for: '" + text + "' is no time like 30s or 2m"));
        if (time.compareTo(TIME_MIN) < 0 || time.compareTo(TIME_MAX) > 0) {
            throw new IllegalArgumentException("for: must be 1s to 10m");
        }
        return time;
    }

    private static Scale scale(@Nullable String word) {
        if (word == null) return Scale.SMALL;
        return Scale.of(word).orElseThrow(() -> new IllegalArgumentException(
                "scale: must be small or full, not '" + word + "'"));
    }

    /// A drill on a server that is not well would be measured against trouble that is real.
    private void well() {
        for (Parts.Part part : scene.parts().parts()) {
            if (part.state() == Parts.State.GONE) {
                throw new IllegalArgumentException("drill: " + part.name() + " is gone (" + part.detail()
                        + "): that is no drill. When casella status is well, try again");
            }
            if (part.name().equals("standby")) {
                throw new IllegalArgumentException("drill: accounts are away from their engine (casella"
                        + " standby list): when they are back, try again");
            }
        }
    }

    private Cohort cohort(@Nullable String word, @Nullable Account one, OwnAccount own) {
        if (word == null || word.equals("all")) return new Cohort.All();
        if (one != null) return new Cohort.Some(Set.of(one.id(), own.id()), one.address());
        return casella.continuity.cohort.Cohort.of(word)
                .map(slice -> new Cohort.Slice(slice, scene.cohorts(), own.id()))
                .orElseThrow();
    }

    /// @return null for all, and for a cohort
    private @Nullable Account one(@Nullable String cohort) {
        if (cohort == null || cohort.equals("all")) return null;
        if (casella.continuity.cohort.Cohort.of(cohort).isPresent()) return null;
        Account account = scene.registrar().find(cohort).orElseThrow(() -> new IllegalArgumentException(
                "cohort: must be all, the name of a cohort (casella cohort list) or the address of an account;"
                        + " there is no '" + cohort + "'"));
        if (!account.active()) throw new IllegalArgumentException("cohort: that account is not active");
        return account;
    }

    /// Accounts whose reading is measured where many suffer: the first ones of the directory that are active and of the
    /// cohort.
    private List<AccountId> some(Cohort cohort, OwnAccount own, int most) {
        var some = new ArrayList<AccountId>();
        String after = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            Registrar.Listing found = scene.registrar().list(after, PAGE);
            for (Account account : found.accounts()) {
                after = account.address();
                boolean other = account.active() && !account.id().equals(own.id());
                if (other && cohort.includes(account.id())) some.add(account.id());
                if (some.size() == most) return some;
            }
            if (found.accounts().size() < PAGE) break;
        }
        return some;
    }

    /// Returns the drill that runs, for whoever is told of trouble; null when none does.
    public Doctor.@Nullable Drill running() {
        Run run = running.get();
        return run == null ? null : new Doctor.Drill(run.begun(), run.words());
    }

    /// Ends the drill that runs, and takes no more.
    @Override
    public void close() {
        closed = true;
        Run run = running.get();
        if (run != null) run.stop();
    }
}
