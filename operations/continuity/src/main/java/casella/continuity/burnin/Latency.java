package casella.continuity.burnin;

import java.util.Locale;

/// How long calls of one kind took that were answered well, in milliseconds, and how many were not.
///
/// @param calls answered well
/// @param failed answered with a fault, or not in time
/// @param p50 half of the calls took no longer
public record Latency(long calls, long failed, double p50, double p90, double p99, double p999, double most) {
    static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, 0);

    /// Returns a time for people: `0.8 ms`, `1.2 s`.
    static String words(double millis) {
        if (millis >= 1_000) return String.format(Locale.ROOT, "%.1f s", millis / 1_000);
        return String.format(Locale.ROOT, millis >= 100 ? "%.0f ms" : "%.1f ms", millis);
    }
}
