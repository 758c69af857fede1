package casella.vault.pack;

import casella.store.vault.ObjectName;
import casella.vault.pack.Merge.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is merged next, told by sizes, waste and erasures alone.
///
/// Neighbours in the order of segments whose names do not overlap are one *run*. Runs have levels by size, each four
/// times the one below; where [#FAN] runs of one level stand together, with none but lower ones between, they are
/// merged. So an account is in at most three runs a level, and a byte is written once a level. docs/decisions/0100.
final class CompactionPlan {
    static final int FAN = 4;
    private static final long LEVEL_ZERO_BYTES = 64 << 10;
    /// A segment of which so much is waste is written again alone.
    private static final double WASTE_SHARE = 0.5;

    /// Segments without overlapping names.
    ///
    /// @param segments oldest first
    record Run(List<PackIndex> segments, long bytes) {
        int level() {
            long quarters = bytes / LEVEL_ZERO_BYTES;
            return quarters <= 1 ? 0 : (63 - Long.numberOfLeadingZeros(quarters)) / 2;
        }
    }

    private final List<PackSegment> all;
    private final Predicate<PackIndex> free;
    private final Garbage garbage;

    /// @param free says which segments may be taken as input
    CompactionPlan(Snapshot now, Predicate<PackIndex> free, Garbage garbage) {
        this.all = now.segments().reversed();
        this.free = free;
        this.garbage = garbage;
    }

    /// Returns the runs there are, in stretches between segments that cannot be merged, oldest first.
    List<List<Run>> stretches() {
        List<List<Run>> stretches = new ArrayList<>();
        List<Run> runs = new ArrayList<>();
        stretches.add(runs);
        List<PackIndex> run = new ArrayList<>();
        NavigableMap<ObjectName, ObjectName> ranges = new TreeMap<>();
        for (PackSegment segment : all) {
            boolean barrier = !(segment instanceof PackIndex sealed && free.test(sealed));
            if (barrier || !fits((PackIndex) segment, ranges)) {
                if (!run.isEmpty()) runs.add(run(run));
                run = new ArrayList<>();
                ranges.clear();
            }
            if (barrier) {
                if (!runs.isEmpty()) {
                    runs = new ArrayList<>();
                    stretches.add(runs);
                }
            } else {
                PackIndex index = (PackIndex) segment;
                run.add(index);
                ObjectName low = index.low();
                ObjectName high = index.high();
                if (low != null && high != null) ranges.put(low, high);
            }
        }
        if (!run.isEmpty()) runs.add(run(run));
        return stretches;
    }

    private static boolean fits(PackIndex index, NavigableMap<ObjectName, ObjectName> ranges) {
        ObjectName low = index.low();
        ObjectName high = index.high();
        if (low == null || high == null) return true;
        Map.@Nullable Entry<ObjectName, ObjectName> below = ranges.floorEntry(high);
        return below == null || below.getValue().compareTo(low) < 0;
    }

    private static Run run(List<PackIndex> segments) {
        long bytes = 0;
        for (PackIndex segment : segments) bytes += segment.facts().end();
        return new Run(List.copyOf(segments), bytes);
    }

    /// Returns the next merge of runs, or null.
    @Nullable Job tiers() {
        List<List<Run>> stretches = stretches();
        int top = 0;
        for (List<Run> runs : stretches) for (Run run : runs) top = Math.max(top, run.level());
        for (int level = 0; level <= top; level++) {
            for (List<Run> runs : stretches) {
                List<Run> together = together(runs, level);
                if (together != null) return job(together.stream().flatMap(run -> run.segments().stream()).toList());
            }
        }
        return null;
    }

    private static @Nullable List<Run> together(List<Run> runs, int level) {
        List<Run> together = new ArrayList<>();
        int count = 0;
        for (Run run : runs) {
            if (run.level() > level) {
                if (count >= FAN) return together;
                together.clear();
                count = 0;
            } else {
                together.add(run);
                if (run.level() == level) count++;
            }
        }
        return count >= FAN ? together : null;
    }

    /// Returns the rewriting of one segment that is mostly waste, or null.
    @Nullable Job waste() {
        for (PackSegment segment : all) {
            if (!(segment instanceof PackIndex index) || !free.test(index)) continue;
            if (garbage.in(index.number()) > index.facts().end() * WASTE_SHARE) {
                Job job = job(List.of(index));
                if (job != null) return job;
            }
        }
        return null;
    }

    /// Returns the rewriting of one segment that gives back at least twice what it takes, or null.
    ///
    /// @param room bytes that may be written
    @Nullable Job thrifty(long room) {
        for (PackSegment segment : all) {
            if (!(segment instanceof PackIndex index) || !free.test(index)) continue;
            long kept = index.facts().end() - garbage.in(index.number());
            if (kept * 3 > index.facts().end() || kept > room) continue;
            Job job = job(List.of(index));
            if (job != null && job.inputs().size() == 1) return job;
        }
        return null;
    }

    /// Returns the job that merges these, or those and newer ones where no number is left for what comes of them.
    @Nullable Job job(List<PackIndex> inputs) {
        List<PackIndex> wanted = new ArrayList<>(inputs);
        while (true) {
            PackSegment next = null;
            long last = wanted.getLast().number();
            for (PackSegment segment : all) {
                if (segment.number() <= last) continue;
                boolean apart =
                        segment instanceof PackIndex index
                                && wanted.stream().noneMatch(input -> Merge.overlap(input, index));
                if (apart) continue;
                next = segment;
                break;
            }
            long below = next == null ? last + PackVault.NUMBERS_APART : next.number();
            long taken = all.stream().filter(one -> one.number() > last && one.number() < below).count();
            if (below - last - 1 > taken) return new Job(List.copyOf(wanted), below);
            if (!(next instanceof PackIndex index) || !free.test(index)) return null;
            wanted.add(index);
        }
    }
}
