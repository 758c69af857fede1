package casella.server.telemetry;

import casella.base.Metric;
import casella.base.Metrics;
import casella.server.health.Figures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// Keeps figures for Prometheus.
public final class PrometheusMetrics implements Metrics, Figures, AutoCloseable {
    private static final double[] PERCENTILES = {0.5, 0.9, 0.99};

    private record Line(Metric metric, List<String> labels) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<Line, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Line, Timer> timers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Line, DoubleSupplier> gauges = new ConcurrentHashMap<>();
    private final JvmGcMetrics collector = new JvmGcMetrics();

    public PrometheusMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }

    @Override
    public void add(Metric metric, long amount, String... labels) {
        counters.computeIfAbsent(new Line(metric, List.of(labels)), this::counter).increment((double) amount);
    }

    @Override
    public void time(Metric metric, Duration taken, String... labels) {
        timers.computeIfAbsent(new Line(metric, List.of(labels)), this::timer).record(taken);
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        gauges.put(new Line(metric, List.of(labels)), value);
        Gauge.builder(metric.id(), value::getAsDouble)
                .description(metric.meaning())
                .tags(tags(new Line(metric, List.of(labels))))
                .strongReference(true)
                .register(registry);
    }

    private Counter counter(Line line) {
        return Counter.builder(line.metric().id())
                .description(line.metric().meaning())
                .tags(tags(line))
                .register(registry);
    }

    private Timer timer(Line line) {
        // The registry adds the unit itself.
        String id = line.metric().id();
        String bare = id.endsWith("_seconds") ? id.substring(0, id.length() - "_seconds".length()) : id;
        return Timer.builder(bare)
                .description(line.metric().meaning())
                .publishPercentiles(PERCENTILES)
                .tags(tags(line))
                .register(registry);
    }

    private static List<Tag> tags(Line line) {
        List<String> names = line.metric().labels();
        if (names.size() != line.labels().size()) {
            throw new IllegalStateException(line.metric().id() + " has the labels " + names);
        }
        var tags = new ArrayList<Tag>();
        for (int i = 0; i < names.size(); i++) tags.add(Tag.of(names.get(i), line.labels().get(i)));
        return tags;
    }

    @Override
    public Map<List<String>, Double> lines(Metric metric) {
        var lines = new HashMap<List<String>, Double>();
        counters.forEach((line, counter) -> {
            if (line.metric() == metric) lines.put(line.labels(), counter.count());
        });
        gauges.forEach((line, value) -> {
            if (line.metric() == metric) lines.put(line.labels(), value.getAsDouble());
        });
        return lines;
    }

    @Override
    public double millis(Metric metric, double share, String... labels) {
        Timer timer = timers.get(new Line(metric, List.of(labels)));
        if (timer == null) return Double.NaN;
        for (ValueAtPercentile value : timer.takeSnapshot().percentileValues()) {
            if (value.percentile() == share) return value.value(TimeUnit.MILLISECONDS);
        }
        return Double.NaN;
    }

    /// Returns all figures as Prometheus reads them (text format 0.0.4).
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
