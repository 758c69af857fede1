package casella.server.health;

import casella.base.Metric;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/// What some figures were a while ago. One thread's.
///
/// A line is kept once in a while and not for long: 120 points for a line that is asked about minutes, 360 for one that is
/// asked about hours.
final class History {
    private static final int LINES_MAX = 1_000;

    /// @param every between two points
    /// @param back how far back they go
    private record Keep(Duration every, Duration back) {}

    private static final Map<Metric, Keep> KEPT = Map.of(
            Metric.DIRECTORY_LOGINS, new Keep(Duration.ofSeconds(5), Duration.ofMinutes(2)),
            Metric.DEBT_OBJECTS, new Keep(Duration.ofSeconds(5), Duration.ofMinutes(10)),
            Metric.DISK_FREE_BYTES, new Keep(Duration.ofMinutes(1), Duration.ofHours(6)));

    private record Line(Metric metric, List<String> labels) {}

    private record Point(long nanos, double value) {}

    private final Map<Line, Deque<Point>> lines = new HashMap<>();
    private long now;

    /// Takes note of how the figures are at `nanos`.
    void look(Figures figures, long nanos) {
        now = nanos;
        KEPT.forEach((metric, keep) -> figures.lines(metric).forEach((labels, value) -> {
            var line = new Line(metric, labels);
            if (lines.size() >= LINES_MAX && !lines.containsKey(line)) return;
            Deque<Point> points = lines.computeIfAbsent(line, _ -> new ArrayDeque<>());
            // Between two points the last one is kept as new as can be.
            boolean soon = points.size() > 1 && nanos - points.getLast().nanos() < keep.every().toNanos();
            long at = soon ? points.removeLast().nanos() : nanos;
            points.addLast(new Point(at, value));
            while (nanos - points.getFirst().nanos() > keep.back().toNanos()) points.removeFirst();
        }));
    }

    /// Returns how much those lines grew together over `back`, or since they are known.
    double grown(Metric metric, Predicate<List<String>> which, Duration back) {
        double grown = 0;
        for (Map.Entry<Line, Deque<Point>> entry : lines.entrySet()) {
            Line line = entry.getKey();
            if (line.metric() != metric || !which.test(line.labels())) continue;
            Point then = entry.getValue().getFirst();
            for (Point point : entry.getValue()) if (now - point.nanos() >= back.toNanos()) then = point;
            grown += entry.getValue().getLast().value() - then.value();
        }
        return grown;
    }

    /// Says whether the line goes back that far.
    boolean reaches(Metric metric, Duration back, String... labels) {
        Deque<Point> points = lines.get(new Line(metric, List.of(labels)));
        return points != null && now - points.getFirst().nanos() >= back.toNanos();
    }

    /// Returns after how many hours a line that falls as it did comes to 0: the straight line nearest to its points.
    /// Empty where it does not fall, or for less than ten minutes of points.
    OptionalDouble hoursToZero(Metric metric, String... labels) {
        Deque<Point> points = lines.get(new Line(metric, List.of(labels)));
        if (points == null || !reaches(metric, Duration.ofMinutes(10), labels)) return OptionalDouble.empty();
        double meanX = 0;
        double meanY = 0;
        for (Point point : points) {
            meanX += hours(point) / points.size();
            meanY += point.value() / points.size();
        }
        double above = 0;
        double below = 0;
        for (Point point : points) {
            above += (hours(point) - meanX) * (point.value() - meanY);
            below += (hours(point) - meanX) * (hours(point) - meanX);
        }
        double slope = above / below;
        return slope < 0 ? OptionalDouble.of(points.getLast().value() / -slope) : OptionalDouble.empty();
    }

    private double hours(Point point) {
        return (point.nanos() - now) / (double) Duration.ofHours(1).toNanos();
    }
}
