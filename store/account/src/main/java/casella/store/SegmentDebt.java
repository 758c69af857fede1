package casella.store;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.vault.ObjectName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which vaults may lack segments of which accounts: the part of the [Debt] that is known after any end of a process.
///
/// Before the tail lets go of entries whose segment a vault did not take, that is written down ([#keep]): once for an
/// account, and no more once a vault lacks those of many. So after a kill a vault that is not named has every segment of the
/// account that the tail let go of, and what it lists ends where the journal's segments end. Page: docs/formats/care.md.
///
/// Safe from any thread; [#keep] and [#tidy] wait for a disk when there is something to write.
public final class SegmentDebt {
    /// Accounts named for one vault at most; a vault with more may lack segments of any account.
    public static final int ACCOUNTS_MAX = 1_000;

    private static final int UNSURE_MAX = 100_000;

    /// What is written down of a vault. Of one that is left out nothing is known.
    ///
    /// @param any whether it may lack segments of any account
    /// @param behind accounts of which it may lack segments; empty with `any`
    /// @param newest a segment it took lately, to see after a restart that it is the same vault; null if none is known
    public record Known(String vault, boolean any, Set<AccountId> behind, @Nullable ObjectName newest) {
        public Known {
            behind = Set.copyOf(behind);
        }

        boolean covers(AccountId account) {
            return any || behind.contains(account);
        }
    }

    /// Writes down what is known.
    public interface Keeper {
        /// @return whether it is on the disk
        boolean keep(List<Known> known);
    }

    private static final class State {
        boolean known;
        /// Whether it is the vault of which it was written down.
        boolean same = true;
        final Map<AccountId, Integer> owed = new HashMap<>();
        /// Of these it may lack segments that are not among the hints.
        final Set<AccountId> unsure = new HashSet<>();
        @Nullable ObjectName newest;
        /// What is on the disk; while it is written over, and after that failed, what both contents say. Null: nothing is
        /// said of the vault. Before the first writing nobody knows: it may say that the vault has all.
        @Nullable Known kept;
        /// What is being written.
        @Nullable Known next;
        boolean written;

        State(String vault) {
            kept = new Known(vault, false, Set.of(), null);
        }

        boolean covers(AccountId account) {
            Known one = kept;
            return one == null || one.covers(account);
        }

        /// Says whether it may lack segments of an account, and what is on the disk may say that it does not.
        boolean holdsUp(AccountId account) {
            boolean doubtful = unsure.contains(account) || unsure.size() >= UNSURE_MAX;
            return (doubtful || owed.containsKey(account)) && !covers(account);
        }

        /// Returns what is covered whichever of two is on the disk.
        static @Nullable Known both(@Nullable Known one, @Nullable Known other) {
            if (one == null || one.any()) return other == null ? one : other;
            if (other == null || other.any()) return one;
            var behind = new HashSet<AccountId>(one.behind());
            behind.retainAll(other.behind());
            return new Known(one.vault(), false, behind, other.newest());
        }

        @Nullable Known form(String vault) {
            if (!known) return null;
            var behind = new HashSet<AccountId>(unsure);
            for (AccountId account : owed.keySet()) {
                if (behind.size() > ACCOUNTS_MAX) break;
                behind.add(account);
            }
            boolean any = behind.size() > ACCOUNTS_MAX;
            return new Known(vault, any, any ? Set.of() : behind, newest);
        }
    }

    private final Map<String, State> vaults = new TreeMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable Keeper keeper;
    /// Writings that failed, ever; and whether the last one did.
    private volatile long failures;
    private volatile boolean failed;

    private State state(String vault) {
        return vaults.computeIfAbsent(vault, State::new);
    }

    /// Takes up what was written down of a vault.
    ///
    /// @param same whether it is known to be the same vault; of one that did not answer it stays written down, and is
    ///             not relied on
    public synchronized void begin(Known known, boolean same) {
        State state = state(known.vault());
        state.known = !known.any();
        state.same = same;
        state.unsure.addAll(known.behind());
        state.newest = known.newest();
    }

    /// Writes it down from now on, beginning with what is known now.
    public void keptBy(Keeper by) {
        keeper = by;
        writing.lock();
        try {
            write();
        } finally {
            writing.unlock();
        }
    }

    /// Says that all that the vaults lack is among the hints.
    public synchronized void surveyed(Collection<String> names) {
        for (String name : names) {
            State state = state(name);
            state.known = true;
            state.same = true;
            state.unsure.clear();
        }
    }

    synchronized void owed(String vault, AccountId account) {
        State state = state(vault);
        state.owed.merge(account, 1, Integer::sum);
    }

    synchronized void paid(String vault, AccountId account) {
        state(vault).owed.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }

    /// Notes that a vault may lack segments of an account, and nobody knows which.
    public synchronized void unsure(String vault, AccountId account) {
        State state = state(vault);
        if (state.unsure.size() < UNSURE_MAX) state.unsure.add(account);
        else state.known = false;
    }

    /// Notes that files were taken from under a vault: nothing is known of it before the next survey.
    public synchronized void lost(String vault) {
        state(vault).known = false;
    }

    /// Lets go of a vault that is none of the policy's any more.
    synchronized void forget(String vault) {
        vaults.remove(vault);
    }

    synchronized void took(String vault, ObjectName segment) {
        State state = state(vault);
        if (state.same) state.newest = segment;
    }

    /// Says whether every segment that the vault lacks of an account, and the tail has let go of, is among the hints.
    public synchronized boolean knows(String vault, AccountId account) {
        State state = vaults.get(vault);
        return state != null && state.known && state.same && !state.unsure.contains(account);
    }

    /// Returns when it is written down which vaults owe segments of an account. Called before the tail lets go of what a
    /// vault lacks. An account of which nothing is owed waits for nothing, however the disk is.
    ///
    /// @throws Fault.Unavailable if it cannot be
    public void keep(AccountId account) {
        if (!holdsUp(account)) return;
        long before = failures;
        writing.lock();
        try {
            if (!holdsUp(account)) return;
            // Whoever waited while it failed does not wait for the same disk again.
            if (failures == before && write()) return;
            throw new Fault.Unavailable(
                    "Which vault lacks segments cannot be written down", Map.of("account", account));
        } finally {
            writing.unlock();
        }
    }

    private synchronized boolean holdsUp(AccountId account) {
        return vaults.values().stream().anyMatch(state -> state.holdsUp(account));
    }

    /// Writes down what changed, and what could not be written before. Where that fails, and is logged, nobody knows whether
    /// the old or the new is on the disk: [#keep] then holds up accounts of which something is owed that one of the two
    /// does not say, and no others.
    public void tidy() {
        writing.lock();
        try {
            if (failed || changed()) write();
        } finally {
            writing.unlock();
        }
    }

    private synchronized boolean changed() {
        for (Map.Entry<String, State> vault : vaults.entrySet()) {
            Known form = vault.getValue().form(vault.getKey());
            if (!Objects.equals(form, vault.getValue().kept)) return true;
        }
        return false;
    }

    private boolean write() {
        Keeper by = keeper;
        if (by == null) return true;
        boolean kept = false;
        List<Known> known = beginWriting();
        try {
            kept = by.keep(known);
        } catch (Fault e) {
            Log.event(Event.CARE_FILE_NOT_KEPT, e, "file", "segments");
        } finally {
            endWriting(kept);
        }
        return kept;
    }

    private synchronized List<Known> beginWriting() {
        var known = new ArrayList<Known>();
        vaults.forEach((name, state) -> {
            Known form = state.form(name);
            state.next = form;
            state.kept = State.both(state.kept, form);
            state.written = true;
            if (form != null) known.add(form);
        });
        return known;
    }

    private synchronized void endWriting(boolean kept) {
        vaults.values().forEach(state -> {
            // A vault that came up meanwhile is not in what was written.
            if (kept && state.written) state.kept = state.next;
            state.next = null;
            state.written = false;
        });
        failed = !kept;
        if (!kept) failures++;
    }
}
