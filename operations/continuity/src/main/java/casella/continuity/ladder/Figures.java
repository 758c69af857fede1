package casella.continuity.ladder;

import java.util.LinkedHashMap;
import java.util.Map;

/// What was measured of a new vault beside the old one, since a stage began to be watched. Times in milliseconds, within which 99
/// in 100 calls were answered, of fewer than 1,000 calls all but the ten slowest; 0 where there was none.
///
/// @param writes answered well by the new vault
/// @param reads answered well by it
/// @param failed calls that it failed or did not answer in time
/// @param why the last of these
/// @param right objects that were read back and were right
/// @param wrong objects that were not what was written, or were not there
/// @param writesBeside the same writes answered by the old vault
/// @param readsBeside the same reads
public record Figures(
        long writes,
        long reads,
        long failed,
        String why,
        long right,
        long wrong,
        double writeMillis,
        double readMillis,
        long writesBeside,
        long readsBeside,
        double writeMillisBeside,
        double readMillisBeside) {
    public static final Figures NONE = new Figures(0, 0, 0, "", 0, 0, 0, 0, 0, 0, 0, 0);

    /// Returns them by name, as evidence keeps them.
    public Map<String, String> facts() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("writes", Long.toString(writes));
        facts.put("reads", Long.toString(reads));
        facts.put("failed", Long.toString(failed));
        facts.put("right", Long.toString(right));
        facts.put("wrong", Long.toString(wrong));
        facts.put("writeMillis", tenths(writeMillis));
        facts.put("writeMillisBeside", tenths(writeMillisBeside));
        facts.put("readMillis", tenths(readMillis));
        facts.put("readMillisBeside", tenths(readMillisBeside));
        return facts;
    }

    private static String tenths(double millis) {
        return Double.toString(Math.round(millis * 10) / 10.0);
    }
}
