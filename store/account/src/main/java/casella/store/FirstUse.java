package casella.store;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.archive.Restorer;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An engine proves that it is not stale before it serves an account: once for each account and start.
///
/// Whoever uses an account first has it compared with tail and segments, and made whole where it lacks something. That is
/// done once, on a thread of its own; callers wait for it as long as for a change, and are then told to come back.
final class FirstUse {
    /// Accounts remembered as proven; beyond it all are proven again.
    private static final int PROVEN_MAX = 500_000;

    /// A view that breaks again sooner is not made anew again: the engine itself is damaged, and another serves it.
    private static final Duration MEND_AGAIN = Duration.ofMinutes(10);

    private static final int MENDED_MAX = 10_000;

    /// How long an account is served after a comparison that no vault answered.
    private static final Duration UNPROVEN = Duration.ofSeconds(10);

    private final Restorer restorer;
    private final Engine engine;
    private final Accounts.Times times;
    private final Marking marking;
    private final Consumer<AccountId> opened;
    private final Accounts.Refuge refuge;
    private final Set<AccountId> proven = ConcurrentHashMap.newKeySet();
    /// Served without proof, until then (nanoTime).
    private final Map<AccountId, Long> unproven = new ConcurrentHashMap<>();
    private final Map<AccountId, Ticket<Restorer.Found>> running = new ConcurrentHashMap<>();
    /// When views were last made anew because they could not be read (nanoTime).
    private final Map<AccountId, Long> mended = new ConcurrentHashMap<>();

    /// @param opened told of each account once it is proven
    /// @param refuge asked to serve accounts whose views cannot be made right
    FirstUse(
            Restorer restorer,
            Engine engine,
            Accounts.Times times,
            Marking marking,
            Consumer<AccountId> opened,
            Accounts.Refuge refuge) {
        this.refuge = refuge;
        this.marking = marking;
        this.opened = opened;
        this.restorer = restorer;
        this.engine = engine;
        this.times = times;
    }

    /// Returns whether there is such an account.
    boolean prove(AccountId id) {
        if (proven.contains(id)) return true;
        @Nullable Long until = unproven.get(id);
        if (until != null && System.nanoTime() - until < 0) return true;
        Ticket<Restorer.Found> ticket = running.computeIfAbsent(id, this::start);
        try {
            return ticket.await(Deadline.in(times.change())) != Restorer.Found.NEW;
        } catch (Fault.Corrupt e) {
            // Two histories are nobody's to choose from by himself.
            if (Restorer.differs(e)) throw e;
            elsewhere(id, e);
            return true;
        }
    }

    private void elsewhere(AccountId id, Fault.Corrupt why) {
        if (Rescue.UNATTENDED.isBound() || !engine.keeps(id) || !refuge.takes(id, why)) throw why;
    }

    /// Makes a view anew from the journal, once for all who ask.
    void mend(AccountId id, Fault.Corrupt why) {
        @Nullable Long before = mended.get(id);
        Ticket<Restorer.Found> ticket = running.get(id);
        if (ticket == null) {
            // On standby there is nothing here to make anew.
            if (!engine.keeps(id)) throw why;
            if (before != null && System.nanoTime() - before < MEND_AGAIN.toNanos()) {
                elsewhere(id, why);
                return;
            }
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", id, "why", why);
            doubt(id);
            ticket = running.computeIfAbsent(id, _ -> start(id, Marking.Opening.MEND, () -> {
                if (mended.size() >= MENDED_MAX) mended.clear();
                mended.put(id, System.nanoTime());
                return restorer.mend(id);
            }));
        }
        try {
            var _ = ticket.await(Deadline.in(times.change()));
        } catch (Fault.Corrupt e) {
            if (Restorer.differs(e)) throw e;
            elsewhere(id, e);
        }
    }

    private interface Work {
        Restorer.Found run();
    }

    private Ticket<Restorer.Found> start(AccountId id) {
        return start(id, Marking.Opening.FIRST_USE, () -> restorer.settle(id));
    }

    private Ticket<Restorer.Found> start(AccountId id, Marking.Opening opening, Work work) {
        var ticket = new Ticket<Restorer.Found>("account.prove");
        var _ = Thread.ofVirtual().name("prove").start(() -> {
            try {
                Restorer.Found found = marked(id, opening, work);
                switch (found) {
                    case NEW -> {}
                    case WHOLE, RESTORED -> made(id);
                    case UNPROVEN -> unproven.put(id, System.nanoTime() + UNPROVEN.toNanos());
                }
                running.remove(id, ticket);
                ticket.complete(found);
            } catch (Throwable e) {
                running.remove(id, ticket);
                if (e instanceof Fault.Corrupt) Log.event(Event.STORE_ACCOUNT_DIFFERS, "account", id,
                        "why", e);
                ticket.fail(e);
            }
        });
        return ticket;
    }

    private Restorer.Found marked(AccountId id, Marking.Opening opening, Work work) {
        try (var _ = marking.begin(id, opening)) {
            return work.run();
        } catch (VirtualMachineError e) {
            throw marking.broke(id, e);
        }
    }

    /// Takes note that an account is as its journal says.
    void made(AccountId id) {
        if (proven.size() >= PROVEN_MAX) proven.clear();
        boolean news = proven.add(id);
        unproven.remove(id);
        if (news) opened.accept(id);
    }

    boolean compared(AccountId id) {
        return proven.contains(id);
    }

    /// Another engine serves it: a proof under way is about the one before, which may never answer.
    void switched(AccountId id) {
        running.remove(id);
        made(id);
    }

    void doubt(AccountId id) {
        proven.remove(id);
        unproven.remove(id);
    }

    /// Says whether there is a view that can be told.
    private boolean viewed(AccountId id) {
        try {
            return engine.read(id, times.change(), rows -> rows.get(new Key.Head()) != null);
        } catch (Fault.Corrupt e) {
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", id, "why", e);
            return false;
        } catch (Fault.Unavailable e) {
            // The engine does not answer, or the account is set aside: proven at its first use.
            Log.event(Event.STORE_ACCOUNT_UNPROVEN, "account", id, "why", e);
            return false;
        }
    }

    /// Settles accounts that have a view; returns those that tell different histories.
    List<AccountId> recover(Collection<AccountId> accounts) {
        var differ = new ArrayList<AccountId>();
        for (AccountId id : accounts) {
            if (!engine.keeps(id)) continue;
            if (!viewed(id)) continue; // made whole at its first use: many at once would hold up the start
            try {
                switch (marked(id, Marking.Opening.FIRST_USE, () -> restorer.settle(id))) {
                    case NEW, UNPROVEN -> {}
                    case WHOLE, RESTORED -> made(id);
                }
            } catch (Fault.Corrupt e) {
                differ.add(id);
                Log.event(Event.STORE_ACCOUNT_DIFFERS, "account", id, "why", e);
            } catch (Fault.Unavailable e) {
                Log.event(Event.STORE_ACCOUNT_UNPROVEN, "account", id, "why", e);
            }
        }
        return differ;
    }
}
