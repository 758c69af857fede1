package casella.store.engine;

import org.jspecify.annotations.Nullable;

/// One account's rows as they stood at one moment. Keys are the account-relative bytes of [Key].
public interface Rows {
    /// Takes one row; returns whether to go on. The arrays are the visitor's to keep.
    interface Visitor {
        boolean row(byte[] key, byte[] value);
    }

    /// Returns the value of `key`, or null.
    byte @Nullable [] get(byte[] key);

    /// Visits rows from `from` (inclusive) until `until` (exclusive) in unsigned byte order, or backwards from the last.
    void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor);

    default byte @Nullable [] get(Key key) {
        return get(key.bytes());
    }

    /// Visits all rows whose key starts with `prefix`, in order.
    default void scan(byte[] prefix, Visitor visitor) {
        scan(prefix, Key.after(prefix), false, visitor);
    }
}
