package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Sha256;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.vault.pack.PackSegment.Cursor;
import casella.vault.pack.PackSegment.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The objects that are there, in name order, merged from many segments: the newest word on a name counts, and an
/// erasure ends what was before it. For one thread.
final class LiveObjects {
    private static final Sha256 ZERO = Sha256.wrap(new byte[Sha256.BYTES]);

    /// A cursor that is at a name, and how new its segment is.
    private record Source(long segment, Cursor cursor) {}

    /// An object that is there.
    record Live(ObjectName name, Slot slot) {}

    private final List<Source> sources = new ArrayList<>();
    private final PriorityQueue<Source> queue =
            new PriorityQueue<>(
                    Comparator.comparing((Source source) -> source.cursor().name())
                            .thenComparing(Comparator.comparingLong(Source::segment).reversed()));
    private final Erasures erasures;
    private final Place before;

    /// @param before only what was said before this place counts
    LiveObjects(List<PackSegment> segments, Erasures erasures, Place before) {
        this.erasures = erasures;
        this.before = before;
        for (PackSegment segment : segments) sources.add(new Source(segment.number(), segment.cursor(before)));
    }

    /// Returns the name that sorts before every object of an account.
    static ObjectName first(AccountId account) {
        return first(account, Kind.MAIL);
    }

    static ObjectName first(AccountId account, Kind kind) {
        return new ObjectName(account, kind, 0, 0, ZERO);
    }

    LiveObjects seek(ObjectName from) throws IOException {
        queue.clear();
        for (Source source : sources) if (source.cursor().seek(from)) queue.add(source);
        return this;
    }

    /// Returns the next object, or null after the last.
    @Nullable Live next() throws IOException {
        while (true) {
            Source newest = queue.poll();
            if (newest == null) return null;
            ObjectName name = newest.cursor().name();
            Slot slot = newest.cursor().slot();
            advance(newest);
            for (Source older = queue.peek(); older != null && older.cursor().name().equals(name); ) {
                advance(queue.remove());
                older = queue.peek();
            }
            if (!slot.removed() && !erasures.erased(name.account(), slot.place(), before)) return new Live(name, slot);
        }
    }

    private void advance(Source source) throws IOException {
        if (source.cursor().next()) queue.add(source);
    }
}
