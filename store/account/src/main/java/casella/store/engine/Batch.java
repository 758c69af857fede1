package casella.store.engine;

import java.util.List;

/// Rows to write as one: all or none, and only if the account is where the writer thinks it is.
///
/// @param version the account's version (mod-sequence) before this batch; 0 for a new account. Read by the engine from
///                the row [Key.Head]
/// @param epoch the epoch the writer holds; the account's must not be higher
/// @param puts rows written; with [Key.Head] it must be of a higher version, or of the same and a higher epoch.
///             A batch without it is no change of the account: it leaves version and epoch as they are (entries
///             that are archived, a view being rebuilt)
/// @param deletes keys removed, before the puts
public record Batch(long version, long epoch, List<Row> puts, List<byte[]> deletes) {
    /// One row.
    public record Row(byte[] key, byte[] value) {}

    public Batch {
        puts = List.copyOf(puts);
        deletes = List.copyOf(deletes);
    }

    /// Returns the bytes it weighs in a queue.
    public long bytes() {
        long sum = 0;
        for (Row row : puts) sum += row.key().length + row.value().length;
        for (byte[] key : deletes) sum += key.length;
        return sum;
    }
}
