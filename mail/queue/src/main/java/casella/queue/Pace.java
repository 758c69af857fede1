package casella.queue;

import java.time.Duration;

/// How many filings run at a time, and how long to wait when none works: what returns after a fault is not run over.
///
/// The width doubles with each round that went well and falls to one with a round in which nothing did; then the
/// pause doubles too.
final class Pace {
    static final int WIDTH_MAX = 16;
    private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final int widthMax;
    private int width = 1;
    private Duration pause = Duration.ZERO;

    /// @param widthMax filings at a time at most, 1 or more
    Pace(int widthMax) {
        this.widthMax = widthMax;
    }

    int width() {
        return width;
    }

    /// Returns how long to wait before the next round; zero when the last one had a success.
    Duration pause() {
        return pause;
    }

    /// Takes a round's result; returns whether it was the first success after failures only.
    boolean round(int served, int failed) {
        if (served == 0 && failed == 0) return false;
        if (served == 0) {
            width = 1;
            pause = pause.isZero() ? PAUSE_MIN : min(pause.multipliedBy(2));
            return false;
        }
        boolean back = !pause.isZero();
        pause = Duration.ZERO;
        if (failed == 0) width = Math.min(widthMax, width * 2);
        else width = Math.max(1, width / 2);
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
