package casella.store.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where an account stands in an engine: what decides whether a batch may be written. Every engine decides by this.
///
/// @param version the account's mod-sequence; 0 where it has no head row
/// @param epoch the epoch of its newest write; 0 where it has no head row
public record Standing(long version, long epoch) {
    /// An account without rows.
    public static final Standing NEW = new Standing(0, 0);

    private static final byte[] HEAD = new Key.Head().bytes();

    /// Returns the standing that a stored head row says; [#NEW] for none.
    ///
    /// @throws casella.base.Fault.Corrupt if the row is unreadable
    public static Standing of(byte @Nullable [] headRow) {
        if (headRow == null) return NEW;
        HeadRow head = HeadRow.of(headRow);
        return new Standing(head.version(), head.epoch());
    }

    /// Says whether `batch` was made for an account that stands here.
    public boolean admits(Batch batch) {
        return batch.version() == version && batch.epoch() >= epoch;
    }

    /// Returns where the account stands once `batch` is written: what its own head row says, and where it stood when the
    /// batch writes none.
    ///
    /// @throws IllegalStateException if it writes a head row that does not move forward: to a higher version, or
    ///         at the same one to a higher epoch, which shuts out those who hold a lower one
    public Standing after(Batch batch) {
        byte @Nullable [] row = null;
        for (Batch.Row put : batch.puts()) if (Arrays.equals(put.key(), HEAD)) row = put.value();
        if (row == null) return this;
        Standing next = of(row);
        if (next.epoch < epoch) throw new IllegalStateException("batch: must not lower the epoch");
        boolean fences = next.version == version && next.epoch > epoch;
        if (next.version <= version && !fences) throw new IllegalStateException("batch: must raise the version");
        return next;
    }
}
