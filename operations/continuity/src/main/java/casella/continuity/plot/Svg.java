package casella.continuity.plot;

import java.util.List;
import java.util.Locale;

/// A drawing, element by element. Lengths are in its own units, from the upper left corner.
public final class Svg {
    private final StringBuilder out = new StringBuilder();

    /// A point of a line.
    public record Point(double x, double y) {}

    /// @param title what a reader that shows no pictures says
    public Svg(int width, int height, String title) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">\n",
                width, height);
        add("<title>%s</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", escaped(title), width, height);
    }

    /// Where a text stands to its point.
    public enum Anchor {
        START,
        MIDDLE,
        END;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Svg text(double x, double y, Anchor anchor, String fill, String text) {
        return text(x, y, anchor, fill, 11, text);
    }

    /// @param size of the letters
    public Svg text(double x, double y, Anchor anchor, String fill, int size, String text) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>\n", x, y, anchor.word(),
                fill, size, escaped(text));
        return this;
    }

    public Svg rect(double x, double y, double width, double height, String fill) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", x, y, width, height, fill);
        return this;
    }

    /// @param dashes as SVG has them, `4 3`; empty for none
    public Svg line(Point from, Point to, String stroke, double width, String dashes) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>\n", from.x(), from.y(),
                to.x(), to.y(), stroke, width, dashed(dashes));
        return this;
    }

    public Svg lines(List<Point> points, String stroke, double width, String dashes) {
        if (points.isEmpty()) return this;
        add("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s points=\"", stroke, width, dashed(dashes));
        for (Point point : points) add("%.1f,%.1f ", point.x(), point.y());
        out.append("\"/>\n");
        return this;
    }

    public Svg circle(double x, double y, double radius, String fill, String stroke) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"%s\"/>\n", x, y, radius, fill, stroke);
        return this;
    }

    private static String dashed(String dashes) {
        return dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + "\"";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    /// Returns the whole file.
    public String text() {
        return out + "</svg>\n";
    }
}
