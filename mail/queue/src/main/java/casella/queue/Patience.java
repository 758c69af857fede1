package casella.queue;

import java.time.Duration;

/// How long mail to elsewhere is tried, and when its sender hears of it.
public final class Patience {
    /// After this its sender is told that it is late, once.
    public static final Duration LATE = Duration.ofHours(4);
    /// After this it is given back. RFC 5321 §4.5.4.1: at least 4 to 5 days.
    public static final Duration GIVE_UP = Duration.ofDays(5);

    private Patience() {}
}
