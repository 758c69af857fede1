package casella.server.control;

import casella.base.Clock;
import casella.base.Metric;
import casella.server.health.Audit;
import casella.server.health.Automation;
import casella.server.health.Automation.Work;
import casella.server.health.Doctor;
import casella.server.health.Figures;
import casella.server.health.Trends;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers what is wrong with a running server, and pauses what goes on by itself.
public final class HealthOperations {
    private final Doctor doctor;
    private final Automation automation;
    private final Supplier<Map<String, String>> alertTest;
    private final Supplier<String> scrape;
    private final Figures figures;
    private final Clock clock;

    /// @param scrape the figures in Prometheus' text format
    /// @param alertTest sends a test by every channel, and says for each how that ended: `sent`, or why not
    public HealthOperations(Doctor doctor, Automation automation, Supplier<Map<String, String>> alertTest,
            Supplier<String> scrape, Figures figures, Clock clock) {
        this.doctor = doctor;
        this.automation = automation;
        this.alertTest = alertTest;
        this.scrape = scrape;
        this.figures = figures;
        this.clock = clock;
    }

    Outcome perform(Order.Health order, Operations.Output out) {
        return switch (order) {
            case Order.Doctor _ -> diagnose();
            case Order.Trends _ -> new Outcome.Done(trends());
            case Order.Support _ -> support();
            case Order.AlertsTest _ -> testAlerts(out);
            case Order.AutomationList _ -> list(out);
            case Order.AutomationPause(String work) -> pause(work, out);
            case Order.AutomationResume(String work) -> resume(work, out);
        };
    }

    /// Returns `every` in seconds, and each series as its name, unit and points: seconds since 1970, value.
    private ObjectNode trends() {
        ObjectNode out = Json.object().put("every", Trends.EVERY.toSeconds());
        ArrayNode all = out.putArray("series");
        for (Trends.Series series : doctor.trends().series()) {
            ArrayNode points = all.addObject().put("name", series.name()).put("unit", series.unit())
                    .putArray("points");
            for (Trends.Point point : series.points()) points.addArray().add(point.at().getEpochSecond())
                    .add(point.value());
        }
        return out;
    }

    /// Returns `well`, what is wrong (`findings`), what was (`over`) and what is paused.
    public ObjectNode diagnosis() {
        doctor.look();
        List<Doctor.Finding> findings = doctor.findings();
        ObjectNode out = Json.object().put("well", findings.isEmpty());
        ArrayNode wrong = out.putArray("findings");
        for (Doctor.Finding finding : findings) {
            wrong.addObject()
                    .put("symptom", finding.symptom().id())
                    .put("level", finding.symptom().level().word())
                    .put("title", finding.symptom().title())
                    .put("since", finding.since().toString())
                    .put("seconds", Duration.between(finding.since(), clock.now()).toSeconds())
                    .put("seen", finding.seen())
                    .put("machine", finding.symptom().machine())
                    .put("operator", finding.symptom().operator())
                    .put("runbook", finding.symptom().runbook());
        }
        ArrayNode over = out.putArray("over");
        for (Doctor.Past past : doctor.recent()) {
            over.addObject()
                    .put("symptom", past.symptom().id())
                    .put("title", past.symptom().title())
                    .put("since", past.since().toString())
                    .put("until", past.until().toString());
        }
        out.set("paused", paused());
        return out;
    }

    private ArrayNode paused() {
        ArrayNode out = Json.MAPPER.createArrayNode();
        for (Automation.Paused one : automation.paused()) {
            out.addObject()
                    .put("work", one.work().word())
                    .put("since", one.since().toString())
                    .put("by", one.by());
        }
        return out;
    }

    private Outcome diagnose() {
        ObjectNode facts = diagnosis();
        return facts.path("well").asBoolean() ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    /// Adds to a status who serves accounts, what waits and is owed, how quick the parts' probes are, and what is wrong.
    public void complete(ObjectNode status) {
        for (var part : status.withArray("parts")) {
            String name = part.path("name").asString();
            double half = figures.millis(Metric.PART_PROBE_SECONDS, 0.5, name);
            double most = figures.millis(Metric.PART_PROBE_SECONDS, 0.99, name);
            if (Double.isNaN(half) || Double.isNaN(most)) continue;
            ((ObjectNode) part).putObject("probe").put("p50Millis", tenths(half)).put("p99Millis",
                    tenths(most));
        }
        status.putObject("service")
                .put("standby", (long) figures.value(Metric.STANDBY_ACCOUNTS))
                .put("continuation", (long) figures.value(Metric.CONTINUATION_ACCOUNTS))
                .put("apart", (long) figures.value(Metric.ACCOUNTS_APART));
        status.putObject("debt")
                .put("objects", (long) figures.value(Metric.DEBT_OBJECTS))
                .put("oldestSeconds", (long) figures.value(Metric.DEBT_OLDEST_SECONDS));
        ObjectNode queue = status.putObject("queue").put("oldestSeconds",
                (long) figures.value(Metric.QUEUE_OLDEST_SECONDS));
        figures.lines(Metric.QUEUE_ITEMS).forEach((labels, items) -> queue.put(labels.getFirst(),
                items.longValue()));
        status.putObject("archive")
                .put("waitingBytes", (long) figures.value(Metric.ARCHIVE_WAITING_BYTES))
                .put("oldestSeconds", (long) figures.value(Metric.ARCHIVE_OLDEST_SECONDS));
        ArrayNode wrong = status.putArray("wrong");
        for (Doctor.Finding finding : doctor.findings()) {
            wrong.addObject()
                    .put("symptom", finding.symptom().id())
                    .put("level", finding.symptom().level().word())
                    .put("title", finding.symptom().title())
                    .put("seen", finding.seen());
        }
        status.set("paused", paused());
    }

    private static double tenths(double millis) {
        return Math.round(millis * 10) / 10.0;
    }

    /// Returns `metrics` and `threads`: the stacks of the platform's threads, by name.
    private Outcome support() {
        ObjectNode facts = Json.object().put("metrics", scrape.get());
        ObjectNode threads = facts.putObject("threads");
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            ArrayNode lines = threads.putArray(thread.getName() + " #" + thread.threadId());
            for (StackTraceElement line : stack) lines.add(line.toString());
        });
        return new Outcome.Done(facts);
    }

    /// Sends a test by every channel: a row each.
    private Outcome testAlerts(Operations.Output out) {
        Map<String, String> ended = alertTest.get();
        ended.forEach((channel, how) -> out.row(Json.object().put("channel", channel).put("ended", how)));
        if (ended.isEmpty()) return new Outcome.Refused("alerts: no channel is configured (alerts.webhook, alerts.relay)");
        boolean all = ended.values().stream().allMatch(how -> how.equals("sent"));
        return all ? new Outcome.Done(Json.object()) : new Outcome.Found(Json.object());
    }

    /// Lists what goes on by itself: a row each.
    private Outcome list(Operations.Output out) {
        Map<Work, Automation.Paused> paused = new EnumMap<>(Work.class);
        for (Automation.Paused one : automation.paused()) paused.put(one.work(), one);
        for (Work work : automation.works()) {
            Automation.@Nullable Paused one = paused.get(work);
            ObjectNode row = Json.object().put("work", work.word()).put("paused", one != null);
            if (one != null) row.put("since", one.since().toString()).put("by", one.by());
            out.row(row);
        }
        return paused.isEmpty() ? new Outcome.Done(Json.object()) : new Outcome.Found(Json.object());
    }

    /// @param word null for all
    private Outcome pause(@Nullable String word, Operations.Output out) {
        for (Work work : works(word)) {
            Automation.Paused one = automation.pause(work, Audit.by());
            out.row(Json.object().put("work", work.word()).put("paused", true)
                    .put("since", one.since().toString()).put("by", one.by()));
        }
        return new Outcome.Done(Json.object());
    }

    /// @param word null for all
    private Outcome resume(@Nullable String word, Operations.Output out) {
        for (Work work : works(word)) {
            automation.resume(work, Audit.by());
            out.row(Json.object().put("work", work.word()).put("paused", false));
        }
        return new Outcome.Done(Json.object());
    }

    private List<Work> works(@Nullable String word) {
        if (word == null) return automation.works();
        Work work = Work.of(word).orElseThrow(() -> new IllegalArgumentException("work: must be " + words()));
        if (!automation.works().contains(work)) {
            throw new IllegalArgumentException("work: " + word + " is switched off in the configuration");
        }
        return List.of(work);
    }

    private String words() {
        return String.join(", ", automation.works().stream().map(Work::word).toList());
    }
}
