package casella.queue;

import java.time.Instant;
import java.util.List;

/// A message to be kept until the accounts it is for can be written.
///
/// @param received when it was accepted; whole milliseconds are kept
/// @param sender the envelope sender, empty when there was none
/// @param items its recipients, 1 to [QueueRecord#ITEMS_MAX]
/// @param content the exact bytes to be stored, trace fields and all; not changed by the caller afterwards
public record QueuedMessage(
        QueueId id,
        Priority priority,
        Instant received,
        String sender,
        List<QueueItem> items,
        byte[] content) {
    public QueuedMessage {
        items = List.copyOf(items);
        if (items.isEmpty()) throw new IllegalArgumentException("items: must be 1 or more");
    }
}
