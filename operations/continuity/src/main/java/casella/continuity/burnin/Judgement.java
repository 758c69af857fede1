package casella.continuity.burnin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a burn-in comes to. Failed by the first of these: it stopped somewhere; something read or listed was not what was
/// put; more than one call in ten thousand failed; 99 in 100 calls took longer than is allowed at any level; not all could be
/// removed. Passed only if it was tried past what is projected in every dimension, and every object was read back.
///
/// @param reached how far it was tried
/// @param unknown objects that may be there beside those that must be
record Judgement(
        Plan plan,
        Map<Dimension, Long> reached,
        List<Step> steps,
        List<Threshold> thresholds,
        Findings.Checked checked,
        long unknown) {
    private static final long FAILED_ONE_IN = 10_000;
    /// One slow call of few is none: of less than a hundred calls nothing is said.
    private static final int SLOW_OF_MIN = 100;

    /// @param stopped why it ended before its goal; null when it did not
    Verdict verdict(@Nullable String stopped, Removal.Done removed) {
        if (!thresholds.isEmpty()) return new Verdict.Failed(thresholds.getFirst().sentence());
        Optional<Verdict> failed = verification().or(this::failedCalls).or(this::tooSlow);
        if (failed.isPresent()) return failed.get();
        if (stopped != null) return new Verdict.MissingData(stopped + "; " + missing());
        if (!removed.all()) return new Verdict.Failed("removal: not all of what was put in could be removed");
        String missing = missing();
        return missing.isEmpty() ? new Verdict.Passed() : new Verdict.MissingData(missing);
    }

    private Optional<Verdict> verification() {
        if (checked.wrong() > 0) {
            return Optional.of(new Verdict.Failed("verification: " + checked.wrong() + " of "
                    + (checked.wrong() + checked.right()) + " objects that were read were not what was put; the first: "
                    + checked.named().getFirst()));
        }
        boolean allListed = checked.listed() >= checked.expected()
                && checked.listed() <= checked.expected() + unknown;
        if (!checked.all() || allListed) return Optional.empty();
        return Optional.of(new Verdict.Failed("verification: listings show " + checked.listed() + " objects, "
                + checked.expected() + " are there"));
    }

    private Optional<Verdict> failedCalls() {
        long failed = checked.reads().failed();
        long made = checked.reads().calls() + failed;
        for (Step step : steps) {
            for (Latency latency : step.calls().values()) {
                made += latency.calls() + latency.failed();
                failed += latency.failed();
            }
        }
        if (failed == 0 || failed * FAILED_ONE_IN < made) return Optional.empty();
        return Optional.of(new Verdict.Failed(failed + " of " + made + " calls failed or were not answered in time"));
    }

    private Optional<Verdict> tooSlow() {
        for (Step step : steps) {
            for (Map.Entry<Call, Latency> one : step.calls().entrySet()) {
                Latency latency = one.getValue();
                if (latency.p99() <= plan.slowMillis() || latency.calls() < SLOW_OF_MIN) continue;
                return Optional.of(new Verdict.Failed(String.format(Locale.ROOT,
                        "latency: 99 in 100 %ss take %s at %,d %s; %s are allowed", one.getKey().word(),
                        Latency.words(latency.p99()), step.level(), step.dimension().words(),
                        Latency.words(plan.slowMillis()))));
            }
        }
        return Optional.empty();
    }

    /// Returns what was not tried, as a sentence; empty when all was.
    private String missing() {
        var missing = new ArrayList<String>();
        for (Dimension dimension : Dimension.values()) {
            long got = reached.getOrDefault(dimension, 0L);
            if (got > plan.projected(dimension)) continue;
            missing.add(String.format(Locale.ROOT, "%,d of %,d %s", got, plan.goal(dimension), dimension.words()));
        }
        if (!missing.isEmpty()) return "it was tried only up to " + String.join(", ", missing);
        return checked.all() ? "" : "not all objects were read back";
    }
}
