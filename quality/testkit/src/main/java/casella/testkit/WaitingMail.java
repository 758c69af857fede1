package casella.testkit;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.View;
import casella.store.continuation.Names;
import casella.store.continuation.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Mail that waits in memory and accounts whose folders are known: what continuations are made of.
public final class WaitingMail implements Names, Waiting {
    private record Kept(AccountId account, Item item, Sha256 hash, byte[] content) {}

    private final TreeMap<AccountId, Known> names = new TreeMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private final Map<AccountId, Integer> retried = new ConcurrentHashMap<>();
    private final Set<ArrivalId> unreadable = new HashSet<>();
    private volatile boolean away;
    private final Map<ArrivalId, Held> holding = new ConcurrentHashMap<>();
    private int read;

    /// Takes note of an account's folders as they are now.
    public synchronized void name(Account account, String received) {
        List<FaceRows.Folder> folders = account.read(View::mailboxes).stream()
                .map(WaitingMail::folder)
                .toList();
        names.put(account.id(), new Known(folders, received));
    }

    private static FaceRows.Folder folder(Mailbox mailbox) {
        return new FaceRows.Folder(
                mailbox.id(), mailbox.name(), mailbox.uidValidity(), mailbox.role(), mailbox.subscribed(),
                        mailbox.sortOrder());
    }

    /// Has a message wait.
    public synchronized void keep(AccountId account, ArrivalId arrival, Instant received, byte[] content) {
        keep(account, arrival, received, Sha256.of(content), content);
    }

    /// Has a message wait of which the queue says that `hash` is its SHA-256.
    public synchronized void keep(
            AccountId account, ArrivalId arrival, Instant received, Sha256 hash, byte[] content) {
        kept.add(new Kept(account, new Item(arrival, received), hash, content));
    }

    /// From now on a message cannot be read, or it can again.
    public synchronized void unreadable(ArrivalId arrival, boolean now) {
        if (now) unreadable.add(arrival);
        else unreadable.remove(arrival);
    }

    /// One who reads and waits.
    ///
    /// @param here counted down when it waits
    /// @param go counted down by a test: it goes on
    public record Held(CountDownLatch here, CountDownLatch go) {
        private void pass() {
            here.countDown();
            try {
                var _ = go.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Has the next who reads a message wait.
    public Held hold(ArrivalId arrival) {
        var held = new Held(new CountDownLatch(1), new CountDownLatch(1));
        holding.put(arrival, held);
        return held;
    }

    /// Returns how often a message was read.
    public synchronized int read() {
        return read;
    }

    /// Lets go of a message: it was filed, or lost.
    public synchronized void end(ArrivalId arrival) {
        kept.removeIf(one -> one.item().arrival().equals(arrival));
    }

    /// From now on nothing that waits can be read, or it can again.
    public void away(boolean now) {
        away = now;
    }

    /// Returns how often what waits for an account was to be tried again.
    public int retried(AccountId account) {
        return retried.getOrDefault(account, 0);
    }

    @Override
    public synchronized @Nullable Known known(AccountId account) {
        return names.get(account);
    }

    @Override
    public synchronized List<AccountId> accounts(@Nullable AccountId after, int limit) {
        var all = after == null ? names : names.tailMap(after, false);
        return all.keySet().stream().limit(limit).toList();
    }

    @Override
    public synchronized List<Item> of(AccountId account) {
        if (away) throw new Fault.Unavailable("Away by command of a test", Map.of());
        return kept.stream().filter(one -> one.account().equals(account)).map(Kept::item).toList();
    }

    @Override
    public Message message(ArrivalId arrival) {
        Held held = holding.remove(arrival);
        if (held != null) held.pass();
        return take(arrival);
    }

    private synchronized Message take(ArrivalId arrival) {
        if (away || unreadable.contains(arrival)) throw new Fault.Unavailable("Away by command of a test", Map.of());
        read++;
        for (Kept one : kept) {
            if (one.item().arrival().equals(arrival)) return new Message(one.hash(), one.content().clone());
        }
        throw new Fault.Corrupt("It does not wait any more", Map.of("arrival", arrival));
    }

    @Override
    public void retry(AccountId account) {
        if (away) throw new Fault.Unavailable("Away by command of a test", Map.of());
        retried.merge(account, 1, Integer::sum);
    }
}
