package casella.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.server.Golden;
import casella.server.config.LogConfig;
import casella.server.config.Reference;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Proves that the pages of events, metrics and configuration say what the program does, and that every figure and event
/// appears under its name.
class CatalogueTest {
    @Test
    void thePagesAreTheOnesCheckedIn() {
        Golden.compare("docs/operations/events.md", Catalogue.events());
        Golden.compare("docs/operations/metrics.md", Catalogue.metrics());
        Golden.compare("docs/operations/config.md", Reference.markdown());
    }

    @Test
    void everyNameIsOfItsFormAndThereOnce() {
        assertThat(Arrays.stream(Event.values()).map(Event::id)).doesNotHaveDuplicates().allSatisfy(id ->
                assertThat(id).matches("[a-z0-9-]+\\.[a-z0-9-]+"));
        assertThat(Arrays.stream(Metric.values()).map(Metric::id)).doesNotHaveDuplicates().allSatisfy(id ->
                assertThat(id).matches("casella_[a-z0-9]+(_[a-z0-9]+)+"));
        for (Metric metric : Metric.values()) {
            switch (metric.kind()) {
                case COUNTER -> assertThat(metric.id()).endsWith("_total");
                case TIMER -> assertThat(metric.id()).endsWith("_seconds");
                case GAUGE -> assertThat(metric.id()).doesNotEndWith("_total");
            }
        }
    }

    @Test
    void everyFigureIsScrapedUnderItsName() {
        try (var metrics = new PrometheusMetrics()) {
            for (Metric metric : Metric.values()) {
                String[] labels = metric.labels().stream().map(label -> "x").toArray(String[]::new);
                switch (metric.kind()) {
                    case COUNTER -> metrics.add(metric, 1, labels);
                    case TIMER -> metrics.time(metric, Duration.ofMillis(20), labels);
                    case GAUGE -> metrics.gauge(metric, () -> 7, labels);
                }
            }

            String scrape = metrics.scrape();

            for (Metric metric : Metric.values()) {
                String suffix = metric.kind() == Metric.Kind.TIMER ? "_count" : "";
                assertThat(scrape).containsPattern("(?m)^" + metric.id() + suffix + "[{ ]");
            }
        }
    }

    @Test
    void anEventIsOneLineWhateverItsFacts() {
        var out = new ByteArrayOutputStream();
        Logging.start(new LogConfig("info", false), out);

        Log.event(Event.SERVER_STARTED, "name", "a\nb c", "n", 3);
        Log.event(Event.DIRECTORY_LOGIN, "hidden", "below the level");
        Logging.stop();

        String log = out.toString(StandardCharsets.UTF_8);
        assertThat(log).contains("INFO  casella server.started name=\"a\\x0ab c\" n=3\n").doesNotContain("hidden");
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void asJsonEachLineIsAnObject() {
        var out = new ByteArrayOutputStream();
        Logging.start(new LogConfig("debug", true), out);

        Log.event(Event.DIRECTORY_LOGIN, new IllegalStateException("why"), "n", 3);
        Logging.stop();

        var line = casella.server.control.Json.MAPPER.readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(line.path("formattedMessage").asString(line.path("message").asString()))
                .isEqualTo("directory.login n=3");
        assertThat(line.path("throwable").path("message").asString()).isEqualTo("why");
    }
}
