package casella.server.health;

import casella.base.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The figures the server gives, as they are now. Must answer at once, from memory.
public interface Figures {
    /// Returns every line of a counter or gauge, by the values of its labels.
    Map<List<String>, Double> lines(Metric metric);

    /// Returns the time within which `share` (0 to 1) of a part's latest answers came, in milliseconds; NaN where there
    /// are none, or the share is not kept.
    double millis(Metric timer, double share, String... labels);

    /// Returns one line; 0 where there is none.
    default double value(Metric metric, String... labels) {
        return lines(metric).getOrDefault(Arrays.asList(labels), 0.0);
    }
}
