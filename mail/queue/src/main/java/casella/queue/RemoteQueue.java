package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.queue.QueueRecord.Ending;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The queue as whoever brings mail to other servers sees it: what is to be tried, and what became of it.
///
/// Safe from any virtual thread. What [#next] and [#more] gave is under way until [#back], [#defer] or [#end] takes it
/// back; nobody else gets it meanwhile, also when the index is made anew.
public final class RemoteQueue {
    private static final Duration INDEX_TIME = Duration.ofSeconds(20);
    /// Rows made ready, or changed by an operator, in one transaction.
    private static final int BATCH = 500;

    /// Which recipients are meant.
    public sealed interface Which {
        record All() implements Which {}

        record OfMessage(QueueId id) implements Which {}

        /// @param domain in lower case, with A-labels
        record OfDomain(String domain) implements Which {}

        /// @param account who submitted it
        record OfAccount(AccountId account) implements Which {}
    }

    /// A domain to which something goes.
    ///
    /// @param items recipients that wait
    /// @param busy whether it has all connections it may have
    /// @param putOff whether nothing is tried before `due`
    /// @param attempts how often it failed since it last worked
    /// @param why the last failure; empty for none
    public record Destination(
            String domain, int items, boolean busy, boolean putOff, int attempts, Instant due, String why) {}

    /// Held by whoever reads how recipients stand to write it anew: one record says all of it.
    private final Object standing = new Object();
    private final LocalQueue queue;
    private final QueueIndex index;
    private final Set<ArrivalId> underWay = ConcurrentHashMap.newKeySet();

    RemoteQueue(LocalQueue queue, QueueIndex index) {
        this.queue = queue;
        this.index = index;
    }

    // What is tried.

    /// Takes what goes next of a priority: recipients of one domain, the newest or the oldest first, at most `limit`.
    ///
    /// @throws Fault.Unavailable if the index does not answer
    public List<Outgoing> next(Priority priority, boolean newest, int limit) {
        return taken(rows -> rows.next(priority, newest, limit));
    }

    /// Takes more for a domain that is being served, its most urgent first, at most `limit`.
    public List<Outgoing> more(String domain, int limit) {
        return taken(rows -> rows.more(domain, limit));
    }

    private interface Taking {
        List<Outgoing> from(RemoteRows rows) throws SQLException;
    }

    private List<Outgoing> taken(Taking taking) {
        var ours = new ArrayList<Outgoing>();
        var abandoned = new AtomicBoolean();
        try {
            return index.call(INDEX_TIME, rows -> {
                if (abandoned.get()) return List.of();
                // An index that was made anew does not know what is under way. What is, is changed on the index's thread
                // alone: who gives something back and who takes it next must not meet half way.
                for (Outgoing one : taking.from(rows.remote())) if (underWay.add(one.item()
                        .id())) ours.add(one);
                return ours;
            });
        } catch (Fault e) {
            abandoned.set(true);
            for (Outgoing one : ours) underWay.remove(one.item().id());
            throw e;
        }
    }

    /// Returns the message a recipient waits for, its bytes checked.
    ///
    /// @throws Fault.Corrupt if its bytes are not what was kept, or the index tells of another message
    /// @throws Fault.Unavailable if the disk does not give them back now
    public QueuedMessage message(Outgoing one) {
        return queue.message(one);
    }

    /// Gives back what was not tried.
    public void back(List<Outgoing> some) {
        change(some, (rows, one) -> {
            rows.back(one.item().id());
            underWay.remove(one.item().id());
        });
    }

    /// Has a recipient be tried later.
    ///
    /// @param attempts how often it was answered so
    public void defer(Outgoing one, int attempts, Instant due, String why) {
        change(List.of(one), (rows, _) -> {
            rows.defer(one.item().id(), attempts, due.toEpochMilli(), why);
            underWay.remove(one.item().id());
        });
    }

    /// Says that recipients' waiting ended; synced when this returns.
    ///
    /// @throws Fault.Unavailable if that cannot be written: they are then tried again
    public void end(List<Outgoing> ended, Ending how) {
        queue.endRemote(ended.stream().map(one -> one.item().id()).toList(), how);
        for (Outgoing one : ended) underWay.remove(one.item().id());
    }

    /// Says that the bytes of these are gone, after all that could be tried; synced when this returns.
    public void lost(List<Outgoing> gone) {
        for (Outgoing one : gone) queue.lost(one, "unreadable");
        end(gone, Ending.LOST);
    }

    /// Says that the sender was told that these are late; synced when this returns.
    public void told(List<Outgoing> late) {
        synchronized (standing) {
            // As they stand now: an operator may have held or redirected them since they were taken.
            queue.stand(late.stream().map(one -> find(one.item().id())).flatMap(Optional::stream)
                    .map(one -> new QueueRecord.Standing(one.item().id(), one.item().held(), true, one.item()
                            .address()))
                    .toList());
        }
        restore(late);
    }

    /// Has all that goes to a domain be tried later.
    ///
    /// @param attempts how often it failed
    public void putOff(String domain, int attempts, Instant due, String why) {
        run(rows -> rows.putOff(domain, attempts, due.toEpochMilli(), why));
    }

    /// Returns how often a domain failed since it last worked.
    public int attempts(String domain) {
        return index.call(INDEX_TIME, rows -> rows.remote().attempts(domain));
    }

    /// Forgets that a domain failed.
    public void served(String domain) {
        run(rows -> rows.served(domain));
    }

    /// Takes a domain out of what is chosen among, since it has all connections it may have, or puts it back.
    public void busy(String domain, boolean busy) {
        run(rows -> rows.busy(domain, busy));
    }

    /// Makes what is due ready; returns when something is due next, empty for nothing.
    public Optional<Instant> wake(Instant now) {
        return index.call(INDEX_TIME, rows -> {
            rows.remote().wake(now.toEpochMilli(), BATCH);
            return rows.remote().nextDue();
        });
    }

    /// Takes recipients whose sender is to be told something now, at most `limit`; none that is under way. They are, until
    /// [#told], [#restore] or [#end] takes them back.
    public List<Outgoing> toTell(Instant now, int limit) {
        return taken(rows -> rows.toTell(now.toEpochMilli(), limit));
    }

    /// Gives back what [#toTell] took: what was put off stays so.
    public void restore(List<Outgoing> some) {
        change(some, (rows, one) -> {
            rows.restore(one.item().id());
            underWay.remove(one.item().id());
        });
    }

    // What operators ask for.

    /// Returns recipients that wait, in the order of their ids, at most `limit` after `after`.
    public List<Outgoing> list(Which which, @Nullable ArrivalId after, int limit) {
        return index.call(INDEX_TIME, rows -> rows.remote().list(which, after, limit));
    }

    /// Returns the recipient with that id; empty when none waits.
    public Optional<Outgoing> find(ArrivalId id) {
        return index.call(INDEX_TIME, rows -> Optional.ofNullable(rows.remote().find(id)));
    }

    /// Returns domains to which something goes, those with most first, at most `limit`.
    public List<Destination> destinations(int limit) {
        return index.call(INDEX_TIME, rows -> rows.remote().destinations(limit));
    }

    /// Keeps recipients from being tried until they are released; returns how many.
    public int hold(Which which) {
        return stands(which, one -> !one.item().held(), one -> standing(one, true, one.item().address()));
    }

    /// Lets held recipients be tried again; returns how many.
    public int release(Which which) {
        return stands(which, one -> one.item().held(), one -> standing(one, false, one.item().address()));
    }

    /// Has recipients go to another address of the same local part, or all to one address; returns how many.
    ///
    /// @param to an address, or a domain
    public int redirect(Which which, String to) {
        return stands(which, _ -> true, one -> {
            String address = one.item().address();
            String changed = to.contains("@") ? to : address.substring(0, address.lastIndexOf('@') + 1) + to;
            return standing(one, one.item().held(), changed);
        });
    }

    private static QueueRecord.Standing standing(Outgoing one, boolean held, String address) {
        return new QueueRecord.Standing(one.item().id(), held, one.item().told(), address);
    }

    private int stands(
            Which which, Function<Outgoing, Boolean> concerned, Function<Outgoing,
                    QueueRecord.Standing> said) {
        synchronized (standing) {
            return each(which, some -> {
                List<QueueRecord.Standing> all = some.stream().filter(concerned::apply).map(said).toList();
                queue.stand(all);
                return all.size();
            });
        }
    }

    /// Has recipients be tried now, and the domains they go to; returns how many. Those that are held stay so.
    public int retry(Which which) {
        return each(which, some -> {
            List<String> domains = some.stream().map(one -> one.item().domain()).distinct().toList();
            run(rows -> {
                for (String domain : domains) rows.served(domain);
            });
            List<Outgoing> free = some.stream().filter(one -> !one.item().held()).toList();
            change(free.stream().filter(one -> one.standing() != Outgoing.Standing.UNDER_WAY).toList(),
                    (rows, one) -> rows.back(one.item().id()));
            queue.newsOfRemote();
            return free.size();
        });
    }

    /// Ends recipients' waiting without telling anybody; returns how many.
    public int cancel(Which which) {
        return each(which, some -> {
            queue.endRemote(some.stream().map(one -> one.item().id()).toList(), Ending.CANCELLED);
            return some.size();
        });
    }

    private int each(Which which, Function<List<Outgoing>, Integer> work) {
        int count = 0;
        ArrivalId after = null;
        while (true) {
            List<Outgoing> some = list(which, after, BATCH);
            if (some.isEmpty()) return count;
            after = some.getLast().item().id();
            count += work.apply(some);
        }
    }

    private interface Work {
        void on(RemoteRows rows) throws SQLException;
    }

    private interface Change {
        void of(RemoteRows rows, Outgoing one) throws SQLException;
    }

    private void run(Work work) {
        index.call(INDEX_TIME, rows -> {
            work.on(rows.remote());
            return true;
        });
    }

    private void change(List<Outgoing> some, Change change) {
        run(rows -> {
            for (Outgoing one : some) change.of(rows, one);
        });
    }
}
