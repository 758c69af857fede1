package casella.server.drill;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// When owners were in the dark, from what was looked at: pure.
///
/// An account is dark from the start of the first read that failed, or took longer than [#PATIENCE_MILLIS], until the end of
/// the next that was answered. A read that was answered sooner is a pause, and no darkness.
public final class Dark {
    /// Nobody waits longer for a folder.
    static final long PATIENCE_MILLIS = 10_000;

    private Dark() {}

    /// @param from milliseconds, inclusive
    /// @param until exclusive
    public record Span(long from, long until) {}

    /// Returns the dark times of one account.
    ///
    /// @param reads of that account, in order
    /// @param end when measuring ended
    public static List<Span> spans(List<Sample> reads, long end) {
        var spans = new ArrayList<Span>();
        long since = -1;
        for (Sample read : reads) {
            boolean late = read.took() > PATIENCE_MILLIS;
            if (since < 0 && (late || !read.served())) since = read.at();
            if (since >= 0 && read.served()) {
                spans.add(new Span(since, read.end()));
                since = -1;
            }
        }
        if (since >= 0) spans.add(new Span(since, Math.max(since, end)));
        return spans;
    }

    /// Returns for how many milliseconds at least one account was dark.
    public static long millis(List<Span> spans) {
        long sum = 0;
        long reached = Long.MIN_VALUE;
        for (Span span : spans.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
            long from = Math.max(span.from(), reached);
            if (span.until() > from) {
                sum += span.until() - from;
                reached = span.until();
            }
        }
        return sum;
    }

    /// Returns the longest time between asking and having an answer, whatever failed in between, of reads of one account
    /// that began in `from` until `until`; empty if none that was asked for then was answered then.
    public static OptionalLong longestPause(List<Sample> reads, long from, long until) {
        boolean any = reads.stream().anyMatch(read -> read.served() && read.at() >= from
                && read.end() <= until);
        if (!any) return OptionalLong.empty();
        long longest = 0;
        long since = -1;
        for (Sample read : reads) {
            boolean within = read.end() > from && read.at() < until;
            if (since < 0 && !within) continue;
            if (since < 0) since = Math.max(from, read.at());
            if (!read.served()) continue;
            longest = Math.max(longest, read.end() - since);
            since = -1;
        }
        return OptionalLong.of(longest);
    }
}
