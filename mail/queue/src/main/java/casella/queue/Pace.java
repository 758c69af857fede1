package casella.queue;

import casella.base.Rate;
import java.time.Duration;

/// How many filings run at a time, and how long to wait when none works: what returns after a fault is not run over.
///
/// The width grows by one with each round that went well and halves with one in which a filing failed, or that was slow, or
/// in which owners waited ([Rate]); after a round in which nothing worked it is one, and the pause doubles. The drain has
/// one, and so has the simulation of a reopening.
public final class Pace {
    public static final int WIDTH_MAX = 16;
    /// A round that takes longer is one too many at a time for what it files into.
    public static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final Rate width;
    private Duration pause = Duration.ZERO;

    /// @param widthMax filings at a time at most, 1 or more
    public Pace(int widthMax) {
        this.width = new Rate(1, widthMax, 1, 0.5);
    }

    public int width() {
        return (int) width.now();
    }

    /// Returns how long to wait before the next round; zero when the last one had a success.
    public Duration pause() {
        return pause;
    }

    /// Takes a round's result; returns whether it was the first success after failures only.
    ///
    /// @param strained whether the round was slow, or those who are logged in had to wait meanwhile
    public boolean round(int served, int failed, boolean strained) {
        if (served == 0 && failed == 0) return false;
        if (served == 0) {
            width.none();
            pause = pause.isZero() ? PAUSE_MIN : min(pause.multipliedBy(2));
            return false;
        }
        boolean back = !pause.isZero();
        pause = Duration.ZERO;
        if (failed == 0 && !strained) width.good();
        else width.bad();
        return back;
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }

    /// How long to wait for room on a full disk: an attempt costs no more than asking for it.
    static final Duration UNTIL_ROOM = Duration.ofSeconds(5);

    /// Returns how long an account is left alone after so many failed attempts: 2 s, doubling up to 15 minutes.
    static Duration leftAlone(int attempts) {
        return Duration.ofSeconds(Math.min(900, 1L << Math.clamp(attempts, 1, 10)));
    }
}
