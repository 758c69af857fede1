package casella.server.health;

import casella.base.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// How the figures went that an operator looks at first, during the last day, a point a minute. In memory: a restart begins anew.
public final class Trends {
    /// Between two points.
    public static final Duration EVERY = Duration.ofMinutes(1);
    private static final int POINTS_MAX = 1_440;

    /// @param value in the series' unit
    public record Point(Instant at, double value) {}

    /// @param name `debt`
    /// @param unit `objects`
    public record Series(String name, String unit, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    private static final class Line {
        final String name;
        final String unit;
        final ToDoubleFunction<Figures> figure;
        /// Whether it counts up, and what it grew in a minute is meant.
        final boolean grows;
        final Deque<Point> points = new ArrayDeque<>();
        double before = Double.NaN;

        Line(String name, String unit, boolean grows, ToDoubleFunction<Figures> figure) {
            this.name = name;
            this.unit = unit;
            this.grows = grows;
            this.figure = figure;
        }

        void look(Figures figures, Instant now) {
            double is = figure.applyAsDouble(figures);
            double value = grows ? Math.max(0, is - before) : is;
            boolean known = !grows || !Double.isNaN(before);
            before = is;
            if (!known || Double.isNaN(value)) return;
            if (points.size() == POINTS_MAX) points.removeFirst();
            points.addLast(new Point(now, value));
        }
    }

    private final List<Line> lines = List.of(
            new Line("debt", "objects", false, figures -> sum(figures, Metric.DEBT_OBJECTS, _ -> true)),
            new Line("queue", "mails", false, figures -> sum(figures, Metric.QUEUE_ITEMS, _ -> true)),
            new Line("delivered", "mails a minute", true, figures -> sum(figures, Metric.DELIVERY_RECIPIENTS,
                    Trends::taken)),
            new Line("logins", "log-ins a minute", true,
                    figures -> sum(figures, Metric.DIRECTORY_LOGINS, labels -> labels.getLast()
                            .equals("granted"))),
            new Line("elsewhere", "accounts", false, figures -> sum(figures, Metric.STANDBY_ACCOUNTS, _ ->
                    true)
                    + sum(figures, Metric.CONTINUATION_ACCOUNTS, _ -> true)));
    private Instant last = Instant.MIN;

    private static boolean taken(List<String> labels) {
        return labels.contains("kept") || labels.contains("queued");
    }

    private static double sum(Figures figures, Metric metric, Predicate<List<String>> which) {
        return figures.lines(metric).entrySet().stream().filter(line -> which.test(line.getKey()))
                .mapToDouble(line -> line.getValue()).sum();
    }

    /// Takes a point if a minute has passed since the last.
    synchronized void look(Figures figures, Instant now) {
        if (last != Instant.MIN && now.isBefore(last.plus(EVERY))) return;
        last = now;
        for (Line line : lines) line.look(figures, now);
    }

    /// Returns every series, oldest points first.
    public synchronized List<Series> series() {
        var out = new ArrayList<Series>();
        for (Line line : lines) out.add(new Series(line.name, line.unit, List.copyOf(line.points)));
        return out;
    }
}
