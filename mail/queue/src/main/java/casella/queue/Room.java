package casella.queue;

import casella.base.AccountId;
import casella.base.Fault;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the queue holds, in numbers, and whether more fits: what its index holds, and what is on its way there.
///
/// A message is on its way from before it is written until the index has it or it was not written after all. Only what the
/// index holds is counted anew with the index, so that neither can be counted twice or forgotten.
final class Room {
    /// Recipients, and the bytes of their messages, each for each recipient.
    private static final class Share {
        int items;
        long bytes;
    }

    private static final class Count {
        final Map<AccountId, Share> accounts = new HashMap<>();
        final Map<Priority, Integer> items = new EnumMap<>(Priority.class);
        /// Of recipients elsewhere, by who submitted their message.
        final Map<AccountId, Share> submitters = new HashMap<>();
        final Map<Priority, Integer> remote = new EnumMap<>(Priority.class);
        int total;
        int remoteTotal;
        /// Of messages, each once.
        long bytes;

        void add(AccountId account, Priority priority, int count, long size) {
            add(accounts, account, count, size);
            items.merge(priority, count, Integer::sum);
            total += count;
        }

        void addRemote(@Nullable AccountId submitter, Priority priority, int count, long size) {
            if (submitter != null) add(submitters, submitter, count, size);
            remote.merge(priority, count, Integer::sum);
            remoteTotal += count;
        }

        private static void add(Map<AccountId, Share> shares, AccountId account, int count, long size) {
            Share share = shares.computeIfAbsent(account, _ -> new Share());
            share.items += count;
            share.bytes += size;
            if (share.items <= 0) shares.remove(account);
        }

        Share of(AccountId account) {
            return accounts.getOrDefault(account, NONE);
        }

        Share from(AccountId submitter) {
            return submitters.getOrDefault(submitter, NONE);
        }
    }

    /// A message on its way.
    final class Taken {
        // Not the message: while the index is away, all that is on its way is remembered.
        private final Weight weight;
        private boolean over;

        private Taken(Weight weight) {
            this.weight = weight;
        }

        /// The index has it, or it was not written. More than once is as once.
        void over() {
            synchronized (Room.this) {
                if (over) return;
                over = true;
                count(coming, weight, -1);
            }
        }
    }

    private static final Share NONE = new Share();

    private final QueueLimits limits;
    private final Count coming = new Count();
    private Count held = new Count();

    Room(QueueLimits limits) {
        this.limits = limits;
    }

    /// Takes room for a message and all its recipients, or none.
    ///
    /// @throws Fault.Exhausted if it does not fit
    synchronized Taken take(QueuedMessage message) {
        int size = message.content().length;
        if (waiting() + message.recipients() > limits.itemsMax() || bytes() + size > limits.bytesMax()) {
            throw new Fault.Exhausted("Queue full", Map.of("items", waiting(), "bytes", bytes()));
        }
        for (QueueItem item : message.items()) {
            AccountId account = item.account();
            fits(account, held.of(account), coming.of(account), size);
        }
        AccountId from = message.account();
        if (from != null && !message.remote().isEmpty()) fits(from, held.from(from), coming.from(from), size);
        var weight = new Weight(message.items().stream().map(QueueItem::account).toList(), from,
                message.remote().size(),
                message.priority(), size);
        count(coming, weight, 1);
        return new Taken(weight);
    }

    private void fits(AccountId account, Share held, Share coming, int size) {
        int waiting = held.items + coming.items;
        if (waiting >= limits.accountItemsMax() || held.bytes + coming.bytes
                + size > limits.accountBytesMax()) {
            throw new Fault.Exhausted("Queue full for the account", Map.of("account", account, "items",
                    waiting));
        }
    }

    /// What a message takes.
    ///
    /// @param accounts of its recipients here
    /// @param from who submitted it
    /// @param remote number of its recipients elsewhere
    private record Weight(List<AccountId> accounts, @Nullable AccountId from, int remote, Priority priority,
            int size) {}

    private static void count(Count in, Weight weight, int times) {
        long bytes = (long) times * weight.size();
        in.bytes += bytes;
        for (AccountId account : weight.accounts()) in.add(account, weight.priority(), times, bytes);
        if (weight.remote() == 0) return;
        in.addRemote(weight.from(), weight.priority(), times * weight.remote(), bytes * weight.remote());
    }

    /// Changes in what the index holds, one after another and told together once they are committed.
    final class Changes {
        private final List<Runnable> changes = new ArrayList<>();

        /// @param count recipients more, or fewer
        /// @param size bytes of their messages more, or fewer
        void items(AccountId account, Priority priority, int count, long size) {
            changes.add(() -> held.add(account, priority, count, size));
        }

        /// The same of recipients elsewhere.
        ///
        /// @param submitter whose message it is; null where none of ours submitted it
        void remote(@Nullable AccountId submitter, Priority priority, int count, long size) {
            changes.add(() -> held.addRemote(submitter, priority, count, size));
        }

        /// @param size bytes of messages more, or fewer
        void bytes(long size) {
            changes.add(() -> held.bytes += size);
        }

        /// @param arrived what was on its way, and the index has now: at no moment it is counted twice, or not
        void tell(List<Taken> arrived) {
            synchronized (Room.this) {
                changes.forEach(Runnable::run);
                arrived.forEach(Taken::over);
            }
        }

        /// As [#tell], over nothing: what the index holds was counted anew.
        void tellAll(List<Taken> arrived) {
            synchronized (Room.this) {
                held = new Count();
                tell(arrived);
            }
        }
    }

    Changes changes() {
        return new Changes();
    }

    synchronized int items(Priority priority) {
        return held.items.getOrDefault(priority, 0) + coming.items.getOrDefault(priority, 0);
    }

    synchronized int items() {
        return held.total + coming.total;
    }

    synchronized int remote(Priority priority) {
        return held.remote.getOrDefault(priority, 0) + coming.remote.getOrDefault(priority, 0);
    }

    /// Returns all recipients that wait, here and elsewhere.
    synchronized int waiting() {
        return items() + held.remoteTotal + coming.remoteTotal;
    }

    synchronized long bytes() {
        return held.bytes + coming.bytes;
    }
}
