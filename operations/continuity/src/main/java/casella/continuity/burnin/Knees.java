package casella.continuity.burnin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds where latencies bend.
///
/// What 99 in 100 calls took at each level is looked at on logarithmic scales of both, each value first replaced by the
/// median of itself and its neighbours, so that one slow moment of the machine is no knee. Two straight lines, one up to a
/// level and one from the next on, are fitted for every level that leaves three values on both sides; the pair with the
/// least sum of absolute differences is taken. It is a knee when all of these hold:
///
/// - the later line is steeper than the earlier one by [#STEEPER_MIN] at least (1 is growth in proportion to the level), or
///   begins [#TIMES_MIN] times above where the earlier one ends;
/// - the median of the last three values is [#TIMES_MIN] times the median of those before the knee at least;
/// - and it is [#MILLIS_MIN] more at least: what grows from 0.1 to 0.4 ms is nobody's trouble;
/// - the two lines differ from the values by at most [#BETTER_MAX] of what one line differs.
///
/// With each value off by up to a third by chance, none of a thousand series that are flat or grow in proportion, by the
/// square or its root from the start has a knee by this rule; of those that are flat first and then grow in proportion 99 in
/// 100 have one.
final class Knees {
    static final double STEEPER_MIN = 0.5;
    static final double TIMES_MIN = 3;
    static final double MILLIS_MIN = 2;
    static final double BETTER_MAX = 0.5;
    private static final int SIDE_MIN = 3;
    private static final int CALLS_MIN = 10;

    private Knees() {}

    /// Returns the knees of every call in every dimension, in the order of the steps.
    static List<Knee> of(List<Step> steps) {
        Map<Dimension, List<Step>> by = new EnumMap<>(Dimension.class);
        for (Step step : steps) by.computeIfAbsent(step.dimension(), _ -> new ArrayList<>()).add(step);
        var knees = new ArrayList<Knee>();
        by.forEach((dimension, all) -> {
            for (Call call : Call.values()) of(dimension, call, all).ifPresent(knees::add);
        });
        return knees;
    }

    private static Optional<Knee> of(Dimension dimension, Call call, List<Step> steps) {
        var measured = new ArrayList<Step>();
        for (Step step : steps) {
            boolean further = measured.isEmpty() || step.level() > measured.getLast().level();
            if (further && step.of(call).calls() >= CALLS_MIN) measured.add(step);
        }
        double[] levels = measured.stream().mapToDouble(Step::level).toArray();
        double[] millis = measured.stream().mapToDouble(step -> step.of(call).p99()).toArray();
        return find(levels, millis).map(found -> new Knee(dimension, call, (long) levels[found.index()],
                found.before(), found.last(), found.growth()));
    }

    /// @param index of the level at which it bends
    record Found(int index, double before, double last, double growth) {}

    /// @param levels growing, more than 0
    /// @param millis more than 0
    static Optional<Found> find(double[] levels, double[] millis) {
        int count = levels.length;
        if (count < 2 * SIDE_MIN) return Optional.empty();
        double[] smooth = smooth(millis);
        double[] x = Arrays.stream(levels).map(Math::log).toArray();
        double[] y = Arrays.stream(smooth).map(each -> Math.log(Math.max(each, 0.001))).toArray();
        double one = Line.through(x, y, 0, count).difference(x, y, 0, count);
        double best = Double.MAX_VALUE;
        int at = -1;
        for (int i = SIDE_MIN; i <= count - SIDE_MIN; i++) {
            double both = Line.through(x, y, 0, i).difference(x, y, 0, i)
                    + Line.through(x, y, i, count).difference(x, y, i, count);
            if (both < best) {
                best = both;
                at = i;
            }
        }
        Line earlier = Line.through(x, y, 0, at);
        Line later = Line.through(x, y, at, count);
        boolean steeper = later.slope() - earlier.slope() >= STEEPER_MIN;
        boolean above = later.at(x[at]) - earlier.at(x[at]) >= Math.log(TIMES_MIN);
        double before = median(Arrays.copyOfRange(millis, 0, at));
        double last = median(Arrays.copyOfRange(millis, count - SIDE_MIN, count));
        boolean bends = (steeper || above)
                && last >= before * TIMES_MIN
                && last >= before + MILLIS_MIN
                && best <= one * BETTER_MAX;
        return bends ? Optional.of(new Found(at - 1, before, last, later.slope())) : Optional.empty();
    }

    private static double[] smooth(double[] values) {
        double[] out = values.clone();
        for (int i = 1; i < values.length - 1; i++) {
            out[i] = median(new double[] {values[i - 1], values[i], values[i + 1]});
        }
        return out;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// y = base + slope · x, through the median of the slopes between every two points: one wild value does not turn it.
    private record Line(double base, double slope) {
        static Line through(double[] x, double[] y, int from, int until) {
            int count = until - from;
            var slopes = new double[count * (count - 1) / 2];
            int at = 0;
            for (int i = from; i < until; i++) {
                for (int j = i + 1; j < until; j++) slopes[at++] = (y[j] - y[i]) / (x[j] - x[i]);
            }
            double slope = median(slopes);
            var bases = new double[count];
            for (int i = from; i < until; i++) bases[i - from] = y[i] - slope * x[i];
            return new Line(median(bases), slope);
        }

        double at(double x) {
            return base + slope * x;
        }

        double difference(double[] x, double[] y, int from, int until) {
            double sum = 0;
            for (int i = from; i < until; i++) sum += Math.abs(y[i] - base - slope * x[i]);
            return sum;
        }
    }
}
