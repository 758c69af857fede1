package casella.continuity.burnin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is said of a burn-in: in words, in numbers, as a plot. It names no account of anybody's: there is none in it.
public final class Report {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Report() {}

    /// Returns the plot, an SVG file.
    public static String plot(Findings findings) {
        return LatencyPlot.svg(findings);
    }

    /// Returns the report for people. It shows the plot that lies beside it as `plot.svg`.
    public static String markdown(Findings findings) {
        var out = new StringBuilder();
        out.append("# Burn-in of vault ").append(findings.vault()).append(" (").append(findings.technology()).append(")\n\n");
        out.append("**").append(findings.sentence()).append("**\n\n");
        out.append("Begun ").append(findings.begun()).append(", took ").append(findings.took().toSeconds())
                .append(" s. It was tried ").append(String.format(Locale.ROOT, "%.2f", findings.plan().factor()))
                .append(" times past what is projected.\n\n");
        if (!findings.steps().isEmpty()) out.append("![Latencies](plot.svg)\n\n");
        out.append("| | projected | tried up to |\n| --- | ---: | ---: |\n");
        for (Dimension dimension : Dimension.values()) {
            out.append(String.format(Locale.ROOT, "| %s | %,d | %,d |\n", dimension.words(),
                    findings.plan().projected(dimension), findings.reached(dimension)));
        }
        out.append("\n## What was found\n\n");
        for (String sentence : sentences(findings)) out.append("- ").append(sentence).append('\n');
        out.append("\n## What was measured\n\nHow long 99 in 100 calls took; in brackets half of them.\n\n");
        out.append("| | level | objects | calls at once | put | get | list | delete |\n");
        out.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for (Step step : findings.steps()) row(out, step);
        return out.toString();
    }

    private static void row(StringBuilder out, Step step) {
        out.append(String.format(Locale.ROOT, "| %s | %,d | %,d | %d |", step.dimension().words(), step.level(),
                step.objects(), step.concurrency()));
        for (Call call : Call.values()) {
            Latency latency = step.of(call);
            String failed = latency.failed() == 0 ? "" : ", " + latency.failed() + " failed";
            out.append(latency.calls() + latency.failed() == 0
                    ? " |"
                    : " " + Latency.words(latency.p99()) + " (" + Latency.words(latency.p50()) + ")" + failed + " |");
        }
        out.append('\n');
    }

    /// Returns what an operator should know, a sentence each.
    public static List<String> sentences(Findings findings) {
        var all = new ArrayList<String>();
        for (Threshold threshold : findings.thresholds()) all.add(capital(threshold.sentence()) + ". " + threshold.words());
        for (Knee knee : findings.knees()) all.add(capital(knee.sentence()) + ".");
        Findings.Checked checked = findings.checked();
        all.add(String.format(Locale.ROOT, "%,d reads brought back what was put, %,d did not%s.", checked.right(),
                checked.wrong(), checked.all() ? "; every object was read" : "; not every object was read"));
        for (String wrong : checked.named()) all.add("Wrong: " + wrong);
        if (checked.expected() > 0) {
            all.add(String.format(Locale.ROOT, "Listings showed %,d objects of %,d.", checked.listed(), checked.expected()));
        }
        if (findings.thresholds().isEmpty()) all.add("No place was found where it stops.");
        if (findings.knees().isEmpty()) all.add("No latency bends.");
        all.addAll(findings.notes());
        return all;
    }

    private static String capital(String sentence) {
        return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    /// Returns all of it for programs.
    public static ObjectNode json(Findings findings) {
        ObjectNode out = MAPPER.createObjectNode();
        out.put("vault", findings.vault()).put("technology", findings.technology());
        out.put("begun", findings.begun().toString()).put("ended", findings.ended().toString());
        out.put("passed", findings.passed()).put("verdict", findings.verdict().word());
        out.put("reason", findings.verdict().reason()).put("sentence", findings.sentence());
        out.put("factor", findings.plan().factor()).put("seed", findings.plan().seed());
        ObjectNode dimensions = out.putObject("dimensions");
        for (Dimension dimension : Dimension.values()) {
            dimensions.putObject(dimension.key()).put("projected", findings.plan().projected(dimension))
                    .put("reached", findings.reached(dimension));
        }
        Findings.Checked checked = findings.checked();
        ObjectNode reading = out.putObject("checked").put("all", checked.all()).put("right", checked.right());
        reading.put("wrong", checked.wrong()).put("listed", checked.listed()).put("expected", checked.expected());
        put(reading.putObject("reads"), checked.reads());
        texts(reading.putArray("named"), checked.named());
        out.put("accountsLeft", findings.left());
        thresholds(out.putArray("thresholds"), findings.thresholds());
        knees(out.putArray("knees"), findings.knees());
        texts(out.putArray("findings"), sentences(findings));
        ArrayNode steps = out.putArray("steps");
        for (Step step : findings.steps()) {
            ObjectNode one = steps.addObject().put("dimension", step.dimension().key()).put("level", step.level());
            one.put("objects", step.objects()).put("bytes", step.bytes()).put("accounts", step.accounts());
            one.put("concurrency", step.concurrency());
            for (Map.Entry<Call, Latency> call : step.calls().entrySet()) {
                put(one.putObject(call.getKey().word()), call.getValue());
            }
        }
        return out;
    }

    private static void thresholds(ArrayNode out, List<Threshold> all) {
        for (Threshold one : all) {
            out.addObject().put("dimension", one.dimension().key()).put("how", one.how().name().toLowerCase(Locale.ROOT))
                    .put("goodAt", one.goodAt()).put("badAt", one.badAt()).put("objects", one.objects())
                    .put("bytes", one.bytes()).put("concurrency", one.concurrency()).put("answeredAgain", one.back())
                    .put("words", one.words());
        }
    }

    private static void knees(ArrayNode out, List<Knee> all) {
        for (Knee one : all) {
            out.addObject().put("dimension", one.dimension().key()).put("call", one.call().word()).put("at", one.at())
                    .put("beforeMillis", one.before()).put("lastMillis", one.last()).put("growth", one.growth());
        }
    }

    private static void put(ObjectNode out, Latency latency) {
        out.put("calls", latency.calls()).put("failed", latency.failed()).put("p50Millis", latency.p50())
                .put("p90Millis", latency.p90()).put("p99Millis", latency.p99()).put("p999Millis", latency.p999())
                .put("mostMillis", latency.most());
    }

    private static void texts(ArrayNode out, List<String> texts) {
        texts.forEach(out::add);
    }
}
