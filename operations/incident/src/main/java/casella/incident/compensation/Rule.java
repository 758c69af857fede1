package casella.incident.compensation;

import casella.incident.Words;
import casella.incident.availability.AwayMillis;
import java.time.Duration;
import java.util.List;

/// Who gets what.
///
/// @param name 1 to 40 of `a-z 0-9 -`
/// @param brands names; empty for all
/// @param plans names, at least one
/// @param away what it goes by
/// @param longerThan for longer than that it must not have worked; negative for whoever was away at all, by whatever measure
/// @param due what is given then
public record Rule(
        String name, List<String> brands, List<String> plans, Measure away, Duration longerThan, Due due) {
    static final int PERCENT_MAX = 1_000;
    static final int MONTHS_MAX = 120;
    static final long BYTES_MAX = 1L << 50;

    public Rule {
        brands = List.copyOf(brands);
        plans = List.copyOf(plans);
    }

    /// What is given.
    public sealed interface Due {
        /// At least one of them is more than 0.
        ///
        /// @param percent of the plan's quota, for ever
        /// @param bytes of quota, for ever; not with a percentage
        /// @param months of the plan, free
        record Credit(int percent, long bytes, int months) implements Due {}

        /// @param because the reason, for owners
        record Nothing(Words because) implements Due {}
    }

    /// Says whether it is about accounts of that brand and plan.
    boolean names(String brand, String plan) {
        return (brands.isEmpty() || brands.contains(brand)) && plans.contains(plan);
    }

    boolean fits(AwayMillis measured) {
        return away.millis(measured) > longerThan.toMillis();
    }
}
