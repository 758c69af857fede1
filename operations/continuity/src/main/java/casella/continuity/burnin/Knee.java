package casella.continuity.burnin;

import java.util.Locale;

/// Where a latency bends: flat before, growing after. See [Knees].
///
/// @param at the level from which it grows
/// @param before what 99 in 100 calls took up to there, milliseconds
/// @param last what they took at the last levels
/// @param growth by what power of the level it grows from there on: 1 is in proportion
public record Knee(Dimension dimension, Call call, long at, double before, double last, double growth) {
    /// Returns it as a sentence.
    public String sentence() {
        return String.format(Locale.ROOT, "99 in 100 %ss take %s up to %,d %s, and more and more from there: %s at the end",
                call.word(), Latency.words(before), at, dimension.words(), Latency.words(last));
    }
}
