package casella.incident.status;

import casella.incident.availability.Span;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How long the mailboxes of a brand could be reached and read, as it was measured: what held for all of them.
///
/// @param begins when measuring began; null while nothing was measured
/// @param away when they could not, disjoint and in order
public record Uptime(@Nullable Instant begins, List<Span> away) {
    /// Nothing was measured.
    public static final Uptime UNKNOWN = new Uptime(null, List.of());

    public Uptime {
        away = List.copyOf(away);
    }

    /// Says whether anything of a time was measured.
    boolean measured(Instant until) {
        return begins != null && begins.isBefore(until);
    }

    /// Returns for how long they were away between two moments, in milliseconds.
    long awayMillis(Instant from, Instant until) {
        Span window = Span.of(from, until);
        return Span.millis(Span.union(away.stream().map(one -> one.within(window)).toList()));
    }

    /// Returns for how much of the time between two moments they were there, in hundredths of a percent, rounded down; empty where nothing
    /// was measured.
    OptionalLong share(Instant from, Instant until) {
        Instant since = begins == null || begins.isBefore(from) ? from : begins;
        long all = until.toEpochMilli() - since.toEpochMilli();
        if (begins == null || all <= 0) return OptionalLong.empty();
        return OptionalLong.of((all - awayMillis(since, until)) * 10_000 / all);
    }
}
