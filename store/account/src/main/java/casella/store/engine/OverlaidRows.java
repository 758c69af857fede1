package casella.store.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows with others laid over them: a snapshot of both, and what is given out is a copy.
public final class OverlaidRows implements Rows {
    /// Laid over a row (this very array), it hides it.
    public static final byte[] GONE = new byte[0];

    private final Rows below;
    private final SortedRows over;

    public OverlaidRows(Rows below, SortedRows over) {
        this.below = below;
        this.over = over;
    }

    /// Returns `over` with a batch laid over it.
    public static SortedRows with(SortedRows over, Batch batch) {
        SortedRows next = over;
        for (byte[] key : batch.deletes()) next = next.with(key.clone(), GONE);
        // A row with no value is a fresh empty array, so that it is never taken for GONE.
        for (Batch.Row row : batch.puts()) next = next.with(row.key().clone(),
                Arrays.copyOf(row.value(), row.value().length));
        return next;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] here = over.raw(key);
        if (here == GONE) return null;
        if (here == null) here = below.get(key);
        return here == null ? null : here.clone();
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        if (Arrays.compareUnsigned(from, until) >= 0) return;
        var merge = new Merge(over.cursor(from, until, backwards), backwards, visitor);
        below.scan(from, until, backwards, merge);
        merge.rest();
    }

    /// Walks the rows below and shows those over them in their places.
    private static final class Merge implements Visitor {
        private final SortedRows.Cursor cursor;
        private final boolean backwards;
        private final Visitor visitor;
        private boolean stopped;

        Merge(SortedRows.Cursor cursor, boolean backwards, Visitor visitor) {
            this.cursor = cursor;
            this.backwards = backwards;
            this.visitor = visitor;
        }

        @Override
        public boolean row(byte[] key, byte[] value) {
            for (byte[] next; !stopped && (next = cursor.key()) != null; ) {
                int order = Arrays.compareUnsigned(next, key);
                if (backwards) order = -order;
                if (order > 0) break;
                show(next);
                if (order == 0) return !stopped; // the row laid over stands for the one below
            }
            if (!stopped) stopped = !visitor.row(key.clone(), value.clone());
            return !stopped;
        }

        private void show(byte[] key) {
            byte[] value = cursor.value();
            cursor.next();
            if (value != GONE) stopped = !visitor.row(key.clone(), value.clone());
        }

        void rest() {
            for (byte[] next; !stopped && (next = cursor.key()) != null; ) show(next);
        }
    }
}
