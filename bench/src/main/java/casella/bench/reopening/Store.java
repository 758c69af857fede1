package casella.bench.reopening;

import java.util.Arrays;

/// A store that serves so many calls a second. Asked for more, it serves some, and what it begins and does not finish costs it
/// too.
///
/// A log-in is several calls, each of which needs the one before: with a share `p` of calls served, `p^calls` of the log-ins come
/// to their end, and what the others did was done in vain. That is what keeps an overrun store overrun.
final class Store {
    /// What a call costs that is not served: it waited, was begun, and was given up at its deadline.
    private static final double IN_VAIN = 0.3;
    private static final double MEAN_MILLIS = 5;
    private static final double TIMEOUT_MILLIS = 10_000;
    private static final int HALVINGS = 30;
    /// Of those in flight: mean to the 99th of 100, and to the one who waits longest.
    private static final double P99 = 4.6;
    private static final double OLDEST = 7;

    private final double opsPerSecond;
    private final double[] begun = new double[16];
    private double load;
    private double drainMillis;

    Store(double opsPerSecond) {
        this.opsPerSecond = opsPerSecond;
    }

    /// Says that so many things of `calls` calls each are begun in this second.
    void begin(int calls, double times) {
        begun[calls] += times;
    }

    /// Returns the share of calls that are served of all that was begun in this second, and forgets it.
    double serve() {
        load = cost(1) / opsPerSecond;
        double served = 1;
        if (load > 1) {
            double low = 0;
            double high = 1;
            for (int i = 0; i < HALVINGS; i++) {
                double middle = (low + high) / 2;
                if (cost(middle) > opsPerSecond) high = middle;
                else low = middle;
            }
            served = low;
        }
        Arrays.fill(begun, 0);
        return served;
    }

    /// Has the drain use what nobody else does: so many filings at a time and no more, which is why it cannot overrun the store, only
    /// make others wait (Little's law).
    ///
    /// @param atOnce filings under way at any time
    /// @param calls of each
    /// @return filings that are done in this second
    double fill(double atOnce, int calls) {
        double spare = Math.max(0.02, 1 - load) * opsPerSecond;
        drainMillis = behind(atOnce);
        return Math.min(spare, atOnce / (meanMillis() / 1e3)) / calls;
    }

    /// Returns how long a call waits behind so many filings.
    private double behind(double atOnce) {
        return Math.min(TIMEOUT_MILLIS, 1e3 * atOnce / opsPerSecond);
    }

    private double cost(double served) {
        double cost = 0;
        for (int calls = 1; calls < begun.length; calls++) {
            if (begun[calls] == 0) continue;
            double tried = served >= 1 ? calls : (1 - Math.pow(served, calls)) / (1 - served);
            cost += begun[calls] * tried * (served + IN_VAIN * (1 - served));
        }
        return cost;
    }

    /// Returns how much of what it bears was asked for in the last second but for the drain; more than 1 is too much.
    double load() {
        return load;
    }

    private double ownMillis() {
        return load >= 1 ? TIMEOUT_MILLIS : Math.min(TIMEOUT_MILLIS, MEAN_MILLIS / (1 - load));
    }

    double meanMillis() {
        return Math.min(TIMEOUT_MILLIS, ownMillis() + drainMillis);
    }

    double p99Millis() {
        return Math.min(TIMEOUT_MILLIS, ownMillis() * P99 + drainMillis * 2);
    }

    double oldestMillis() {
        return Math.min(TIMEOUT_MILLIS, ownMillis() * OLDEST + drainMillis * 2);
    }

    /// Returns the same with so many filings under way.
    double oldestMillis(double atOnce) {
        return Math.min(TIMEOUT_MILLIS, ownMillis() * OLDEST + behind(atOnce) * 2);
    }
}
