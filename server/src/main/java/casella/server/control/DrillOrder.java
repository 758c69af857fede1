package casella.server.control;

import org.jspecify.annotations.Nullable;

/// On drills, which only a running server has, and on what came of those of the past.
public sealed interface DrillOrder extends Order.Elsewhere {
    /// Has the running server suffer, for a while.
    ///
    /// @param cohort `all`, an address or a cohort's name; null for all on a server that is a demo
    /// @param time for how long, `60s`; null for a minute on a server that is a demo
    /// @param technology what shall be gone in `technology-gone`; null for the first vault's
    /// @param background true to answer when the fault is on; else the answer is its report
    /// @param scale how much is measured: `small` or `full`; null for small
    record DrillRun(
            String name,
            @Nullable String cohort,
            @Nullable String time,
            @Nullable String technology,
            @Nullable Boolean background,
            @Nullable String scale)
            implements DrillOrder {}

    /// Ends the drill that runs, now.
    record DrillStop() implements DrillOrder {}

    /// The reports that are kept, the newest last.
    ///
    /// @param drill of this drill alone; null for all
    record DrillReports(@Nullable String drill) implements DrillOrder {}

    /// One report, in numbers and in words.
    ///
    /// @param report a drill's name for its newest report, or a report's own name; null for the newest of all
    record DrillReport(@Nullable String report) implements DrillOrder {}

    @Override
    default boolean looks() {
        return switch (this) {
            case DrillRun _, DrillStop _ -> false;
            case DrillReports _, DrillReport _ -> true;
        };
    }
}
