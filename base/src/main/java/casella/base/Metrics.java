package casella.base;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/// Where figures go. The server's keeps them for Prometheus; [#none()] forgets them.
public interface Metrics {
    /// Adds `amount` to a counter. `labels` are the values of [Metric#labels()], in their order.
    void add(Metric metric, long amount, String... labels);

    /// Adds one time to a timer.
    void time(Metric metric, Duration taken, String... labels);

    /// Asks `value` whenever the gauge is read. The supplier must not block.
    void gauge(Metric metric, DoubleSupplier value, String... labels);

    static Metrics none() {
        return new Metrics() {
            @Override
            public void add(Metric metric, long amount, String... labels) {}

            @Override
            public void time(Metric metric, Duration taken, String... labels) {}

            @Override
            public void gauge(Metric metric, DoubleSupplier value, String... labels) {}
        };
    }
}
