package casella.server.drill.january;

import casella.server.drill.Scale;
import java.time.Duration;

/// How a re-enactment is set.
///
/// @param scale what it is of
/// @param accounts that have mail
/// @param mailsEach mails that each has before anything is moved
/// @param watched accounts whose owners read all the time
/// @param everyMillis how often each of them does
/// @param perSecond mails that come in a second
/// @param blocked for how long the new storage serves nobody
/// @param soak how long each stage of a migration is watched
/// @param ordered whether its operators bring the owners back to their engine, who else go by themselves two minutes after
///        they were turned at the earliest
/// @param patience within which each step must have happened
public record Setting(
        Scale scale,
        int accounts,
        int mailsEach,
        int watched,
        long everyMillis,
        int perSecond,
        Duration blocked,
        Duration soak,
        boolean ordered,
        Duration patience) {
    /// Returns the setting of a scale: a drill of less than three minutes, or a town of a hundred thousand.
    public static Setting of(Scale scale) {
        return switch (scale) {
            case SMALL -> new Setting(scale, 40, 20, 40, 1_000, 20, Duration.ofSeconds(25),
                    Duration.ofSeconds(1), true, Duration.ofMinutes(1));
            case FULL -> new Setting(scale, 100_000, 2, 400, 2_000, 100, Duration.ofMinutes(3),
                    Duration.ofSeconds(5), false, Duration.ofHours(1));
        };
    }

    public Setting {
        if (watched < 1 || watched > accounts) throw new IllegalArgumentException("watched: must be 1 to all accounts");
    }

    /// Returns how many mails there are before anything is moved.
    long mails() {
        return (long) accounts * mailsEach;
    }

    /// Returns the same, with the storage blocked for another time.
    public Setting blockedFor(Duration time) {
        return new Setting(scale, accounts, mailsEach, watched, everyMillis, perSecond, time, soak, ordered,
                patience);
    }
}
