package casella.queue;

import casella.base.AccountId;
import casella.base.Fault;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// What the queue holds, in numbers, and whether more fits. Taken before a message is written, given back when its
/// recipients' waiting ends.
final class Room {
    private static final class Share {
        int items;
        long bytes;
    }

    private static final Share NONE = new Share();

    private final QueueLimits limits;
    private final Map<AccountId, Share> accounts = new HashMap<>();
    private final Map<Priority, Integer> items = new EnumMap<>(Priority.class);
    private int total;
    private long bytes;

    Room(QueueLimits limits) {
        this.limits = limits;
    }

    /// Takes room for a message and all its recipients, or none.
    ///
    /// @throws Fault.Exhausted if it does not fit
    synchronized void take(QueuedMessage message) {
        int size = message.content().length;
        if (total + message.items().size() > limits.itemsMax() || bytes + size > limits.bytesMax()) {
            throw new Fault.Exhausted("Queue full", Map.of("items", total, "bytes", bytes));
        }
        for (QueueItem item : message.items()) {
            Share share = accounts.getOrDefault(item.account(), NONE);
            if (share.items >= limits.accountItemsMax() || share.bytes + size > limits.accountBytesMax()) {
                throw new Fault.Exhausted(
                        "Queue full for the account", Map.of("account", item.account(), "items", share.items));
            }
        }
        bytes += size;
        for (QueueItem item : message.items()) add(item.account(), message.priority(), 1, size);
    }

    /// Counts recipients that are in the queue already.
    synchronized void add(AccountId account, Priority priority, int count, long size) {
        Share share = accounts.computeIfAbsent(account, _ -> new Share());
        share.items += count;
        share.bytes += size;
        items.merge(priority, count, Integer::sum);
        total += count;
    }

    /// Gives the room of one recipient back.
    synchronized void end(AccountId account, Priority priority, long size) {
        Share share = accounts.get(account);
        if (share != null) {
            share.items--;
            share.bytes -= size;
            if (share.items <= 0) accounts.remove(account);
        }
        items.computeIfPresent(priority, (_, count) -> Math.max(0, count - 1));
        total = Math.max(0, total - 1);
    }

    /// Gives the room of a message back all of whose recipients ended.
    synchronized void endBytes(long size) {
        bytes = Math.max(0, bytes - size);
    }

    /// Gives back what [#take] took.
    synchronized void giveBack(QueuedMessage message) {
        int size = message.content().length;
        endBytes(size);
        for (QueueItem item : message.items()) end(item.account(), message.priority(), size);
    }

    /// Forgets all, to be counted anew.
    ///
    /// @param size bytes of all messages there are
    synchronized void begin(long size) {
        accounts.clear();
        items.clear();
        total = 0;
        bytes = size;
    }

    synchronized int items(Priority priority) {
        return items.getOrDefault(priority, 0);
    }

    synchronized int items() {
        return total;
    }

    synchronized long bytes() {
        return bytes;
    }
}
