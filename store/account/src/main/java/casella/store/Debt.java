package casella.store;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Objects with fewer copies than the policy asks for, as far as this process has seen them come about.
///
/// A view: journal minus what each vault has. Here are the hints of failed writes and of copies found wrong; a scan of
/// the vaults finds the same again.
public final class Debt {
    /// Hints kept in memory at most; beyond it they are only counted.
    public static final int HINTS_MAX = 1_000_000;

    private record Missing(ObjectName name, String vault) {}

    private record Hint(long bytes, Instant since) {}

    /// @param objects objects that lack a copy
    /// @param bytes their stored length, each counted once for each copy it lacks
    /// @param accounts accounts they belong to
    /// @param oldestSeconds since when the oldest lacks it
    public record Figures(long objects, long bytes, long accounts, long oldestSeconds) {}

    private final Clock clock;
    private final Map<Missing, Hint> hints = new ConcurrentHashMap<>();

    public Debt(Clock clock, Metrics metrics) {
        this.clock = clock;
        metrics.gauge(Metric.DEBT_OBJECTS, () -> figures().objects());
        metrics.gauge(Metric.DEBT_BYTES, () -> figures().bytes());
    }

    /// Notes that `vault` lacks a good copy; false if that was known.
    ///
    /// @param bytes its stored length, 0 while it is not known
    boolean owed(ObjectName name, String vault, long bytes) {
        if (hints.size() >= HINTS_MAX) return true;
        return hints.putIfAbsent(new Missing(name, vault), new Hint(bytes, clock.now())) == null;
    }

    /// Notes the stored length of what `vault` lacks, now that another had it.
    void measured(ObjectName name, String vault, long bytes) {
        hints.computeIfPresent(
                new Missing(name, vault),
                (_, hint) -> hint.bytes() > 0 ? hint : new Hint(bytes, hint.since()));
    }

    /// Notes that `vault` has a good copy after all.
    void paid(ObjectName name, String vault) {
        hints.remove(new Missing(name, vault));
    }

    public Figures figures() {
        var objects = new HashSet<ObjectName>();
        var accounts = new HashSet<AccountId>();
        long bytes = 0;
        Instant oldest = Instant.MAX;
        for (Map.Entry<Missing, Hint> entry : hints.entrySet()) {
            objects.add(entry.getKey().name());
            accounts.add(entry.getKey().name().account());
            bytes += entry.getValue().bytes();
            if (entry.getValue().since().isBefore(oldest)) oldest = entry.getValue().since();
        }
        long age = objects.isEmpty() ? 0 : Math.max(0, Duration.between(oldest, clock.now()).toSeconds());
        return new Figures(objects.size(), bytes, accounts.size(), age);
    }
}
