package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One segment as a sorted set of names: the newest thing it says of each.
sealed interface PackSegment permits YoungSegment, PackIndex {
    /// Where an object is, or that it was removed.
    ///
    /// @param length of the stored object; [#REMOVED] for a removal
    record Slot(Place place, int length) {
        static final int REMOVED = -1;

        boolean removed() {
            return length == REMOVED;
        }
    }

    /// Goes through the names in order, forward only.
    interface Cursor {
        /// Goes to the first name at or after `from`; returns whether there is one.
        boolean seek(ObjectName from) throws IOException;

        /// Goes to the next name; returns whether there is one.
        boolean next() throws IOException;

        ObjectName name();

        Slot slot();
    }

    long number();

    /// Returns what this segment says of `name` as of a place, or null if nothing.
    @Nullable Slot find(ObjectName name, Place before) throws IOException;

    /// Says whether the segment may hold an object of an account; false is certain. Costs no reading.
    boolean mayHold(AccountId account);

    /// Likewise for an object.
    boolean mayHold(ObjectName name);

    /// Returns a cursor over what the segment said before a place. For one thread.
    Cursor cursor(Place before);
}
