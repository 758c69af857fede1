package casella.continuity.burnin;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The levels at which a dimension is measured on its way to the goal: a few early ones, each double the one before, so that
/// what comes soon is found soon, then even ones.
final class Levels {
    private static final int EVEN = 24;
    private static final int[] EARLY = {256, 128, 64, 32};

    private Levels() {}

    /// Returns levels in order, the goal last.
    static List<Long> to(long goal) {
        var levels = new TreeSet<Long>();
        for (int part : EARLY) levels.add(goal / part);
        for (int i = 1; i <= EVEN; i++) levels.add((long) ((double) goal * i / EVEN));
        levels.remove(0L);
        levels.add(goal);
        return List.copyOf(levels);
    }

    /// Returns 1, 2, 4, … and the goal.
    static List<Long> doubling(long goal) {
        var levels = new ArrayList<Long>();
        for (long level = 1; level < goal; level *= 2) levels.add(level);
        levels.add(goal);
        return levels;
    }
}
