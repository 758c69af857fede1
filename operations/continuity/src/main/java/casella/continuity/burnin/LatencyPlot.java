package casella.continuity.burnin;

import casella.continuity.plot.Svg;
import casella.continuity.plot.Svg.Anchor;
import casella.continuity.plot.Svg.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The latencies of a burn-in as SVG: a panel for each dimension that was grown, what 99 in 100 calls took (a line) and half
/// of them (a thin line) over the level, time on a scale of powers of ten from 0.01 ms to 100 s. Dashed: what is projected. A
/// ring is a knee, a red line the place where the vault stopped.
final class LatencyPlot {
    private static final int WIDTH = 960;
    private static final int LEFT = 80;
    private static final int RIGHT = 30;
    private static final int TOP = 70;
    private static final int PANEL = 150;
    private static final int GAP = 62;
    private static final double DECADES = 7;
    private static final double LEAST = 0.01;
    private static final List<Dimension> PANELS =
            List.of(Dimension.OBJECTS, Dimension.PER_ACCOUNT, Dimension.FAN_OUT, Dimension.CONCURRENCY);

    private final Findings findings;
    private final Svg svg;

    private LatencyPlot(Findings findings, int height) {
        this.findings = findings;
        this.svg = new Svg(WIDTH, height, "Burn-in of vault " + findings.vault());
    }

    static String svg(Findings findings) {
        List<Dimension> grown =
                PANELS.stream().filter(dimension -> !steps(findings, dimension).isEmpty()).toList();
        int height = TOP + Math.max(1, grown.size()) * (PANEL + GAP);
        return new LatencyPlot(findings, height).draw(grown);
    }

    private static List<Step> steps(Findings findings, Dimension dimension) {
        return findings.steps().stream().filter(step -> step.dimension() == dimension).toList();
    }

    private String draw(List<Dimension> grown) {
        svg.text(LEFT, 22, Anchor.START, "#000", 15, "Burn-in of vault " + findings.vault() + " ("
                + findings.technology() + "), " + findings.begun() + ": " + findings.verdict().word());
        double at = LEFT;
        for (Call call : Call.values()) {
            svg.rect(at, 34, 11, 11, colour(call)).text(at + 15, 44, Anchor.START, "#000", call.word());
            at += 70;
        }
        svg.text(at, 44, Anchor.START, "#666", "99 in 100 calls; thin: half of them; dashed: projected; ring: knee; red: it stopped");
        int top = TOP;
        for (Dimension dimension : grown) {
            panel(dimension, top);
            top += PANEL + GAP;
        }
        return svg.text();
    }

    private static String colour(Call call) {
        return switch (call) {
            case PUT -> "#2b6cb0";
            case GET -> "#2f855a";
            case LIST -> "#b7791f";
            case DELETE -> "#6b46c1";
        };
    }

    private void panel(Dimension dimension, int top) {
        List<Step> steps = steps(findings, dimension);
        Optional<Threshold> stopped =
                findings.thresholds().stream().filter(one -> one.dimension() == dimension).findFirst();
        long most = steps.stream().mapToLong(Step::level).max().orElse(1);
        most = Math.max(most, stopped.map(Threshold::badAt).orElse(0L));
        most = Math.max(most, findings.plan().projected(dimension));
        String[] marks = {"0.01 ms", "0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"};
        for (int i = 0; i < marks.length; i++) {
            double y = top + PANEL - PANEL * i / DECADES;
            svg.line(new Point(LEFT, y), new Point(WIDTH - RIGHT, y), "#ddd", 1, "");
            svg.text(LEFT - 6, y + 4, Anchor.END, "#666", marks[i]);
        }
        for (int i = 0; i <= 5; i++) {
            svg.text(x(most * i / 5, most), top + PANEL + 14, Anchor.MIDDLE, "#666",
                    String.format(Locale.ROOT, "%,d", most * i / 5));
        }
        svg.text(LEFT, top + PANEL + 30, Anchor.START, "#000", dimension.words());
        upright(findings.plan().projected(dimension), most, top, "#555", "5 4");
        long right = most;
        stopped.ifPresent(one -> upright(one.badAt(), right, top, "#c53030", ""));
        for (Call call : Call.values()) lines(call, steps, most, top);
        for (Knee knee : findings.knees()) {
            if (knee.dimension() != dimension) continue;
            svg.circle(x(knee.at(), most), y(knee.before(), top), 6, "none", colour(knee.call()));
        }
    }

    private void upright(long level, long most, int top, String stroke, String dashes) {
        svg.line(new Point(x(level, most), top - 6), new Point(x(level, most), top + PANEL), stroke, 1.4,
                dashes);
    }

    private void lines(Call call, List<Step> steps, long most, int top) {
        var half = new ArrayList<Point>();
        var nearlyAll = new ArrayList<Point>();
        for (Step step : steps) {
            Latency latency = step.of(call);
            if (latency.calls() == 0) continue;
            half.add(new Point(x(step.level(), most), y(latency.p50(), top)));
            nearlyAll.add(new Point(x(step.level(), most), y(latency.p99(), top)));
        }
        svg.lines(half, colour(call), 0.6, "").lines(nearlyAll, colour(call), 1.8, "");
    }

    private static double x(long level, long most) {
        return LEFT + (WIDTH - LEFT - RIGHT) * ((double) level / most);
    }

    private static double y(double millis, int top) {
        double high = Math.clamp(Math.log10(Math.max(LEAST, millis) / LEAST), 0, DECADES);
        return top + PANEL - PANEL * high / DECADES;
    }
}
