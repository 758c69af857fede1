package casella.delivery;

import casella.base.AccountId;
import casella.base.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What accounts held when last asked, so that RCPT need not ask the engine for each recipient of each message.
///
/// Only good for saying "there is plenty": the store checks the quota itself when the message is whole.
final class Usage {
    private static final int ENTRIES_MAX = 100_000;
    private static final Duration AGE_MAX = Duration.ofMinutes(1);

    /// @param usedBytes when asked, and what was delivered since
    private record Known(long usedBytes, long atNanos) {}

    private final Clock clock;
    private final Map<AccountId, Known> accounts = new ConcurrentHashMap<>();

    Usage(Clock clock) {
        this.clock = clock;
    }

    void asked(AccountId account, long usedBytes) {
        if (accounts.size() >= ENTRIES_MAX) accounts.clear();
        accounts.put(account, new Known(usedBytes, clock.nanos()));
    }

    void delivered(AccountId account, long bytes) {
        accounts.computeIfPresent(account, (_, known) -> new Known(known.usedBytes() + bytes,
                known.atNanos()));
    }

    /// Says whether `bytes` more would leave at least a fifth of the quota free, as far as is known.
    boolean plenty(Recipient.Local recipient, long bytes) {
        @Nullable Known known = accounts.get(recipient.account());
        if (known == null || clock.nanos() - known.atNanos() > AGE_MAX.toNanos()) return false;
        long limit = recipient.quotaBytes() / 5 * 4;
        return known.usedBytes() < limit && bytes < limit - known.usedBytes();
    }
}
