package casella.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Message numbers or UIDs a client names: `2,4:7,9:*`, or `$` for the last saved search. RFC 9051 §9 `sequence-set`.
sealed interface SequenceSet {

    /// The result the last SEARCH saved. RFC 9051 §6.4.4.1.
    record Saved() implements SequenceSet {}

    /// Ranges as written, neither sorted nor merged.
    record Listed(List<Range> ranges) implements SequenceSet {
        public Listed {
            ranges = List.copyOf(ranges);
        }

        /// Returns the ranges sorted, merged, and with `*` read as `highest`; nothing of a `*` when `highest` is 0.
        ///
        /// The order of a range's ends does not matter: `9:*` holds the highest number also when that is 3.
        /// RFC 9051 §9 `seq-range`.
        List<Range> resolve(long highest) {
            var sorted = new ArrayList<Range>();
            for (Range range : ranges) {
                long a = range.from == Range.STAR ? highest : range.from;
                long b = range.to == Range.STAR ? highest : range.to;
                if (a != 0 && b != 0) sorted.add(new Range(Math.min(a, b), Math.max(a, b)));
            }
            sorted.sort(Comparator.comparingLong(Range::from));
            return merged(sorted);
        }

        /// Says whether the set names `*`.
        boolean hasStar() {
            return ranges.stream().anyMatch(range -> range.from == Range.STAR || range.to == Range.STAR);
        }

        /// Returns the highest number named, `*` aside; 0 if there is none.
        long highestNamed() {
            return ranges.stream().mapToLong(range -> Math.max(range.from, range.to)).max().orElse(0);
        }
    }

    /// @param from 1 to 2^32 - 1, or [#STAR]
    /// @param to inclusive
    record Range(long from, long to) {
        /// The highest number in use. No message has number 0.
        static final long STAR = 0;

        boolean holds(long number) {
            return from <= number && number <= to;
        }
    }

    private static List<Range> merged(List<Range> sorted) {
        var out = new ArrayList<Range>();
        for (Range range : sorted) {
            Range last = out.isEmpty() ? null : out.getLast();
            if (last != null && range.from <= last.to + 1) {
                out.set(out.size() - 1, new Range(last.from, Math.max(last.to, range.to)));
            } else {
                out.add(range);
            }
        }
        return out;
    }

    /// Says whether one of `ranges`, sorted and merged, holds `number`.
    static boolean holds(List<Range> ranges, long number) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (number < range.from) high = middle - 1;
            else if (number > range.to) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// Writes numbers as a set, runs folded: `1:3,7`. Ascending order gives the shortest text; any order is kept.
    final class Writer {
        private final StringBuilder out = new StringBuilder();
        private long from;
        private long to;

        void add(long number) {
            add(new Range(number, number));
        }

        void add(Range range) {
            if (from != 0 && range.from == to + 1) {
                to = range.to;
                return;
            }
            flush();
            from = range.from;
            to = range.to;
        }

        private void flush() {
            if (from == 0) return;
            if (!out.isEmpty()) out.append(',');
            out.append(from);
            if (to != from) out.append(':').append(to);
            from = 0;
        }

        boolean isEmpty() {
            return from == 0 && out.isEmpty();
        }

        /// Returns the set; empty when nothing was added.
        String text() {
            flush();
            return out.toString();
        }
    }
}
