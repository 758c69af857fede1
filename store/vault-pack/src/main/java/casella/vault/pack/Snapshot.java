package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.vault.pack.PackSegment.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The segments there are at a moment and what they say together. Replaced as a whole, never changed; only the segment
/// being filled grows in it.
final class Snapshot {
    private final List<PackSegment> segments;
    private final Set<Long> numbers;
    private final Erasures erasures;

    private Snapshot(List<PackSegment> segments, Erasures erasures) {
        this.segments = List.copyOf(segments);
        this.erasures = erasures;
        Set<Long> all = HashSet.newHashSet(segments.size());
        for (PackSegment segment : segments) all.add(segment.number());
        this.numbers = all;
    }

    static Snapshot empty(Erasures erasures) {
        return new Snapshot(List.of(), erasures);
    }

    /// Returns this with `added` in their places and without `removed`.
    Snapshot with(List<? extends PackSegment> added, Set<? extends PackSegment> removed) {
        List<PackSegment> next = new ArrayList<>(segments.size() + added.size());
        for (PackSegment segment : segments) if (!removed.contains(segment)) next.add(segment);
        next.addAll(added);
        next.sort(Comparator.comparingLong(PackSegment::number).reversed());
        return new Snapshot(next, erasures);
    }

    /// Returns the segments older than a number.
    Snapshot before(long number) {
        return new Snapshot(segments.stream().filter(segment -> segment.number() < number).toList(), erasures);
    }

    /// Returns the segments, newest first.
    List<PackSegment> segments() {
        return segments;
    }

    boolean has(PackSegment segment) {
        return numbers.contains(segment.number()) && segments.contains(segment);
    }

    @Nullable PackSegment segment(long number) {
        if (!numbers.contains(number)) return null;
        for (PackSegment segment : segments) if (segment.number() == number) return segment;
        return null;
    }

    @Nullable PackSegment newest() {
        return segments.isEmpty() ? null : segments.getFirst();
    }

    /// Returns where an object was before a place, or null if it was not there.
    @Nullable Slot find(ObjectName name, Place before) throws IOException {
        for (PackSegment segment : segments) {
            if (segment.number() > before.segment() || !segment.mayHold(name)) continue;
            Slot slot = segment.find(name, before);
            if (slot == null) continue;
            return slot.removed() || erased(name.account(), slot.place(), before) ? null : slot;
        }
        return null;
    }

    /// Returns the objects that were there before a place; `account` narrows the segments looked into.
    LiveObjects live(@Nullable AccountId account, Place before) {
        List<PackSegment> from = new ArrayList<>();
        for (PackSegment segment : segments) {
            if (segment.number() <= before.segment() && (account == null || segment.mayHold(account))) {
                from.add(segment);
            }
        }
        return new LiveObjects(this, from, before, _ -> {});
    }

    /// Returns all objects that are there.
    ///
    /// @param dead told where objects are that are no more
    LiveObjects live(Consumer<Slot> dead) {
        return new LiveObjects(this, segments, Place.LAST, dead);
    }

    /// Returns the oldest segments, up to the first that has no index.
    Snapshot sealed() {
        for (PackSegment segment : segments.reversed()) {
            if (segment instanceof YoungSegment) return before(segment.number());
        }
        return this;
    }

    /// Says whether an object of `account` at `place` was erased before `before`.
    boolean erased(AccountId account, Place place, Place before) {
        // Only by what these segments say: an erasure that compaction moves must not be met twice, at both places.
        return erasures.any(
                account, at -> place.before(at) && at.before(before) && numbers.contains(at.segment()));
    }

    /// Says whether a segment newer than a number says anything of a name.
    boolean saysAfter(long number, ObjectName name) throws IOException {
        for (PackSegment segment : segments) {
            if (segment.number() <= number) return false;
            if (segment.mayHold(name) && segment.find(name, Place.LAST) != null) return true;
        }
        return false;
    }

    /// Says whether a segment may hold objects of an account; false is certain.
    boolean mayHold(AccountId account) {
        for (PackSegment segment : segments) if (segment.mayHold(account)) return true;
        return false;
    }

    /// Says whether a segment may hold an object; false is certain.
    boolean mayHold(ObjectName name) {
        for (PackSegment segment : segments) if (segment.mayHold(name)) return true;
        return false;
    }
}
