package casella.server.telemetry;

import casella.base.Event;
import casella.base.Metric;

/// The pages docs/operations/events.md and docs/operations/metrics.md, made from the catalogues.
public final class Catalogue {
    private Catalogue() {}

    /// Returns every event in Markdown.
    public static String events() {
        var out = new StringBuilder("""
                # Events

                Everything the log can say, from `casella.base.Event`. `ERROR` means somebody must act; what a client does
                wrong is never above `INFO`. An event is one line: its name, then facts.

                | event | level | meaning |
                | --- | --- | --- |
                """);
        for (Event event : Event.values()) {
            out.append("| `").append(event.id()).append("` | ").append(event.level()).append(" | ");
            out.append(event.meaning()).append(" |\n");
        }
        return out.toString();
    }

    /// Returns every figure in Markdown.
    public static String metrics() {
        var out = new StringBuilder("""
                # Metrics

                Every figure at `/metrics`, from `casella.base.Metric`; figures of the Java machine (`jvm_…`, `system_…`,
                `process_…`) come beside them. A timer has `_count`, `_sum`, `_max` and the quantiles 0.5, 0.9 and 0.99. A
                label is from a closed list, never an account or an address.

                | metric | kind | labels | meaning |
                | --- | --- | --- | --- |
                """);
        for (Metric metric : Metric.values()) {
            out.append("| `").append(metric.id()).append("` | ").append(kind(metric.kind())).append(" | ");
            out.append(metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`");
            out.append(" | ").append(metric.meaning()).append(" |\n");
        }
        return out.toString();
    }

    private static String kind(Metric.Kind kind) {
        return switch (kind) {
            case COUNTER -> "counter";
            case GAUGE -> "gauge";
            case TIMER -> "timer";
        };
    }
}
