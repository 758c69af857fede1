package casella.incident.availability;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A time, in milliseconds since 1970.
///
/// @param from inclusive
/// @param until exclusive
public record Span(long from, long until) {
    public static Span of(Instant from, Instant until) {
        return new Span(from.toEpochMilli(), until.toEpochMilli());
    }

    public long millis() {
        return Math.max(0, until - from);
    }

    public boolean isEmpty() {
        return until <= from;
    }

    /// Returns what of it lies in `window`; may be empty.
    public Span within(Span window) {
        return new Span(Math.max(from, window.from), Math.min(until, window.until));
    }

    /// Returns the same time as disjoint spans in order, none touching the next.
    public static List<Span> union(List<Span> spans) {
        var sorted = new ArrayList<>(spans);
        sorted.removeIf(Span::isEmpty);
        sorted.sort(Comparator.comparingLong(Span::from));
        var out = new ArrayList<Span>();
        for (Span next : sorted) {
            if (!out.isEmpty() && next.from <= out.getLast().until) {
                Span last = out.removeLast();
                out.add(new Span(last.from, Math.max(last.until, next.until)));
            } else {
                out.add(next);
            }
        }
        return out;
    }

    public static long millis(List<Span> disjoint) {
        long sum = 0;
        for (Span span : disjoint) sum += span.millis();
        return sum;
    }
}
