package casella.store.archive;

import casella.base.Sha256;
import casella.store.Derived;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of their own that a checkpoint holds, page by page as they are asked for. As safe for several
/// threads as the pages are.
final class CheckpointRows implements Rows {
    /// Where pages come from.
    interface Pages {
        /// @throws casella.base.Fault if the page cannot be had
        Page page(Sha256 hash);
    }

    private static final byte[] HEAD = new Key.Head().bytes();

    private final Checkpoint checkpoint;
    private final Pages pages;

    CheckpointRows(Checkpoint checkpoint, Pages pages) {
        this.checkpoint = checkpoint;
        this.pages = pages;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    Page page(Page.Place place) {
        return pages.page(place.hash());
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        if (Arrays.equals(key, HEAD)) return checkpoint.head().version() == 0 ? null
                : checkpoint.head().bytes();
        if (key[0] < Checkpoint.PAGED_FROM) return checkpoint.mailboxes().get(key);
        int at = index(key);
        return at < 0 ? null : page(checkpoint.pages().get(at)).get(key);
    }

    /// Returns which page may hold `key`; -1 when it is before the first.
    private int index(byte[] key) {
        int low = 0;
        int high = checkpoint.pages().size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(checkpoint.pages().get(middle).first(), key) <= 0) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        var parts = new ArrayList<Part>();
        byte[] head = get(HEAD);
        if (head != null) parts.add(() -> new Page(List.of(HEAD), List.of(head)));
        parts.add(checkpoint::mailboxes);
        List<Page.Place> places = checkpoint.pages();
        for (int i = Math.max(0, index(from)); i < places.size(); i++) {
            Page.Place place = places.get(i);
            if (Arrays.compareUnsigned(place.first(), until) >= 0) break;
            parts.add(() -> page(place));
        }
        for (Part part : backwards ? parts.reversed() : parts) {
            if (!part.page().scan(from, until, backwards, visitor)) return;
        }
    }

    private interface Part {
        Page page();
    }

    /// Visits every row of its own in `rows`, then those that follow from it; not this engine's.
    static void state(Rows rows, Visitor visitor) {
        rows.scan(new byte[] {0x00}, new byte[] {0x7F}, false, (key, value) -> {
            if (Derived.kind(key) != Derived.Kind.OF_ITS_OWN) return true;
            if (!visitor.row(key, value)) return false;
            Derived.of(key, value, visitor);
            return true;
        });
    }
}
