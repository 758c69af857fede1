package casella.imap;

import java.util.ArrayList;
import java.util.List;

/// Messages a command is about, as runs of positions in the session's list: a million of them is one run.
///
/// @param runs ascending, apart from each other
record Chosen(List<Run> runs) {
    /// @param from first index, 0-based
    /// @param until exclusive
    record Run(int from, int until) {
        int size() {
            return until - from;
        }
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /// Says whether the message at `index` is one of them.
    boolean holds(int index) {
        int low = 0;
        int high = runs.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Run run = runs.get(middle);
            if (index < run.from) high = middle - 1;
            else if (index >= run.until) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// Returns how many messages there are.
    int size() {
        return runs.stream().mapToInt(Run::size).sum();
    }

    /// Returns the same messages in pages of at most `page`.
    List<Chosen> pages(int page) {
        var pages = new ArrayList<Chosen>();
        var now = new ArrayList<Run>();
        int room = page;
        for (Run run : runs) {
            for (int from = run.from; from < run.until; ) {
                int until = Math.min(run.until, from + room);
                now.add(new Run(from, until));
                room -= until - from;
                from = until;
                if (room == 0) {
                    pages.add(new Chosen(List.copyOf(now)));
                    now.clear();
                    room = page;
                }
            }
        }
        if (!now.isEmpty()) pages.add(new Chosen(List.copyOf(now)));
        return pages;
    }

    /// Gathers runs in ascending order; empty and overlapping ones are folded.
    static final class Builder {
        private final List<Run> runs = new ArrayList<>();

        void add(int from, int until) {
            if (until <= from) return;
            Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && from <= last.until) {
                runs.set(runs.size() - 1, new Run(last.from, Math.max(last.until, until)));
            } else {
                runs.add(new Run(from, until));
            }
        }

        Chosen build() {
            return new Chosen(List.copyOf(runs));
        }
    }
}
