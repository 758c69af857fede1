package casella.store.append;

/// A record to append. Its body is `head` then `body`, two arrays so that a large object need not be copied.
///
/// @param kind 1 to 127, the owner's own numbering
/// @param head first part of the record's body; not changed by the caller afterwards
/// @param body second part, likewise
/// @param vital whether it is taken even when the disk is nearly full: what frees space, and what must not stop
/// @param progress told what becomes of the record
public record Append(int kind, byte[] head, byte[] body, boolean vital, Progress progress) {
    /// What becomes of a record. Called on the log's own thread: short, no waiting, no reading.
    public interface Progress {
        /// The record is about to be written at `place`, in the batch that starts at `batch`; `head` may be filled in.
        /// Called again, with another place, if the file fails and the batch moves to a new one.
        default void placing(Place batch, Place place, byte[] head) {}

        /// The record is synced at `place`; its ticket is answered after this. Called in the order of places, and not
        /// at all when the outcome is unknown.
        default void placed(Place place) {}
    }

    public Append {
        if (kind < 1 || kind > 127) throw new IllegalArgumentException("record kind: must be 1 to 127");
    }

    int length() {
        return head.length + body.length;
    }
}
