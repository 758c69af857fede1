package casella.store.engine;

import java.util.List;

/// Rows to write as one: all or none, and only if the account is where the writer thinks it is.
///
/// @param version the account's version (mod-sequence) before this batch; 0 for a new account. Read by the engine from
///                the row [Key.Head]
/// @param epoch the epoch the writer holds; the account's must not be higher
/// @param puts rows written; must include [Key.Head] with a higher version
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
