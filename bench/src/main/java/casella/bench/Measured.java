package casella.bench;

import java.util.Arrays;
import java.util.Locale;

/// What a load came to.
///
/// @param connections how many worked side by side
/// @param done operations answered well
/// @param failed operations answered otherwise
/// @param seconds from the first to the last
/// @param millis time of each operation, sorted
record Measured(String name, int connections, long done, long failed, double seconds, double[] millis) {
    static Measured of(String name, int connections, long failed, double seconds, double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Measured(name, connections, sorted.length, failed, seconds, sorted);
    }

    double perSecond() {
        return done / seconds;
    }

    double percentile(double share) {
        return millis.length == 0 ? 0 : millis[(int) Math.min(millis.length - 1, share * millis.length)];
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%-22s %4d at once  %8d done  %5d failed  %7.2f s  %9.1f/s  p50 %7.2f ms  p99 %8.2f ms",
                name,
                connections,
                done,
                failed,
                seconds,
                perSecond(),
                percentile(0.5),
                percentile(0.99));
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"connections\":%d,\"done\":%d,\"failed\":%d,\"seconds\":%.3f,\"perSecond\":%.1f,"
                        + "\"p50Millis\":%.3f,\"p99Millis\":%.3f}",
                name,
                connections,
                done,
                failed,
                seconds,
                perSecond(),
                percentile(0.5),
                percentile(0.99));
    }
}
