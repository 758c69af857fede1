package casella.continuity.ladder;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.store.care.Mover;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes a new vault up stage by stage, by itself for as long as every gate holds.
///
/// On each stage the cohorts of it are brought over, then all is watched for its time. A gate that fails halts at once; one
/// that cannot be judged when the time is over halts as well: nothing that was not measured is good. Halted, it stays where
/// it is, because the old vault has everything and reads go there when the new one fails; whoever looks decides to go on or
/// to go back. Every step is kept before it is taken. Safe from any thread; [#step] is called every second or so.
public final class Ladder {
    /// What the ladder stands on.
    public interface Ground {
        /// Has the new vault get every write, except at [Stage#ADDED]; has the cohorts below the stage's limit be brought over
        /// and be read there first, and no others. Entered again, it begins again.
        void enter(Stage stage);

        /// Returns how far the accounts of the stage are.
        Mover.Progress moved();

        /// Returns why the new vault is not well, if it is not.
        Optional<String> trouble();

        /// Returns why this is no time to judge it, if it is none: another part is not well.
        Optional<String> unfair();

        /// Keeps a way; on the disk when this returns.
        ///
        /// @throws casella.base.Fault if it cannot be kept
        void keep(Climb climb);
    }

    private final Gates gates;
    private final Window window;
    private final Ground ground;
    private final Clock clock;
    private final Consumer<Climb> halted;
    private Climb climb;
    private Instant measuring;
    private @Nullable String waits;

    /// @param climb as it was kept; [#resume] goes on with it
    /// @param halted told of every halt
    public Ladder(Climb climb, Gates gates, Window window, Ground ground, Consumer<Climb> halted,
            Clock clock) {
        this.climb = climb;
        this.gates = gates;
        this.window = window;
        this.ground = ground;
        this.halted = halted;
        this.clock = clock;
        this.measuring = clock.now();
    }

    public synchronized Climb climb() {
        return climb;
    }

    public Figures figures() {
        return window.figures();
    }

    /// Returns what it waits for, if anything keeps it from going on that is no halt.
    public synchronized Optional<String> waitsFor() {
        return Optional.ofNullable(waits);
    }

    /// Goes on where the last process was: what is on the new vault is compared again before it counts.
    public synchronized void resume() {
        measure();
        ground.enter(climb.stage());
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.now().toEpochMilli());
    }

    private void measure() {
        window.begin();
        measuring = now();
    }

    /// Notes how the burn-in ended.
    public synchronized void burnedIn(String by, boolean passed, String why, Map<String, String> measured) {
        note(by, passed ? "burned-in" : "burn-in-failed", why, measured);
        take(climb.burnedIn(passed ? Climb.BurnIn.PASSED : Climb.BurnIn.FAILED));
    }

    /// Says whether it may begin the way up.
    ///
    /// @throws IllegalArgumentException as [#start]
    public synchronized void mayStart(boolean withoutBurnIn) {
        if (climb.stage() != Stage.ADDED) throw refused("it is on its way: " + climb.stage().word());
        if (climb.burnIn() == Climb.BurnIn.PASSED || withoutBurnIn) return;
        throw refused("its burn-in " + (climb.burnIn() == Climb.BurnIn.FAILED ? "failed" : "was not made")
                + " (casella vault burn-in " + climb.vault() + "); --without-burn-in goes without");
    }

    /// Begins the way up.
    ///
    /// @param soak how long each stage is watched; null for each stage's own time
    /// @param withoutBurnIn go although the burn-in did not pass, or was not made
    /// @throws IllegalArgumentException if it is not to be: the message says why
    public synchronized void start(String by, @Nullable Duration soak, long least, boolean withoutBurnIn) {
        mayStart(withoutBurnIn);
        boolean passed = climb.burnIn() == Climb.BurnIn.PASSED;
        Climb next = climb.termed(soak, least).forced(false);
        if (!passed) {
            next = next.burnedIn(Climb.BurnIn.SKIPPED)
                    .noting(new Evidence(now(), by, Stage.ADDED, "without-burn-in", "", Map.of()));
        }
        enter(next, by, Stage.SHADOW, "entered");
    }

    /// Goes on after a halt: on the same stage, measured anew.
    ///
    /// @param force without gates from now on, until it is taken back
    public synchronized void goOn(String by, boolean force) {
        if (climb.state() != Climb.State.HALTED && !force) throw refused("it does not stand still");
        if (climb.stage() == Stage.ADDED) throw refused("it is not on its way (casella vault start "
                + climb.vault() + ")");
        enter(climb.forced(climb.forced() || force), by, climb.stage(), force ? "forced-on" : "continued");
    }

    /// Stays where it is until somebody goes on.
    public synchronized void halt(String by, String why) {
        if (climb.stage() == Stage.ADDED) throw refused("it is not on its way");
        if (climb.state() == Climb.State.HALTED) return;
        stop(by, why);
    }

    /// Goes back to a lower stage, at once.
    public synchronized void rollBack(String by, Stage to) {
        if (to == climb.stage() && climb.stage() == Stage.ADDED) return;
        if (to.compareTo(climb.stage()) >= 0) throw refused("it is at " + climb.stage().word()
                + "; a lower stage is needed");
        enter(climb.forced(false), by, to, "taken-back");
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("vault: " + climb.vault() + ": " + why);
    }

    private void enter(Climb from, String by, Stage stage, String what) {
        Climb.State state = stage == Stage.ADDED ? Climb.State.RESTING : Climb.State.MOVING;
        Instant now = now();
        Map<String, String> measured = climb.stage() == Stage.ADDED ? Map.of() : window.figures().facts();
        Climb next = from.at(stage, state, now, "").noting(new Evidence(now, by, stage, what, "", measured));
        // The way back waits for no disk.
        boolean down = stage.compareTo(climb.stage()) < 0;
        if (down) ground.enter(stage);
        take(next);
        waits = null;
        measure();
        if (!down) ground.enter(stage);
        Log.event(Event.LADDER_STAGE, "vault", climb.vault(), "stage", stage.word(), "by", by, "what", what);
    }

    private void take(Climb next) {
        ground.keep(next);
        climb = next;
    }

    private void note(String by, String what, String why, Map<String, String> measured) {
        take(climb.noting(new Evidence(now(), by, climb.stage(), what, why, measured)));
    }

    private void stop(String by, String why) {
        Instant now = now();
        Figures measured = window.figures();
        take(climb.at(climb.stage(), Climb.State.HALTED, now, why)
                .noting(new Evidence(now, by, climb.stage(), "halted", why, measured.facts())));
        waits = null;
        Log.event(Event.LADDER_HALTED, "vault", climb.vault(), "stage", climb.stage().word(), "by", by,
                "why", why);
        halted.accept(climb);
    }

    /// Looks at the gates and takes the step that is due, if any.
    public synchronized void step() {
        if (climb.state() == Climb.State.RESTING || climb.state() == Climb.State.HALTED) return;
        if (climb.forced()) {
            if (!soaked()) return;
            climb.stage().next().ifPresent(next ->
                    enter(climb, Evidence.ITSELF, next, "entered-without-gates"));
            return;
        }
        Optional<String> failed = ground.trouble().map(why -> "health: the vault does not answer: " + why)
                .or(() -> gates().failed(window.figures()));
        if (failed.isPresent()) {
            stop(Evidence.ITSELF, failed.get());
            return;
        }
        waits = ground.unfair().orElse(null);
        Mover.Progress moved = ground.moved();
        switch (climb.state()) {
            case MOVING -> {
                if (moved.whole() && waits == null) moved(moved);
            }
            case SOAKING -> {
                if (soaked() && moved.whole() && waits == null) judge();
            }
            case PROVEN, RESTING, HALTED -> {}
        }
    }

    private Gates gates() {
        return gates.withData(climb.least());
    }

    private boolean soaked() {
        return !now().isBefore(climb.since().plus(climb.soaking()));
    }

    private void moved(Mover.Progress moved) {
        var measured = new LinkedHashMap<String, String>();
        measured.put("accounts", Long.toString(moved.accounts()));
        measured.put("objects", Long.toString(moved.objects()));
        measured.put("bytes", Long.toString(moved.bytes()));
        Instant now = now();
        take(climb.at(climb.stage(), Climb.State.SOAKING, now, "")
                .noting(new Evidence(now, Evidence.ITSELF, climb.stage(), "moved", "", measured)));
    }

    private void judge() {
        Figures measured = window.figures();
        Optional<String> missing = gates().missing(measured);
        if (missing.isPresent()) {
            // After a restart less was measured than the time says.
            if (now().isBefore(measuring.plus(climb.soaking()))) {
                waits = "not enough was measured yet since the server started";
                return;
            }
            stop(Evidence.ITSELF, missing.get());
            return;
        }
        Optional<Stage> next = climb.stage().next();
        Instant now = now();
        Climb passed = climb.noting(new Evidence(now, Evidence.ITSELF, climb.stage(), "passed", "",
                measured.facts()));
        if (next.isPresent()) enter(passed, Evidence.ITSELF, next.get(), "entered");
        else take(passed.at(Stage.ALL, Climb.State.PROVEN, now, ""));
    }

    /// Returns why the old vault cannot be retired yet, as far as the ladder knows; empty when nothing speaks against it.
    public synchronized Optional<String> inProbation() {
        if (climb.forced()) return Optional.of("it was forced up without gates");
        if (climb.state() != Climb.State.PROVEN) {
            return Optional.of("the new vault is at " + climb.stage().word() + ", " + climb.state().word());
        }
        Instant until = climb.since().plus(climb.probation());
        if (now().isBefore(until)) return Optional.of("it is in probation until " + until);
        if (!ground.moved().whole()) return Optional.of(
                "not every account was found whole on it since the server started");
        return ground.trouble().map(why -> "the new vault does not answer: " + why);
    }
}
