package casella.delivery;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Recent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// How much each owner may send to other servers, whichever way it is submitted: a stolen password is to cost this server's good
/// name little.
///
/// Mail between accounts here is not counted. What was allowed is counted, also where the message was then given up. Counted
/// in memory: a restart forgets it. Safe from any thread.
public final class SendingAllowance {
    private static final int ACCOUNTS_MAX = 200_000;

    private final Function<AccountId, Limits> limits;
    private final Metrics metrics;
    private final Recent<AccountId> messages;
    private final Recent<AccountId> hourly;
    private final Recent<AccountId> daily;
    private final Recent<AccountId> told;

    /// @param limits of an owner; asked for each recipient, throws nothing
    public SendingAllowance(Function<AccountId, Limits> limits, Clock clock, Metrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.messages = new Recent<>(Duration.ofMinutes(1), ACCOUNTS_MAX, clock::nanos);
        this.hourly = new Recent<>(Duration.ofHours(1), ACCOUNTS_MAX, clock::nanos);
        this.daily = new Recent<>(Duration.ofDays(1), ACCOUNTS_MAX, clock::nanos);
        this.told = new Recent<>(Duration.ofHours(1), ACCOUNTS_MAX, clock::nanos);
    }

    /// Each at least 1.
    public record Limits(int messagesPerMinute, int recipientsPerHour, int recipientsPerDay) {
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /// Which limit is reached.
    public enum Limit {
        MINUTE("messages a minute"),
        HOUR("recipients an hour"),
        DAY("recipients a day");

        private final String what;

        Limit(String what) {
            this.what = what;
        }

        /// Returns the word for logs and metrics.
        String label() {
            return switch (this) {
                case MINUTE -> "minute";
                case HOUR -> "hour";
                case DAY -> "day";
            };
        }
    }

    /// The owner has sent as much as may be.
    ///
    /// @param most of that limit
    public record Exceeded(Limit limit, int most) {
        /// Returns what the owner is told.
        public String sentence() {
            return "You may send to other servers " + most + " " + limit.what + ", send the rest later";
        }
    }

    /// Asks for `recipients` more elsewhere for `account`, and counts them unless it is refused.
    ///
    /// @param begins whether a message begins with them
    public Optional<Exceeded> take(AccountId account, int recipients, boolean begins) {
        // May read from a disk: nobody else's mail waits for that.
        return take(account, limits.apply(account), recipients, begins);
    }

    private synchronized Optional<Exceeded> take(
            AccountId account, Limits may, int recipients, boolean begins) {
        if (begins && messages.count(account) >= may.messagesPerMinute()) {
            return exceeded(account, Limit.MINUTE, may.messagesPerMinute());
        }
        if (hourly.count(account) + recipients > may.recipientsPerHour()) {
            return exceeded(account, Limit.HOUR, may.recipientsPerHour());
        }
        if (daily.count(account) + recipients > may.recipientsPerDay()) {
            return exceeded(account, Limit.DAY, may.recipientsPerDay());
        }
        if (begins) messages.add(account, 1);
        hourly.add(account, recipients);
        daily.add(account, recipients);
        return Optional.empty();
    }

    /// An operator hears of it once an hour for each owner: it may be a password that is no secret any more.
    private Optional<Exceeded> exceeded(AccountId account, Limit limit, int most) {
        metrics.add(Metric.SUBMISSION_LIMITED, 1, limit.label());
        if (told.add(account, 1) == 1) {
            Log.event(Event.SUBMISSION_LIMITED, "account", account, "limit", limit.label(), "most", most);
        }
        return Optional.of(new Exceeded(limit, most));
    }
}
