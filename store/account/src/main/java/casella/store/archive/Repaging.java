package casella.store.archive;

import casella.base.Sha256;
import casella.store.Derived;
import casella.store.Fold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes the next checkpoint: the pages of the last one in which something changed are written anew, the others stay.
final class Repaging {
    /// Bytes of a page, before compression; a larger row has a page alone.
    static final int PAGE_BYTES = 128 << 10;
    /// A page left smaller takes in the next one, so that they do not crumble.
    private static final int PAGE_BYTES_MIN = 32 << 10;

    /// Takes new pages; the same page may come again.
    interface Store {
        void put(Sha256 hash, byte[] page);
    }

    private final CheckpointRows base;
    private final Store store;
    private final StateSum sum;
    private final NavigableMap<byte[], byte @Nullable []> inHead = new TreeMap<>(Arrays::compareUnsigned);
    private final NavigableMap<byte[], byte @Nullable []> paged = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Page.Place> places = new ArrayList<>();
    private List<byte[]> keys = new ArrayList<>();
    private List<byte[]> values = new ArrayList<>();
    private int bytes;

    private Repaging(CheckpointRows base, Store store) {
        this.base = base;
        this.store = store;
        this.sum = base.checkpoint().sum().copy();
    }

    /// Returns the checkpoint at the end of `fold`, which was folded over `base`. Its new pages are in `store`.
    static Checkpoint next(CheckpointRows base, Fold fold, Store store) {
        var repaging = new Repaging(base, store);
        fold.written(repaging::take);
        repaging.repage();
        return new Checkpoint(
                base.checkpoint().account(), fold.head(), repaging.sum, repaging.mailboxes(),
                        repaging.places);
    }

    private void take(byte[] key, byte @Nullable [] value) {
        if (Derived.kind(key) != Derived.Kind.OF_ITS_OWN) return;
        byte[] old = base.get(key);
        if (old != null) sum.remove(key, old);
        if (value != null) sum.add(key, value);
        if (key[0] == 0x00) return;
        (key[0] < Checkpoint.PAGED_FROM ? inHead : paged).put(key, value);
    }

    private Page mailboxes() {
        NavigableMap<byte[], byte[]> rows = merged(base.checkpoint().mailboxes(), inHead);
        return new Page(List.copyOf(rows.keySet()), List.copyOf(rows.values()));
    }

    private static NavigableMap<byte[],
            byte[]> merged(Page page, NavigableMap<byte[], byte @Nullable []> over) {
        NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        for (int i = 0; i < page.keys().size(); i++) rows.put(page.keys().get(i), page.values().get(i));
        over.forEach((key, value) -> {
            if (value == null) rows.remove(key);
            else rows.put(key, value);
        });
        return rows;
    }

    private void repage() {
        List<Page.Place> old = base.checkpoint().pages();
        if (old.isEmpty()) merged(new Page(List.of(), List.of()), paged).forEach(this::row);
        for (int i = 0; i < old.size(); i++) {
            byte[] from = i == 0 ? new byte[0] : old.get(i).first();
            boolean last = i == old.size() - 1;
            NavigableMap<byte[], byte @Nullable []> over =
                    last ? paged.tailMap(from, true)
                            : paged.subMap(from, true, old.get(i + 1).first(), false);
            if (over.isEmpty() && (bytes == 0 || bytes >= PAGE_BYTES_MIN)) {
                cut();
                places.add(old.get(i));
            } else {
                merged(base.page(old.get(i)), over).forEach(this::row);
            }
        }
        cut();
    }

    private void row(byte[] key, byte[] value) {
        int weight = Page.weight(key, value);
        if (bytes > 0 && bytes + weight > PAGE_BYTES) cut();
        keys.add(key);
        values.add(value);
        bytes += weight;
    }

    private void cut() {
        if (keys.isEmpty()) return;
        byte[] content = new Page(keys, values).encode();
        Sha256 hash = Sha256.of(content);
        store.put(hash, content);
        places.add(new Page.Place(keys.getFirst(), keys.size(), content.length, hash));
        keys = new ArrayList<>();
        values = new ArrayList<>();
        bytes = 0;
    }
}
