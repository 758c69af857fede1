package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.store.Copies;
import casella.store.Journal;
import casella.store.Marking;
import casella.store.Shelf;
import casella.store.care.CareFile;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Erases accounts everywhere: engine, tail, every vault, and whatever else keeps something of them.
///
/// The order is durable before anything goes. Each place erases and is looked at again in a later step; when
/// it then has nothing, that is its confirmation. A vault that is away owes the erasure: it is made before
/// the vault counts again ([#replay]), also when it comes back with an erased account years later. Nothing
/// writes, rebuilds or heals an account whose erasure was ordered. Safe from any thread; one step at a time.
public final class Erasure {
    /// Another place that keeps something of accounts.
    public interface Place {
        String name();

        /// Removes what there is of an account, where that is not somebody else's work, and says whether
        /// nothing is left.
        ///
        /// @throws Fault.Unavailable if that cannot be done or said now
        boolean erased(AccountId account);

        /// Says whether it keeps something set aside that no read finds and of which nobody can say whose it is: it
        /// gets a date by which it goes.
        default boolean unread() {
            return false;
        }

        /// Removes what is set aside: its date is over.
        default void forget() {}

        /// Takes note that nothing is left of the account anywhere. Called again and again.
        default void complete(AccountId account) {}
    }

    /// What was set aside is kept so long after an erasure finds it: somebody may still have to look into it.
    public static final Duration EVIDENCE = Duration.ofDays(30);

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final String VAULT = "vault.";

    private final Engine engine;
    private final Journal journal;
    private final Copies copies;
    private final Erasures erasures;
    private final List<String> names;
    private final List<Place> others = new ArrayList<>();
    private final Clock clock;
    /// Places that erased in an earlier step of this process.
    private final Set<String> tried = new HashSet<>();
    /// Account and vault of erasures that were made in this process.
    private final Set<String> replayed = ConcurrentHashMap.newKeySet();

    private Erasure(
            Engine engine, Journal journal, Copies copies, List<String> names, List<CareFile> files,
                    Clock clock) {
        this.names = List.copyOf(names);
        this.engine = engine;
        this.journal = journal;
        this.copies = copies;
        this.clock = clock;
        this.erasures = new Erasures(files);
        for (Certificate certificate : erasures.all()) copies.debt().erased(certificate.account());
    }

    /// Takes up what was ordered before; to be called before any account is used. Blocks on the files.
    ///
    /// @param names of the other places there are, open or not
    /// @param files two that keep the same
    public static Erasure open(
            Engine engine, Journal journal, Copies copies, List<String> names, List<CareFile> files,
                    Clock clock) {
        return new Erasure(engine, journal, copies, names, files, clock);
    }

    /// Opens one of the places named; one that is not open confirms nothing.
    public synchronized Erasure add(Place place) {
        others.add(place);
        return this;
    }

    /// Returns what became of an erasure; empty when none was ordered.
    public Optional<Certificate> certificate(AccountId account) {
        return erasures.of(account);
    }

    /// Orders an erasure and makes a first step. Ordered again, it only says how far it is.
    ///
    /// @param reason see [Certificate]
    /// @throws Fault.Unavailable if the order cannot be kept: nothing was erased
    public Certificate order(AccountId account, String reason) {
        if (erasures.of(account).isEmpty()) {
            var places = new TreeMap<String, @Nullable Instant>();
            for (String place : places()) places.put(place, null);
            erasures.begin(new Certificate(account, now(), reason, places, new TreeMap<>()));
            copies.debt().erased(account);
            Log.event(Event.ERASURE_ORDERED, "account", account, "reason", reason);
        }
        step();
        return erasures.of(account).orElseThrow();
    }

    /// Returns the names of the places that an erasure asks.
    public List<String> places() {
        var places = new ArrayList<String>();
        places.add("engine");
        places.add("tail");
        for (Shelf shelf : copies.all()) places.add(VAULT + shelf.name());
        places.addAll(names);
        return places;
    }

    /// Says whether an erasure was ordered and is not complete.
    public boolean pending() {
        return erasures.all().stream().anyMatch(certificate -> !certificate.complete());
    }

    /// Goes on with every erasure that is not complete.
    public void step() {
        step(false);
    }

    /// @param believed whether the time is: then what was set aside goes where its date is over
    public synchronized void step(boolean believed) {
        for (Certificate certificate : erasures.all()) {
            if (!certificate.complete()) attempt(certificate, believed);
            else others.forEach(place -> place.complete(certificate.account()));
        }
    }

    private void attempt(Certificate certificate, boolean believed) {
        certificate.places().forEach((place, at) -> {
            if (at == null) attempt(certificate, place, believed);
        });
        erasures.of(certificate.account()).filter(Certificate::complete).ifPresent(done -> {
            Log.event(Event.ERASURE_COMPLETE, "account", done.account(), "ordered", done.ordered());
            others.forEach(place -> place.complete(done.account()));
        });
    }

    /// What a place has left of an account.
    private enum Left {
        NOTHING,
        SOMETHING,
        /// Nothing that is read, but something set aside of which nobody can say whose it is.
        UNREAD;

        static Left unless(boolean nothing) {
            return nothing ? NOTHING : SOMETHING;
        }
    }

    private void attempt(Certificate certificate, String place, boolean believed) {
        AccountId account = certificate.account();
        try {
            Left left = left(account, place);
            boolean again = !tried.add(account + place);
            switch (left) {
                case SOMETHING -> {}
                // What was under way when it was erased may have come after: it is looked at once more.
                case NOTHING -> {
                    if (again) erasures.confirmed(account, place, now());
                }
                case UNREAD -> unread(certificate, place, believed);
            }
        } catch (Fault e) {
            Log.event(Event.ERASURE_WAITS, "account", account, "place", place, "why", e);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.now().toEpochMilli());
    }

    private void unread(Certificate certificate, String place, boolean believed) {
        Instant by = certificate.by().get(place);
        if (by == null) erasures.dated(certificate.account(), place, now().plus(EVIDENCE));
        else if (believed && !clock.now().isBefore(by)) forget(place);
    }

    /// Removes what is set aside in a place. The last copy of a mail may be in it: not before the others have all.
    private void forget(String place) {
        for (Place other : others) if (other.name().equals(place)) other.forget();
        for (Shelf shelf : copies.all()) {
            if (!place.equals(VAULT + shelf.name())) continue;
            List<Shelf> homes = copies.homes().stream().filter(home -> home != shelf).toList();
            boolean owed = homes.stream().anyMatch(home -> copies.debt().figures(home.name()).objects() > 0);
            if (homes.isEmpty() || owed || !copies.debt().known()) {
                throw new Fault.Unavailable("What is set aside may be the last copy of something", Map.of());
            }
            shelf.vault().forgetEvidence(TIME);
        }
    }

    /// Erases in one place; says what it had.
    private Left left(AccountId account, String place) {
        return switch (place) {
            case "engine" -> {
                // On standby its rows are made of the journal: only once the engine has it again can it be told.
                boolean empty = engine.keeps(account) && readsEmpty(account);
                if (!empty) engine.erase(account).await(Deadline.in(TIME));
                yield Left.unless(empty);
            }
            case "tail" -> {
                boolean empty = journal.newest(account) == null;
                if (!empty) {
                    journal.release(account, new Modseq(Long.MAX_VALUE));
                    journal.sweep(TIME);
                }
                yield Left.unless(empty);
            }
            default -> place.startsWith(VAULT) ? vault(account,
                    place.substring(VAULT.length())) : other(account, place);
        };
    }

    /// Says that nothing is left in the engine; of an account set aside, whose rows are not to be read, only when it was
    /// erased.
    private boolean readsEmpty(AccountId account) {
        try {
            return engine.read(account, TIME, rows -> rows.get(new Key.Head().bytes()) == null);
        } catch (Fault.Unavailable e) {
            if (Marking.isSetAside(e)) return false;
            throw e;
        }
    }

    private Left other(AccountId account, String name) {
        for (Place place : others) {
            if (!place.name().equals(name)) continue;
            if (place.erased(account)) return Left.NOTHING;
            return place.unread() ? Left.UNREAD : Left.SOMETHING;
        }
        return Left.SOMETHING; // a place that is not there any more confirms nothing
    }

    private Left vault(AccountId account, String name) {
        for (Shelf shelf : copies.all()) {
            if (shelf.name().equals(name) && shelf.breaker().closed()) return vault(account, shelf, false);
        }
        return Left.SOMETHING;
    }

    /// What a vault lists proves nothing of what it has: its list may be damaged, or another disk was put in its place
    /// while nobody looked. So each process erases in it at least once, whatever it lists, and then believes it.
    private Left vault(AccountId account, Shelf shelf, boolean replay) {
        Vault vault = shelf.vault();
        String key = account + shelf.name();
        if (!replay && replayed.contains(key) && listsNothing(account, vault)) {
            return vault.mayHoldUnread(account) ? Left.UNREAD : Left.NOTHING;
        }
        vault.erase(account).await(Deadline.in(TIME));
        replayed.add(key);
        return Left.SOMETHING;
    }

    private static boolean listsNothing(AccountId account, Vault vault) {
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            if (!vault.list(account, kind, null, 1, TIME).isEmpty()) return false;
        }
        return true;
    }

    /// Erases from a vault that comes back what was erased meanwhile, or ever: before it counts again.
    ///
    /// @throws Fault.Unavailable if it does not answer: it is not well yet
    public void replay(Shelf shelf) {
        for (Certificate certificate : erasures.all()) replay(certificate.account(), shelf);
    }

    private void replay(AccountId account, Shelf shelf) {
        boolean nothing = false;
        try {
            nothing = listsNothing(account, shelf.vault());
        } catch (Fault.Corrupt e) {
            Log.event(Event.ERASURE_WAITS, "account", account, "place", VAULT + shelf.name(), "why", e);
        }
        var _ = vault(account, shelf, true);
        if (!nothing) Log.event(Event.ERASURE_REPLAYED, "account", account, "vault", shelf.name());
    }

    /// Erases once in this process, from every vault that is well, what was ever erased: a vault may have been put back
    /// from an old copy while no server ran.
    public void replayAll() {
        for (Shelf shelf : copies.all()) {
            for (Certificate certificate : erasures.all()) {
                if (replayed.contains(certificate.account() + shelf.name())) continue;
                if (!shelf.breaker().closed()) break;
                try {
                    replay(certificate.account(), shelf);
                } catch (Fault e) {
                    Log.event(Event.ERASURE_WAITS, "account", certificate.account(), "place",
                            VAULT + shelf.name(), "why", e);
                    break; // later, with the next look
                }
            }
        }
    }
}
