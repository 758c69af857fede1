package casella.queue;

import casella.base.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// How much urgent mail one sender's domain may have: a burst, then so many a minute. What is beyond it is personal.
///
/// A domain is what the envelope says, not yet what SPF or DKIM prove: the allowance bounds what a lie is worth.
public final class UrgentAllowance {
    static final int BURST = 300;
    static final int PER_MINUTE = 60;
    private static final int DOMAINS_MAX = 10_000;

    private static final class Bucket {
        double left = BURST;
        long atNanos;
    }

    private final Clock clock;
    private final Map<String, Bucket> domains = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > DOMAINS_MAX;
        }
    };

    public UrgentAllowance(Clock clock) {
        this.clock = clock;
    }

    /// Returns `asked`, or `PERSONAL` where the sender has had its share of urgent mail.
    public synchronized Priority allow(Priority asked, String sender) {
        if (asked != Priority.URGENT) return asked;
        String domain = sender.substring(sender.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        long now = clock.nanos();
        Bucket bucket = domains.computeIfAbsent(domain, _ -> new Bucket());
        if (bucket.atNanos != 0) {
            double minutes = (double) (now - bucket.atNanos) / Duration.ofMinutes(1).toNanos();
            bucket.left = Math.min(BURST, bucket.left + minutes * PER_MINUTE);
        }
        bucket.atNanos = now;
        if (bucket.left < 1) return Priority.PERSONAL;
        bucket.left--;
        return Priority.URGENT;
    }
}
