package casella.relay;

import casella.base.Clock;
import casella.base.Recent;
import java.time.Duration;
import java.util.Locale;

/// How many messages go to a domain in a minute: some servers answer more with refusals for all. Counted in memory; a restart forgets.
final class Pace {
    /// How long a domain waits that had as many as may be: the window slides, so some may go before it is over.
    static final Duration REST = Duration.ofSeconds(10);
    private static final int DOMAINS_MAX = 10_000;

    private final RelayConfig config;
    private final Recent<String> sent;

    Pace(RelayConfig config, Clock clock) {
        this.config = config;
        this.sent = new Recent<>(Duration.ofMinutes(1), DOMAINS_MAX, clock::nanos);
    }

    /// Says whether a domain had as many messages in a minute as may go there.
    boolean full(String domain) {
        int most = config.perMinuteOf().getOrDefault(domain.toLowerCase(Locale.ROOT), config.perMinute());
        return most > 0 && sent.count(domain) >= most;
    }

    /// A message goes there.
    void sends(String domain) {
        sent.add(domain, 1);
    }
}
