package casella.store;

import casella.store.engine.Batch;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A snapshot with the rows a change would write laid over it, so that later operations of the change see the earlier.
final class Workspace implements Rows {
    private static final byte[] GONE = new byte[0];

    private final Rows below;
    /// What is written here; [#GONE] (by identity) hides a row of the snapshot.
    private final NavigableMap<byte[], byte[]> written = new TreeMap<>(Arrays::compareUnsigned);
    /// What was read of the snapshot, [#GONE] where there was nothing: a plan and its projection ask for the same few rows
    /// again and again.
    private final Map<byte[], byte[]> read = new TreeMap<>(Arrays::compareUnsigned);

    Workspace(Rows below) {
        this.below = below;
    }

    void put(Key key, byte[] value) {
        // A row with no value is a fresh empty array, so that it is never taken for GONE.
        written.put(key.bytes(), value.length == 0 ? new byte[0] : value);
    }

    void delete(Key key) {
        written.put(key.bytes(), GONE);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] here = written.get(key);
        if (here == null) here = read.get(key);
        if (here == null) {
            here = below.get(key);
            if (here == null) here = GONE;
            read.put(key, here);
        }
        return here == GONE ? null : here;
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        if (Arrays.compareUnsigned(from, until) >= 0) return;
        NavigableMap<byte[], byte[]> over = written.subMap(from, true, until, false);
        if (over.isEmpty()) {
            below.scan(from, until, backwards, visitor);
            return;
        }
        var pending = new ArrayList<>((backwards ? over.descendingMap() : over).entrySet());
        var state = new Merge(pending, backwards, visitor);
        below.scan(from, until, backwards, state);
        state.rest();
    }

    /// Returns the batch that brings the snapshot to this state.
    Batch batch(long version, long epoch) {
        var puts = new ArrayList<Batch.Row>();
        var deletes = new ArrayList<byte[]>();
        written.forEach(
                (key, value) -> {
                    if (value == GONE) deletes.add(key);
                    else puts.add(new Batch.Row(key, value));
                });
        return new Batch(version, epoch, puts, deletes);
    }

    /// Visits what is written here, in key order.
    void written(Fold.Written visitor) {
        written.forEach((key, value) -> visitor.row(key, value == GONE ? null : value));
    }

    /// Walks the snapshot's rows and shows the written ones in their places.
    private static final class Merge implements Visitor {
        private final List<java.util.Map.Entry<byte[], byte[]>> pending;
        private final boolean backwards;
        private final Visitor visitor;
        private int next;
        private boolean stopped;

        Merge(List<java.util.Map.Entry<byte[], byte[]>> pending, boolean backwards, Visitor visitor) {
            this.pending = pending;
            this.backwards = backwards;
            this.visitor = visitor;
        }

        @Override
        public boolean row(byte[] key, byte[] value) {
            while (next < pending.size()) {
                int order = Arrays.compareUnsigned(pending.get(next).getKey(), key);
                if (backwards) order = -order;
                if (order > 0) break;
                if (!show()) return false;
                if (order == 0) return true; // the written row stands for the one below
            }
            if (!visitor.row(key, value)) stopped = true;
            return !stopped;
        }

        private boolean show() {
            var row = pending.get(next++);
            if (row.getValue() != GONE && !visitor.row(row.getKey(), row.getValue())) stopped = true;
            return !stopped;
        }

        void rest() {
            while (!stopped && next < pending.size()) show();
        }
    }
}
