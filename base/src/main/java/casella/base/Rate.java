package casella.base;

/// How much of something may be done, found by trying: a step more with each measure that is good, a share of it after one
/// that is bad (additive increase, multiplicative decrease). Many that do so beside each other end with equal shares, and
/// none of them has to know how much there is: Chiu and Jain, "Analysis of the Increase and Decrease Algorithms for
/// Congestion Avoidance in Computer Networks" (1989).
///
/// One thread's.
public final class Rate {
    private final double least;
    private final double most;
    private final double step;
    private final double share;
    private double now;

    /// Begins with `least`.
    ///
    /// @param least above 0: what is never tried is never found to be possible
    /// @param step what a good measure adds
    /// @param share what a bad one leaves, between 0 and 1
    public Rate(double least, double most, double step, double share) {
        if (!(least > 0 && least <= most)) throw new IllegalArgumentException("least: must be above 0 and at most " + most);
        if (!(step > 0 && share > 0 && share < 1)) throw new IllegalArgumentException("step, share: out of range");
        this.least = least;
        this.most = most;
        this.step = step;
        this.share = share;
        this.now = least;
    }

    /// Returns what may be done.
    public double now() {
        return now;
    }

    /// Begins with another number, within the bounds.
    public void set(double value) {
        now = Math.clamp(value, least, most);
    }

    /// What was done went well.
    public void good() {
        now = Math.min(most, now + step);
    }

    /// It did not.
    public void bad() {
        now = Math.max(least, now * share);
    }

    /// Nothing of it worked: begin again with the least.
    public void none() {
        now = least;
    }
}
