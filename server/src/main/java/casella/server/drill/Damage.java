package casella.server.drill;

import casella.base.Deadline;
import casella.base.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one drill breaks in this server, and its end.
final class Damage {
    private final Scene scene;
    private final Drill drill;
    private final Cohort cohort;
    private final List<DrilledVault> vaults;
    private final boolean engine;
    private final boolean tail;
    private final Duration time;
    private final @Nullable Node node;
    private volatile @Nullable ClockJumps jumps;

    /// @param time for how long
    /// @param technology of `technology-gone`; null for the first vault's
    /// @throws IllegalArgumentException if no part is of it, or the drill has none
    Damage(Scene scene, Drill drill, Cohort cohort, Duration time, @Nullable String technology) {
        this.scene = scene;
        this.drill = drill;
        this.cohort = cohort;
        this.time = time;
        if (technology != null && drill != Drill.TECHNOLOGY_GONE) {
            throw new IllegalArgumentException("technology: only technology-gone has one");
        }
        String word = technology == null ? scene.vault().technology() : technology;
        boolean ofEngine = scene.engine().technology().equals(word);
        this.vaults = switch (drill) {
            case VAULT_SLOW, VAULT_GONE, VAULT_LYING -> List.of(scene.vault());
            case TECHNOLOGY_GONE -> scene.vaults().stream()
                    .filter(vault -> vault.technology().equals(word))
                    .toList();
            case EVERYTHING_GONE, DISK_FULL -> scene.vaults();
            case ENGINE_HUNG, ENGINE_GONE, TAIL_GONE, DIRECTORY_GONE, CLOCK_JUMP, NODE_KILLED -> List.of();
        };
        this.engine = switch (drill) {
            case ENGINE_HUNG, ENGINE_GONE, EVERYTHING_GONE, DISK_FULL -> true;
            case TECHNOLOGY_GONE -> ofEngine;
            case VAULT_SLOW, VAULT_GONE, VAULT_LYING, TAIL_GONE, DIRECTORY_GONE, CLOCK_JUMP,
                    NODE_KILLED -> false;
        };
        this.tail = switch (drill) {
            case TAIL_GONE, DISK_FULL -> true;
            // The tail's files are written by the same code as the pack vault's.
            case TECHNOLOGY_GONE -> word.equals(Scene.OWN_FILES);
            case ENGINE_HUNG, ENGINE_GONE, VAULT_SLOW, VAULT_GONE, VAULT_LYING, EVERYTHING_GONE -> false;
            case DIRECTORY_GONE, CLOCK_JUMP, NODE_KILLED -> false;
        };
        this.node = drill == Drill.NODE_KILLED ? new Node(scene.folder().resolve("node")) : null;
        boolean shared = drill == Drill.DIRECTORY_GONE || drill == Drill.CLOCK_JUMP || node != null;
        if (shared && !(cohort instanceof Cohort.All)) {
            throw new IllegalArgumentException("cohort: " + drill.word() + " hits all alike: say --cohort all");
        }
        if (drill == Drill.CLOCK_JUMP && scene.collector().status().brake() != null) {
            throw new IllegalArgumentException("drill: the collector stands and asks already (casella collect"
                    + " status): when it goes on, try again");
        }
        if (vaults.isEmpty() && !engine && !tail && !shared) {
            throw new IllegalArgumentException("technology: no part is of '" + word + "'; there are "
                    + technologies(scene));
        }
    }

    private static String technologies(Scene scene) {
        Set<String> all = new TreeSet<>(Set.of(scene.engine().technology()));
        for (DrilledVault vault : scene.vaults()) all.add(vault.technology());
        return String.join(", ", all);
    }

    /// Returns the parts that suffer, as operators call them.
    List<String> parts() {
        var parts = new ArrayList<String>();
        if (engine) parts.add("engine");
        if (tail) parts.add("tail");
        for (DrilledVault vault : vaults) parts.add("vault." + vault.name());
        if (drill == Drill.DIRECTORY_GONE) parts.add("directory");
        return parts;
    }

    /// Brings about what a drill needs that is there on a server that runs for longer. May wait.
    void prepare() {
        if (drill == Drill.DIRECTORY_GONE) scene.directory().snapshot();
        if (node == null) return;
        node.clear();
        node.start();
    }

    /// Begins.
    ///
    /// @param until it is over then, also if [#end] never comes
    void begin(Deadline until, Measured measured) {
        switch (drill) {
            case DIRECTORY_GONE -> scene.directory().silence().begin(until);
            case NODE_KILLED -> killed(measured);
            case CLOCK_JUMP -> {
                var made = new ClockJumps(scene.deleting(), scene.collector(), measured, time);
                jumps = made;
                made.begin(until);
            }
            case ENGINE_HUNG -> scene.engine().hang(cohort, until);
            case VAULT_LYING -> scene.vault().lie(cohort, until);
            case VAULT_SLOW -> shut(Door.Trouble.SLOW, until);
            case DISK_FULL -> shut(Door.Trouble.FULL, until);
            case ENGINE_GONE, VAULT_GONE, TECHNOLOGY_GONE, TAIL_GONE, EVERYTHING_GONE ->
                    shut(Door.Trouble.GONE, until);
        }
    }

    private void shut(Door.Trouble trouble, Deadline until) {
        if (tail) scene.tail().door().shut(trouble, cohort, until);
        if (engine) scene.engine().door().shut(trouble, cohort, until);
        for (DrilledVault vault : vaults) vault.door().shut(trouble, cohort, until);
    }

    private void killed(Measured measured) {
        Node there = node;
        if (there == null) return;
        there.kill();
        // As whoever looks after a machine does: at once.
        Thread.ofVirtual().name("drill.node").start(() -> {
            try {
                there.start();
                measured.moment("the process serves again");
            } catch (Fault e) {
                measured.check("the process starts again", false);
            }
        });
    }

    /// Returns the server that suffers in this one's place; null where this one does.
    @Nullable Node node() {
        return node;
    }

    /// Goes on with what comes in steps.
    ///
    /// @param elapsed milliseconds since the beginning
    void step(long elapsed) {
        ClockJumps made = jumps;
        if (made != null) made.step(elapsed);
    }

    /// Ends it. Harmless when it is over.
    void end() {
        ClockJumps made = jumps;
        if (made != null) made.end();
        scene.directory().silence().end();
        scene.tail().door().open();
        scene.engine().release();
        scene.vaults().forEach(DrilledVault::release);
    }

    /// Returns the parts that may go while it lasts without that being trouble of its own.
    Set<String> mayGo() {
        boolean all = cohort instanceof Cohort.All;
        var parts = new HashSet<String>();
        if (engine) parts.add("standby");
        if (engine && all) parts.add("engine");
        if (tail) parts.add("tail");
        if (drill == Drill.DIRECTORY_GONE) parts.add("directory");
        // One that is slow is no less there, and must not be given up; one that is full answers.
        boolean there = drill == Drill.VAULT_SLOW || drill == Drill.DISK_FULL;
        if (!there) for (DrilledVault vault : vaults) parts.add("vault." + vault.name());
        return parts;
    }

    /// Says whether accounts that are used will be served by something else than their engine.
    boolean turns() {
        return engine && drill != Drill.DISK_FULL;
    }

    /// Returns what is wrong, with the parts' names.
    String said() {
        return drill.fault() + (parts().isEmpty() ? "" : " (" + String.join(", ", parts()) + ")");
    }
}
