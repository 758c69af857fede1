package casella.vault.pack;

import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.vault.pack.PackSegment.Cursor;
import casella.vault.pack.PackSegment.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The newest word on each name, in name order, merged from many segments: that it was put, or removed. For one thread.
final class Words {
    /// A cursor that is at a name, and how new its segment is.
    private record Source(long segment, Cursor cursor) {}

    /// What was said last of a name.
    record Word(ObjectName name, Slot slot) {}

    private final List<Source> sources = new ArrayList<>();
    private final PriorityQueue<Source> queue =
            new PriorityQueue<>(
                    Comparator.comparing((Source source) -> source.cursor().name())
                            .thenComparing(Comparator.comparingLong(Source::segment).reversed()));

    private final Consumer<Slot> superseded;

    /// @param before only what was said before this place counts
    Words(List<? extends PackSegment> segments, Place before) {
        this(segments, before, _ -> {});
    }

    /// @param superseded told where objects are that were put again, or removed, later
    Words(List<? extends PackSegment> segments, Place before, Consumer<Slot> superseded) {
        this.superseded = superseded;
        for (PackSegment segment : segments) sources.add(new Source(segment.number(), segment.cursor(before)));
    }

    Words seek(ObjectName from) throws IOException {
        queue.clear();
        for (Source source : sources) if (source.cursor().seek(from)) queue.add(source);
        return this;
    }

    /// Returns the next word, or null after the last.
    @Nullable Word next() throws IOException {
        Source newest = queue.poll();
        if (newest == null) return null;
        ObjectName name = newest.cursor().name();
        Slot slot = newest.cursor().slot();
        advance(newest);
        for (Source older = queue.peek(); older != null && older.cursor().name().equals(name); older = queue.peek()) {
            queue.remove();
            if (!older.cursor().slot().removed()) superseded.accept(older.cursor().slot());
            advance(older);
        }
        return new Word(name, slot);
    }

    private void advance(Source source) throws IOException {
        if (source.cursor().next()) queue.add(source);
    }
}
