package casella.store;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A vault that mailboxes are being moved to. It gets every write and every removal that the vault gets in whose place it is
/// to come, and counts for nothing: nobody waits for it, no acknowledgement rests on it, the journal is never read from it
/// alone. So whatever it does, leaving it is leaving out one that nobody needed. Accounts that were moved are read there
/// first; its copies are checked like any other's, and the next vault is asked when it is slow or wrong.
///
/// What it did not take is not copies debt, which counts what the policy asks for: the account is *behind* until it was
/// looked at again ([casella.store.moving.Mover]). Safe from any thread.
public final class Newcomer {
    /// What is done in both vaults and compared.
    public enum Act {
        WRITE,
        READ
    }

    /// Is told how both vaults did. Never waits.
    public interface Observer {
        /// @param newcomer whether it was the newcomer, or the vault in whose place it is to come
        void took(Act act, boolean newcomer, long nanos);

        /// The newcomer failed, or did not answer in time.
        void failed(Act act, String why);

        /// The newcomer had other bytes than were written, or none.
        void wrong(ObjectName name);

        /// An object was read in the newcomer and was right.
        void right();
    }

    /// Beyond it, every account may be behind.
    private static final int BEHIND_MAX = 100_000;

    private final Shelf shelf;
    private final Shelf replaces;
    private final Predicate<AccountId> moved;
    private final Observer observer;
    private final Duration patience;
    private final Set<AccountId> behind = ConcurrentHashMap.newKeySet();
    private volatile boolean allBehind;
    private final Object counting = new Object();
    private int waiting;
    /// Since when something has waited without any answer.
    private long silentSince;

    /// @param replaces the home in whose place it is to come
    /// @param moved whose copies are read here first; never waits
    /// @param patience how long a write may take
    public Newcomer(Shelf shelf, Shelf replaces, Predicate<AccountId> moved, Observer observer,
            Duration patience) {
        this.shelf = shelf;
        this.replaces = replaces;
        this.moved = moved;
        this.observer = observer;
        this.patience = patience;
    }

    public Shelf shelf() {
        return shelf;
    }

    public Shelf replaces() {
        return replaces;
    }

    public Observer observer() {
        return observer;
    }

    /// Says whether an account's copies are read here first.
    boolean readsFirst(AccountId account) {
        return shelf.breaker().trusted() && moved.test(account);
    }

    /// Hands an object over that was handed to the homes. Waits for nothing.
    ///
    /// @param beside the same write in the vault in whose place this is to come; null if it gets nothing now
    void write(ObjectName name, byte[] object, @Nullable Ticket<Void> beside) {
        long start = System.nanoTime();
        if (beside != null) {
            beside.whenAnswered((_, failure) -> {
                if (failure == null) observer.took(Act.WRITE, false, System.nanoTime() - start);
            });
        }
        noteSilence();
        if (!shelf.breaker().closed()) {
            behind(name.account());
            return;
        }
        begins(start);
        Ticket<Void> ticket = put(name, object);
        ticket.whenAnswered((_, failure) -> {
            ends();
            if (failure == null) {
                observer.took(Act.WRITE, true, System.nanoTime() - start);
                shelf.breaker().succeeded();
                return;
            }
            behind(name.account());
            // No room is an answer: it counts as a failure, and reads go on.
            if (!(failure instanceof Fault.Exhausted)) shelf.breaker().failed("Writes failed");
            observer.failed(Act.WRITE, String.valueOf(failure.getMessage()));
            Log.event(Event.VAULT_PUT_FAILED, "vault", shelf.name(), "object", name, "why", failure);
        });
    }

    private Ticket<Void> put(ObjectName name, byte[] object) {
        try {
            return shelf.vault().put(name, object);
        } catch (RuntimeException e) {
            return Ticket.failed("vault.put", e);
        }
    }

    /// Removes objects that the vault removes in whose place this is to come. Waits for nothing.
    void remove(ObjectName name, Debt debt) {
        debt.removalOwed(name, shelf.name());
        if (!shelf.breaker().closed()) return;
        try {
            shelf.vault().delete(name).whenAnswered((_, failure) -> {
                if (failure == null) debt.removed(name, shelf.name());
            });
        } catch (Fault e) {
            Log.event(Event.VAULT_DELETE_FAILED, "vault", shelf.name(), "object", name, "why", e);
        }
    }

    private void begins(long now) {
        synchronized (counting) {
            if (waiting++ == 0) silentSince = now;
        }
    }

    private void ends() {
        synchronized (counting) {
            waiting--;
            silentSince = System.nanoTime();
        }
    }

    /// A vault that takes writes and answers none is gone.
    private void noteSilence() {
        synchronized (counting) {
            if (waiting == 0 || System.nanoTime() - silentSince < patience.toNanos()) return;
        }
        if (!shelf.breaker().closed()) return;
        shelf.breaker().late("A write was not answered in time");
        observer.failed(Act.WRITE, "A write was not answered in time");
    }

    /// Notes that it may lack objects of an account.
    public void behind(AccountId account) {
        if (behind.size() < BEHIND_MAX) behind.add(account);
        else allBehind = true;
    }

    /// Notes that it may lack objects of any account: nothing is known of it.
    public void allBehind() {
        allBehind = true;
    }

    /// Returns accounts of which it may lack objects; those of which nothing is known are not named.
    public List<AccountId> accountsBehind() {
        return new ArrayList<>(behind);
    }

    /// Says whether it may lack objects of any account.
    public boolean anyBehind() {
        return allBehind;
    }

    /// What is missing of an account is looked for from now on; what it does not take meanwhile is behind again.
    public void looking(AccountId account) {
        behind.remove(account);
    }

    /// What is missing of any account is looked for from now on.
    public void lookingAtAll() {
        allBehind = false;
        behind.clear();
    }
}
