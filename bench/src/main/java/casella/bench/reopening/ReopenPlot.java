package casella.bench.reopening;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The two ways of opening beside each other as SVG: owners who are in, what the store did of what it was asked for, mail that
/// waits.
final class ReopenPlot {
    private static final int WIDTH = 960;
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int PANEL = 150;
    private static final int GAP = 46;
    private static final int TOP = 76;
    private static final String AT_ONCE = "#c53030";
    private static final String BY_STEPS = "#2f855a";

    private final World world;
    private final Simulation.Run atOnce;
    private final Simulation.Run bySteps;
    private final StringBuilder out = new StringBuilder();

    private ReopenPlot(World world, Simulation.Run atOnce, Simulation.Run bySteps) {
        this.world = world;
        this.atOnce = atOnce;
        this.bySteps = bySteps;
    }

    static String svg(World world, Simulation.Run atOnce, Simulation.Run bySteps) {
        return new ReopenPlot(world, atOnce, bySteps).draw();
    }

    private String draw() {
        int height = TOP + 3 * (PANEL + GAP) + 30;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">\n",
                WIDTH, height);
        add("<title>Reopening</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
        add("<text x=\"%d\" y=\"20\" font-size=\"15\">%,d owners come back after three days</text>\n", LEFT,
                world.accounts());
        key(LEFT, AT_ONCE, "all at once");
        key(LEFT + 110, BY_STEPS, "by steps, behind gates");
        panel(0, "owners who are in", 100, "%", point -> 100.0 * point.in() / world.accounts());
        panel(1, "calls served, of those asked for", 100, "%", point -> 100 * point.served());
        panel(2, "mail that waits", 100, "%", point -> 100.0 * point.backlog() / world.backlog());
        axis(TOP + 3 * (PANEL + GAP) - GAP + 14);
        add("</svg>\n");
        return out.toString();
    }

    private void key(int at, String colour, String text) {
        add("<rect x=\"%d\" y=\"32\" width=\"11\" height=\"11\" fill=\"%s\"/>", at, colour);
        add("<text x=\"%d\" y=\"42\">%s</text>\n", at + 15, text);
    }

    private void panel(
            int number, String name, double most, String unit, ToDoubleFunction<Simulation.Point> value) {
        int top = TOP + number * (PANEL + GAP);
        add("<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT, top - 8, name);
        for (int i = 0; i <= 4; i++) {
            double y = top + PANEL - PANEL * i / 4.0;
            add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", LEFT, WIDTH - RIGHT, y, y);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#666\">%.0f %s</text>\n", LEFT - 6, y + 4, most * i / 4, unit);
        }
        line(atOnce.points(), top, most, AT_ONCE, value);
        line(bySteps.points(), top, most, BY_STEPS, value);
    }

    private void line(
            List<Simulation.Point> points, int top, double most, String colour,
            ToDoubleFunction<Simulation.Point> value) {
        add("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"", colour);
        // One point for each two pixels is as fine as it is seen.
        int each = Math.max(1, points.size() / ((WIDTH - LEFT - RIGHT) / 2));
        for (int i = 0; i < points.size(); i += each) {
            Simulation.Point point = points.get(i);
            double high = Math.min(most * 1.1, value.applyAsDouble(point));
            add("%.1f,%.1f ", x(point.second()), top + PANEL - PANEL * high / most);
        }
        add("\"/>\n");
    }

    private void axis(int y) {
        int step = Math.max(1, world.hours() / 8);
        for (int hour = 0; hour <= world.hours(); hour += step) {
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%d h</text>\n", x(hour * 3_600), y, hour);
        }
        add("<text x=\"%d\" y=\"%d\" fill=\"#666\">since the opening</text>\n", LEFT, y + 18);
    }

    private double x(int second) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (second / (double) world.seconds());
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
