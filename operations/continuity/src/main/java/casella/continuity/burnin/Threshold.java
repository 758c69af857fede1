package casella.continuity.burnin;

import java.util.Locale;

/// Where a vault stopped.
///
/// @param dimension that was being grown
/// @param how what calls met with there
/// @param goodAt the highest level at which it answered
/// @param badAt the lowest at which it did not
/// @param objects held when it last answered
/// @param bytes likewise
/// @param concurrency calls at the same time
/// @param back whether it answered again when nothing was asked for a while
/// @param words the fault, for people
public record Threshold(
        Dimension dimension,
        How how,
        long goodAt,
        long badAt,
        long objects,
        long bytes,
        int concurrency,
        boolean back,
        String words) {
    /// What calls met with.
    public enum How {
        HANG("answers nothing"),
        REFUSED("refuses"),
        FAILED("fails");

        private final String words;

        How(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// Returns it as a sentence.
    public String sentence() {
        String where = goodAt == badAt
                ? String.format(Locale.ROOT, "at %,d", badAt)
                : String.format(Locale.ROOT, "between %,d and %,d", goodAt, badAt);
        return String.format(Locale.ROOT, "%s calls %s %s (it held %,d objects, %,d bytes; %d calls at the same time)%s",
                "it " + how.words() + ":", where, dimension.words(), objects, bytes, concurrency,
                back ? "; it answered again later" : "");
    }
}
