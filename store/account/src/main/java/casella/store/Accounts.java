package casella.store;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Arrivals;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.store.archive.Restorer;
import casella.store.archive.Holdings;
import casella.store.archive.Reconciliation;
import casella.store.engine.Engine;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All accounts of this node, over one engine, one journal and the vaults of one policy.
public final class Accounts {
    /// How long callers wait. Everything is real time: a hung disk does not wait for a simulated clock.
    ///
    /// @param read one hop to the engine
    /// @param change one change, from the lock to the answers of engine and journal
    public record Times(Duration read, Duration change) {
        public static final Times DEFAULT = new Times(Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    /// Says how many bytes an account may hold; asked at every arrival, so it must be quick.
    public interface Quota {
        long bytesMax(AccountId account);
    }

    /// Says whether an account without a view is a new one, to be made at its first use, or one whose view was lost.
    public interface Founder {
        /// Returns what to call its mailboxes with a role, INBOX excepted; empty if it is not a new account.
        Optional<Map<Role, String>> mailboxes(AccountId account);

        /// Returns the folders an account is known to have had; empty if nobody knows.
        ///
        /// @throws casella.base.Fault.Unavailable if that cannot be told now
        default List<FaceRows.Folder> face(AccountId account) {
            return List.of();
        }

        /// Returns accounts of which folders are known, in an order of its own, at most `limit` after `after`.
        default List<AccountId> faced(@Nullable AccountId after, int limit) {
            return List.of();
        }

        /// Returns one that knows no new accounts: they are made by [Accounts#create] alone.
        static Founder none() {
            return _ -> Optional.empty();
        }
    }

    /// Told after each change, on the thread that made it: short, no waiting.
    public interface Listener {
        /// @param mailboxes whether a mailbox was made, renamed, changed or removed
        void changed(AccountId account, Modseq modseq, boolean mailboxes);

        /// @param operations what the change is made of
        default void done(AccountId account, Modseq modseq, List<Operation> operations) {}

        /// An account was opened for the first time since the start, or made.
        default void opened(AccountId account) {}
    }

    /// Takes an account in whose view the engine cannot keep: its files are damaged, and made anew it is damaged again.
    public interface Refuge {
        /// Returns whether somebody else serves the account now. Waits for that.
        boolean takes(AccountId account, Fault.Corrupt why);
    }

    /// Told how reading an account went, on the thread that reads: no waiting. Not told of what a continuation shows, nor of the
    /// failures of work that nobody waits for.
    public interface Reading {
        /// What was read.
        enum Of {
            /// Folders and lists.
            VIEW,
            /// A mail's own bytes.
            CONTENT
        }

        void worked(AccountId account, Of what);

        void failed(AccountId account, Of what);
    }

    private static final Reading UNHEARD = new Reading() {
        @Override
        public void worked(AccountId account, Of what) {}

        @Override
        public void failed(AccountId account, Of what) {}
    };

    /// What the accounts stand on.
    record Parts(
            Engine engine,
            Journal journal,
            Copies copies,
            Quota quota,
            Founder founder,
            Times times,
            Clock clock,
            Arrivals arrivals,
            Bulkhead cpu,
            Metrics metrics) {}

    private final Parts parts;
    private final Map<AccountId, WeakReference<Account>> open = new ConcurrentHashMap<>();
    /// Accounts with a change of unknown outcome: they must not be forgotten before it is settled.
    private final Map<AccountId, Account> held = new ConcurrentHashMap<>();
    private final FirstUse firstUse;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Continuation.Source continuations = _ -> null;
    private volatile Refuge refuge = (_, _) -> false;
    private volatile Rescue rescue = Rescue.none();
    private volatile Service.Source service = _ -> Service.ALWAYS;
    private volatile Reading reading = UNHEARD;

    /// @param cpu as wide as the cores: hashing and compression of large mails
    public Accounts(
            Engine engine,
            Journal journal,
            Copies copies,
            Quota quota,
            Founder founder,
            Times times,
            Clock clock,
            Bulkhead cpu,
            Metrics metrics) {
        this(engine, journal, copies, quota, founder, times, clock, cpu, metrics, Marking.none());
    }

    /// @param marking told when an account is opened or mended
    public Accounts(
            Engine engine,
            Journal journal,
            Copies copies,
            Quota quota,
            Founder founder,
            Times times,
            Clock clock,
            Bulkhead cpu,
            Metrics metrics,
            Marking marking) {
        this.parts =
                new Parts(engine, journal, copies, quota, founder, times, clock, new Arrivals(clock), cpu,
                        metrics);
        this.firstUse = new FirstUse(new Restorer(engine, journal, Holdings.prompt(copies, LISTING),
                new Reconciliation(copies, clock, metrics), founder), engine, times, marking, this::opened,
                (account, why) -> refuge.takes(account, why));
    }

    /// Returns the account. It is not looked up: an account without a view answers `Fault.Unavailable` when used.
    public Account open(AccountId id) {
        Account[] found = new Account[1];
        open.compute(
                id,
                (_, reference) -> {
                    found[0] = reference == null ? null : reference.get();
                    if (found[0] != null) return reference;
                    found[0] = new Account(id, parts, this);
                    return new WeakReference<>(found[0]);
                });
        if (open.size() > FORGET_ABOVE && open.size() % FORGET_EVERY == 0) {
            open.values().removeIf(reference -> reference.get() == null);
        }
        return found[0];
    }

    /// How long a vault may take to list a page of names; one that is slower is passed over.
    private static final Duration LISTING = Duration.ofSeconds(2);

    private static final int FORGET_ABOVE = 10_000;
    private static final int FORGET_EVERY = 1_000;

    /// Makes a new account with the mailboxes every account has. Harmless when it is there already.
    ///
    /// @param names what to call the mailboxes with a role, INBOX excepted
    public Account create(AccountId id, Map<Role, String> names) {
        Account account = open(id);
        account.found(names);
        return account;
    }

    /// Returns an arrival for [Account#add(ArrivalId, NewEmail)]: later ones sort after earlier ones, none comes twice.
    public ArrivalId nextArrival() {
        return parts.arrivals().next();
    }

    /// Says whether there is such an account: in engine, tail or vaults, served or closed.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be told now
    public boolean exists(AccountId id) {
        if (parts.copies().debt().hasErased(id)) return false;
        try {
            return prove(id);
        } catch (Fault.Corrupt e) {
            return true; // closed, and named in the log
        }
    }

    /// Returns accounts that have a view, in id order, at most `limit` after `after`.
    public List<AccountId> list(@Nullable AccountId after, int limit) {
        return parts.engine().accounts(after, limit, parts.times().read());
    }

    /// Returns accounts of which folders are known, in an order of its own, at most `limit` after `after`.
    public List<AccountId> faced(@Nullable AccountId after, int limit) {
        return parts.founder().faced(after, limit);
    }

    public Copies copies() {
        return parts.copies();
    }

    /// Adds a listener for the changes of every account; closing the answer removes it.
    public AutoCloseable watch(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Brings engine and journal to the same change for every account in the journal that has a view. Called once,
    /// before serving; the others are proven at their first use.
    ///
    /// @return accounts whose engine and journal tell different histories; they stay closed
    public List<AccountId> recover() {
        return firstUse.recover(parts.journal().newest().keySet());
    }

    /// Proves an account's view, or makes it whole, if nobody did since the start. Waits for it as long as for a change.
    ///
    /// @return whether there is such an account
    /// @throws casella.base.Fault.Unavailable if it takes longer, or cannot be done now
    /// @throws casella.base.Fault.Corrupt if view and journal tell different histories
    public boolean prove(AccountId id) {
        // Not even from a vault that still has its journal.
        if (parts.copies().debt().hasErased(id)) throw noView(id);
        return firstUse.prove(id);
    }

    /// Says whether the account's view and its journal were compared since the start, and brought together.
    public boolean compared(AccountId id) {
        return firstUse.compared(id);
    }

    /// How a change of unknown outcome is settled before an account is frozen.
    public enum Settling {
        /// Engine and journal both get it.
        BOTH,
        /// The journal alone decides, and the engine is not asked: it may be the engine that does not answer.
        BY_JOURNAL
    }

    /// Runs `work` while the account's changes wait, none of them half done; reads go on. `work` is given the
    /// newest change that was answered since the account was opened here.
    ///
    /// @param time how long to wait for the change under way, and for the outcome of one that is not known
    /// @throws casella.base.Fault.Unavailable if it takes longer
    public <T> T frozen(AccountId id, Duration time, Settling settling, Function<Modseq, T> work) {
        return open(id).frozen(time, settling, work);
    }

    /// Says that another engine serves an account now, with a view that was just compared with its journal.
    /// Whoever watches the account looks again: a change whose outcome nobody was told may be part of it.
    public void switched(AccountId id) {
        firstUse.switched(id);
        look(id);
    }

    /// Has everybody who watches an account look again.
    public void look(AccountId id) {
        WeakReference<Account> reference = open.get(id);
        Account account = reference == null ? null : reference.get();
        if (account != null) account.wake();
    }

    /// Has everybody who watches any account look again.
    void lookAll() {
        for (WeakReference<Account> reference : open.values()) {
            Account account = reference.get();
            if (account != null) account.wake();
        }
    }

    /// Says that an account's view is to be proven again: something else wrote it.
    public void doubt(AccountId id) {
        firstUse.doubt(id);
    }

    /// Makes a view anew whose rows cannot be read; one for which that was tried lately and did not help is served from
    /// elsewhere. Waits for it as long as for a change.
    ///
    /// @throws Fault.Corrupt `why`, if that did not help either
    /// @throws Fault.Unavailable if it takes longer, or cannot be done now
    void mend(AccountId id, Fault.Corrupt why) {
        firstUse.mend(id, why);
    }

    void made(AccountId id) {
        firstUse.made(id);
    }

    /// Says who serves accounts that cannot be read; at once.
    public void continueWith(Continuation.Source source) {
        continuations = source;
    }

    /// Says who takes in accounts whose view the engine cannot keep; at once.
    public void refuge(Refuge taking) {
        refuge = taking;
    }

    /// Says who has accounts served otherwise while the engine does not answer.
    public void rescue(Rescue by) {
        rescue = by;
    }

    /// Says who knows what serves accounts that are not continued.
    public void service(Service.Source source) {
        service = source;
    }

    /// Says who is told how reading goes.
    public void reading(Reading told) {
        reading = told;
    }

    /// Tells that folders or lists could be read.
    <T extends @Nullable Object> T worked(AccountId id, T value) {
        reading.worked(id, Reading.Of.VIEW);
        return value;
    }

    /// Tells whether a mail's bytes could be read.
    Body worked(AccountId id, Body body) {
        switch (body) {
            case Body.Present _ -> reading.worked(id, Reading.Of.CONTENT);
            case Body.Unavailable _ -> failed(id, Reading.Of.CONTENT);
        }
        return body;
    }

    /// Tells that folders or lists could not be read, whoever was asked.
    void failed(AccountId id) {
        failed(id, Reading.Of.VIEW);
    }

    private void failed(AccountId id, Reading.Of what) {
        if (!Rescue.UNATTENDED.isBound() && continuation(id) == null) reading.failed(id, what);
    }

    Service service(AccountId id) {
        Continuation instead = continuations.of(id);
        return instead == null
                ? service.of(id)
                : new Service(Service.State.CONTINUATION, instead.since());
    }

    Rescue rescue() {
        return rescue;
    }

    @Nullable Continuation continuation(AccountId id) {
        return continuations.of(id);
    }

    private void opened(AccountId id) {
        for (Listener listener : listeners) listener.opened(id);
    }

    void told(Account account, Modseq modseq, List<Operation> operations) {
        boolean mailboxes = operations.stream().anyMatch(Operation::concernsMailboxes);
        for (Listener listener : listeners) {
            listener.changed(account.id(), modseq, mailboxes);
            listener.done(account.id(), modseq, operations);
        }
    }

    /// Keeps or lets go of an account that has a change of unknown outcome.
    void hold(Account account, boolean unsettled) {
        if (unsettled) held.put(account.id(), account);
        else held.remove(account.id());
    }

    private static final String NO_VIEW = "Account has no view in this engine";

    /// Returns what a use of an account without a view comes to.
    static Fault.Unavailable noView(AccountId id) {
        return new Fault.Unavailable(NO_VIEW, Map.of("account", id));
    }

    /// Says whether a fault is that of an account without a view, which an engine that is well tells too.
    public static boolean isNoView(Fault fault) {
        return NO_VIEW.equals(fault.getMessage());
    }
}
