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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    }

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
    public synchronized void add(Place place) {
        others.add(place);
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
            erasures.begin(new Certificate(account, Instant.ofEpochMilli(clock.now().toEpochMilli()), reason,
                    places));
            copies.debt().erased(account);
            Log.event(Event.ERASURE_ORDERED, "account", account, "reason", reason);
        }
        step();
        return erasures.of(account).orElseThrow();
    }

    private List<String> places() {
        var places = new ArrayList<String>();
        places.add("engine");
        places.add("tail");
        for (Shelf shelf : copies.shelves()) places.add(VAULT + shelf.name());
        places.addAll(names);
        return places;
    }

    /// Goes on with every erasure that is not complete.
    public synchronized void step() {
        for (Certificate certificate : erasures.all()) {
            if (certificate.complete()) continue;
            certificate.places().forEach((place, at) -> {
                if (at == null) attempt(certificate.account(), place);
            });
            erasures.of(certificate.account()).filter(Certificate::complete).ifPresent(done ->
                    Log.event(Event.ERASURE_COMPLETE, "account", done.account(), "ordered", done.ordered()));
        }
    }

    private void attempt(AccountId account, String place) {
        try {
            boolean empty = erased(account, place);
            // What was under way when it was erased may have come after: it is looked at once more.
            if (!tried.add(account + place) && empty) {
                erasures.confirmed(account, place, Instant.ofEpochMilli(clock.now().toEpochMilli()));
            }
        } catch (Fault e) {
            Log.event(Event.ERASURE_WAITS, "account", account, "place", place, "why", e);
        }
    }

    /// Erases in one place; says whether it had nothing.
    private boolean erased(AccountId account, String place) {
        return switch (place) {
            case "engine" -> {
                boolean empty = engine.read(account, TIME, rows -> rows.get(new Key.Head().bytes()) == null);
                if (!empty) engine.erase(account).await(Deadline.in(TIME));
                yield empty;
            }
            case "tail" -> {
                boolean empty = journal.newest(account) == null;
                if (!empty) {
                    journal.release(account, new Modseq(Long.MAX_VALUE));
                    journal.sweep(TIME);
                }
                yield empty;
            }
            default -> place.startsWith(VAULT) ? vault(account,
                    place.substring(VAULT.length())) : other(account, place);
        };
    }

    private boolean other(AccountId account, String name) {
        for (Place place : others) if (place.name().equals(name)) return place.erased(account);
        return false; // a place that is not there any more confirms nothing
    }

    private boolean vault(AccountId account, String name) {
        for (Shelf shelf : copies.shelves()) {
            if (!shelf.name().equals(name)) continue;
            return shelf.breaker().closed() && vault(account, shelf.vault());
        }
        return false;
    }

    private static boolean vault(AccountId account, Vault vault) {
        boolean empty = true;
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            empty &= vault.list(account, kind, null, 1, TIME).isEmpty();
        }
        if (!empty) vault.erase(account).await(Deadline.in(TIME));
        return empty;
    }

    /// Erases from a vault that comes back what was erased meanwhile, or ever: before it counts again.
    ///
    /// @throws Fault.Unavailable if it does not answer: it is not well yet
    public void replay(Shelf shelf) {
        for (Certificate certificate : erasures.all()) {
            if (!vault(certificate.account(), shelf.vault())) {
                Log.event(Event.ERASURE_REPLAYED, "account", certificate.account(), "vault", shelf.name());
            }
        }
    }
}
