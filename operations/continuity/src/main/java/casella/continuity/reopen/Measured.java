package casella.continuity.reopen;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How the server is, as far as it could be measured.
///
/// @param atNanos when, on the clock
/// @param errors share of what owners asked that failed for a fault of ours, 0 to 1
/// @param p99Millis within which 99 of 100 answers of the slowest part came
/// @param backlogSeconds how long the oldest mail has waited that may be filed now
/// @param gone parts that do not answer and that owners need
/// @param waitMillis for how long the oldest call to the store had waited, at most, in the last second: percentiles remember
///     minutes, and whoever steers by them steers by what was
public record Measured(
        long atNanos,
        OptionalDouble errors,
        OptionalDouble p99Millis,
        OptionalDouble backlogSeconds,
        Optional<List<String>> gone,
        double waitMillis) {
    public static Measured nothing(long atNanos) {
        return new Measured(
                atNanos, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(),
                Optional.empty(), 0);
    }
}
