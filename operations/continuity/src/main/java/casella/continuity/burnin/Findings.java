package casella.continuity.burnin;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a burn-in found.
///
/// @param vault its name
/// @param reached how far it was tried in each dimension
/// @param steps in the order in which they were made
/// @param thresholds where it stopped
/// @param checked what became of reading all back
/// @param left accounts that could not be removed; -1 when the vault does not say
/// @param notes further sentences
public record Findings(
        String vault,
        String technology,
        Plan plan,
        Instant begun,
        Instant ended,
        Verdict verdict,
        Map<Dimension, Long> reached,
        List<Step> steps,
        List<Knee> knees,
        List<Threshold> thresholds,
        Checked checked,
        long left,
        List<String> notes) {
    /// What became of reading back.
    ///
    /// @param all whether every object was read
    /// @param right objects that were what was put
    /// @param wrong objects that were not, or not there
    /// @param named the first of these, in words
    /// @param listed objects that listings showed in the end
    /// @param expected that they had to show, at least
    /// @param reads how long the reads of it took
    public record Checked(
            boolean all, long right, long wrong, List<String> named, long listed, long expected,
                    Latency reads) {
        public Checked {
            named = List.copyOf(named);
        }
    }

    public Findings {
        reached = Map.copyOf(new EnumMap<>(reached));
        steps = List.copyOf(steps);
        knees = List.copyOf(knees);
        thresholds = List.copyOf(thresholds);
        notes = List.copyOf(notes);
    }

    public boolean passed() {
        return verdict instanceof Verdict.Passed;
    }

    public Duration took() {
        return Duration.between(begun, ended);
    }

    public long reached(Dimension dimension) {
        return reached.getOrDefault(dimension, 0L);
    }

    /// Returns how it ended in one sentence.
    public String sentence() {
        return switch (verdict) {
            case Verdict.Passed _ -> "PASSED: it holds what is projected, and more";
            case Verdict.Failed(String reason) -> "FAILED: " + reason;
            case Verdict.MissingData(String reason) -> "MISSING DATA: " + reason;
        };
    }

    /// Returns the numbers that evidence of a migration keeps, by name.
    public Map<String, String> facts() {
        var facts = new LinkedHashMap<String, String>();
        for (Dimension dimension : Dimension.values()) {
            facts.put(dimension.key(), reached(dimension) + "/" + plan.projected(dimension));
        }
        facts.put("right", Long.toString(checked.right()));
        facts.put("wrong", Long.toString(checked.wrong()));
        facts.put("knees", Integer.toString(knees.size()));
        facts.put("thresholds", Integer.toString(thresholds.size()));
        facts.put("seconds", Long.toString(took().toSeconds()));
        return facts;
    }
}
