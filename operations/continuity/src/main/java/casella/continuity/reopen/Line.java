package casella.continuity.reopen;

/// Owners before one door, in the order in which each asked first. They are not connected while they wait: a number is
/// called when its turn comes, and whoever comes with a called number goes in, as long as there is a token.
///
/// Many who have a number never come back for it, or come late. So numbers are called faster while tokens are left over, and
/// of what lies there all but half a second's worth goes to whoever comes. One thread's.
final class Line {
    private final AccountNumbers numbers = new AccountNumbers();
    private int issued;
    private double called;
    private double tokens;
    private double mostTokens = 1;
    private long askedNanos;

    /// Lets in at once whoever has a called number, while tokens last; returns 0 then, else the place, from 1.
    long ask(long account, long nowNanos) {
        askedNanos = nowNanos;
        int number = numbers.get(account);
        if (number == AccountNumbers.NONE) {
            number = issued;
            // With no room for one more he goes to the end of the line each time.
            if (numbers.put(account, number)) issued++;
        }
        if (tokens >= 1 && (number < called || tokens > mostTokens / 4)) {
            tokens--;
            return 0;
        }
        return Math.max(1, (long) (number - called) + 1);
    }

    /// Says whether somebody asked within `nanos`.
    boolean asked(long nowNanos, long nanos) {
        return issued > 0 && nowNanos - askedNanos <= nanos;
    }

    /// Brings tokens; returns those that nobody came for.
    ///
    /// @param mostTokens how many may lie there: what comes in two seconds, at least one
    double bring(double brought, double mostTokens) {
        this.mostTokens = mostTokens;
        tokens += brought;
        double over = Math.max(0, tokens - mostTokens);
        tokens -= over;
        called = Math.min(issued + mostTokens, called + brought + over);
        if (called >= issued && numbers.count() > 0 && over > 0) forget();
        return over;
    }

    /// Returns how many tokens may lie there.
    double most() {
        return mostTokens;
    }

    /// Everybody was called and nobody comes: the numbers are of no use.
    private void forget() {
        numbers.clear();
        called -= issued;
        issued = 0;
    }

    /// Returns how many numbers are out and not called.
    long waiting() {
        return Math.max(0, (long) (issued - called));
    }
}
