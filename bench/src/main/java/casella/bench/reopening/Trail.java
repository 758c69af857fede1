package casella.bench.reopening;

/// The last so many values of something.
final class Trail {
    private final double[] values;
    private int count;
    private double sum;

    Trail(int length) {
        values = new double[length];
    }

    void add(double value) {
        int at = count++ % values.length;
        sum += value - values[at];
        values[at] = value;
    }

    double mean() {
        return count == 0 ? 0 : sum / Math.min(count, values.length);
    }

    /// Returns the greatest value but one: of a hundred and twenty seconds about what 99 of 100 answers were within.
    double second() {
        double most = 0;
        double second = 0;
        for (double value : values) {
            second = Math.max(second, Math.min(most, value));
            most = Math.max(most, value);
        }
        return second;
    }
}
