package casella.queue;

import casella.base.AccountId;
import casella.message.envelope.MailOptions;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message to be kept until the accounts it is for can be written, and servers elsewhere have taken it.
///
/// @param received when it was accepted; whole milliseconds are kept
/// @param sender the envelope sender, empty when there was none
/// @param items its recipients here
/// @param remote its recipients elsewhere; with those here 1 to [QueueRecord#ITEMS_MAX]
/// @param options how it is to be carried
/// @param account who submitted it; null where none of ours did
/// @param content the exact bytes to be stored or sent, trace fields and all; not changed by the caller afterwards
public record QueuedMessage(
        QueueId id,
        Priority priority,
        Instant received,
        String sender,
        List<QueueItem> items,
        List<RemoteItem> remote,
        MailOptions options,
        @Nullable AccountId account,
        byte[] content) {
    public QueuedMessage {
        items = List.copyOf(items);
        remote = List.copyOf(remote);
        if (items.isEmpty() && remote.isEmpty()) throw new IllegalArgumentException("items: must be 1 or more");
    }

    /// A message for accounts here alone.
    public QueuedMessage(
            QueueId id, Priority priority, Instant received, String sender, List<QueueItem> items, byte[] content) {
        this(id, priority, received, sender, items, List.of(), MailOptions.NONE, null, content);
    }

    /// Returns how many recipients it waits for.
    public int recipients() {
        return items.size() + remote.size();
    }

    /// Returns the same for some of its recipients.
    QueuedMessage with(List<QueueItem> here, List<RemoteItem> elsewhere) {
        return new QueuedMessage(id, priority, received, sender, here, elsewhere, options, account, content);
    }
}
