package casella.incident.breach;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How the 72 hours of GDPR Art. 33(1) stand, which run from when the controller became aware.
///
/// @param deadline when they are over
/// @param notified when the authority was notified first; null where it was not
/// @param left until the deadline; zero once it is over, or the authority was notified
/// @param late by how much the notification came, or would come now, after it; zero where it did not
public record Clock72(Instant deadline, @Nullable Instant notified, Duration left, Duration late) {
    /// 72 hours.
    public static final Duration TIME = Duration.ofDays(3);

    static Clock72 of(Instant aware, @Nullable Instant notified, Instant now) {
        Instant deadline = aware.plus(TIME);
        Duration left = notified != null || now.isAfter(deadline) ? Duration.ZERO : Duration.between(now,
                deadline);
        Instant end = notified != null ? notified : now;
        Duration late = end.isAfter(deadline) ? Duration.between(deadline, end) : Duration.ZERO;
        return new Clock72(deadline, notified, left, late);
    }

    /// Says whether a notification needs the reasons for its delay.
    public boolean over() {
        return !late.isZero();
    }
}
