package casella.store.care;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Email;
import casella.store.EndedEmail;
import casella.store.Shelf;
import casella.store.View;
import casella.store.archive.Chain;
import casella.store.archive.Heads;
import casella.store.archive.Holdings;
import casella.store.archive.JournalCollection;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Compares, account by account, what the engine names and what each vault lists, and notes what a vault
/// lacks as debt.
///
/// An object that any vault has, or that the engine names as a live mail, should be in every home, unless it
/// ended. A vault that cannot list an account because its list is damaged is asked for each name.
final class Survey {
    private static final int PAGE = 1_000;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration WHOLE_FOR = Duration.ofSeconds(5);
    private static final Duration BROKEN_FOR = Duration.ofMinutes(10);
    private static final int JUDGED_MAX = 10_000;

    /// What an account's look came to.
    ///
    /// @param names objects seen
    /// @param missing copies found missing
    /// @param unsure vaults that did not answer, or whose list is damaged: nothing is proven of them
    /// @param unanswered those that did not answer: what they lack is not known. One whose list is damaged was asked for each
    ///                name, which is as sure as it gets
    record Looked(long names, long missing, Set<String> unsure, Set<String> unanswered) {}

    /// Vaults of which not all is known while an account is looked at.
    private static final class Doubts {
        final Set<String> damaged = new HashSet<>();
        final Set<String> unanswered = new HashSet<>();

        Set<String> all() {
            var all = new HashSet<>(damaged);
            all.addAll(unanswered);
            return all;
        }
    }

    /// Takes each object of an account that a vault has.
    interface Each {
        void object(ObjectName name, long storedBytes, List<Shelf> having);
    }

    private final Engine engine;
    private final Copies copies;
    private final Debt debt;
    private final Clock clock;

    Survey(Engine engine, Copies copies, Clock clock) {
        this.engine = engine;
        this.copies = copies;
        this.clock = clock;
        this.debt = copies.debt();
    }

    /// Accounts that parts know.
    ///
    /// @param accounts in id order; empty after the last
    /// @param leftOut names of vaults, or the engine, that did not answer; one whose list is damaged did
    record Listed(List<AccountId> accounts, Set<String> leftOut) {}

    /// Returns accounts that engine or any vault know, after `after`.
    ///
    /// @throws Fault.Unavailable if not one of them answers
    Listed accounts(@Nullable AccountId after) {
        var found = new TreeSet<AccountId>();
        var leftOut = new HashSet<String>();
        @Nullable AccountId bound = null;
        var pages = new ArrayList<List<AccountId>>();
        try {
            pages.add(engine.accounts(after, PAGE, TIME));
        } catch (Fault e) {
            leftOut.add("engine");
            Log.event(Event.SURVEY_PART_LEFT_OUT, "part", "engine", "why", e);
        }
        for (Shelf shelf : copies.homes()) {
            if (!shelf.breaker().closed()) {
                leftOut.add(shelf.name());
                continue;
            }
            try {
                pages.add(shelf.vault().accounts(after, PAGE, TIME));
            } catch (Fault.Corrupt e) {
                // Asking again tells no more: it is asked for each name that the others know.
                Log.event(Event.SURVEY_PART_LEFT_OUT, "part", shelf.name(), "why", e);
            } catch (Fault e) {
                leftOut.add(shelf.name());
                Log.event(Event.SURVEY_PART_LEFT_OUT, "part", shelf.name(), "why", e);
            }
        }
        if (pages.isEmpty()) throw new Fault.Unavailable("Nobody says which accounts there are", Map.of());
        for (List<AccountId> page : pages) {
            found.addAll(page);
            // Behind the end of a full page, that part may know accounts that were not listed yet.
            if (page.size() == PAGE && (bound == null
                    || page.getLast().compareTo(bound) < 0)) bound = page.getLast();
        }
        return new Listed(List.copyOf(bound == null ? found : found.headSet(bound, true)), leftOut);
    }

    /// Looks at one account.
    Looked account(AccountId account, Each each) {
        // What is there of an erased account is erased, not copied.
        if (debt.hasErased(account)) return new Looked(0, 0, Set.of(), Set.of());
        var journal = new Journal(account);
        var doubts = new Doubts();
        long names = 0;
        long missing = 0;
        for (ObjectName.Kind kind : ObjectName.Kind.values()) {
            @Nullable ObjectName after = null;
            do {
                Window window = window(account, kind, after, doubts);
                for (Map.Entry<ObjectName, Seen> entry : window.seen().entrySet()) {
                    names++;
                    if (journal.collected(entry.getKey(), entry.getValue())) continue;
                    missing += object(entry.getKey(), entry.getValue(), window, doubts, each);
                }
                after = window.next();
            } while (after != null);
        }
        return new Looked(names, missing, doubts.all(), Set.copyOf(doubts.unanswered));
    }

    private Holdings holdings() {
        return Holdings.of(copies, TIME);
    }

    /// What of an account's journal is collected: whoever still has it will lose it, and it is nobody's debt.
    private final class Journal {
        private final AccountId account;
        private @Nullable Modseq floor;
        private @Nullable Set<Sha256> pages;

        Journal(AccountId account) {
            this.account = account;
        }

        boolean collected(ObjectName name, Seen seen) {
            boolean everywhere = seen.having().size() == copies.homes().size();
            if (name.kind() == ObjectName.Kind.MAIL || everywhere) return false;
            try {
                Modseq below = floor;
                if (below == null) floor = below = Heads.floor(holdings(), account);
                if (name.kind() != ObjectName.Kind.PAGE) return Heads.below(name, below);
                Set<Sha256> named = pages;
                if (named == null) pages = named = JournalCollection.pages(copies, account, below);
                return !named.contains(name.hash());
            } catch (Fault e) {
                return false; // nobody knows: a copy too many goes with a later collection
            }
        }
    }

    /// @param having by name of vault
    private record Seen(Set<String> having, long bytes) {}

    /// A stretch of names that every part has been asked for.
    ///
    /// @param listed vaults that listed it
    /// @param damaged vaults whose list is damaged
    /// @param next from where to go on, null at the end
    private record Window(
            TreeMap<ObjectName, Seen> seen,
            Set<String> listed,
            Set<String> damaged,
            Map<ObjectName, Boolean> condemned,
            @Nullable ObjectName next) {}

    private Window window(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, Doubts doubts) {
        var all = new HashMap<String, List<Vault.Entry>>();
        var damaged = new HashSet<String>();
        for (Shelf shelf : copies.homes()) {
            try {
                if (shelf.breaker().closed()) {
                    all.put(shelf.name(), shelf.vault().list(account, kind, after, PAGE, TIME));
                } else {
                    doubts.unanswered.add(shelf.name());
                }
            } catch (Fault.Corrupt e) {
                damaged.add(shelf.name());
                doubts.damaged.add(shelf.name());
            } catch (Fault e) {
                doubts.unanswered.add(shelf.name());
            }
        }
        List<ObjectName> live = kind == ObjectName.Kind.MAIL ? live(account, after) : List.of();
        @Nullable ObjectName bound = live.size() == PAGE ? live.getLast() : null;
        for (List<Vault.Entry> page : all.values()) {
            if (page.size() < PAGE) continue;
            ObjectName last = page.getLast().name();
            if (bound == null || last.compareTo(bound) < 0) bound = last;
        }
        var seen = new TreeMap<ObjectName, Seen>();
        for (Map.Entry<String, List<Vault.Entry>> vault : all.entrySet()) {
            for (Vault.Entry entry : vault.getValue()) {
                if (bound != null && entry.name().compareTo(bound) > 0) break;
                seen.computeIfAbsent(entry.name(), _ -> new Seen(new HashSet<>(), entry.storedBytes()))
                        .having()
                        .add(vault.getKey());
            }
        }
        for (ObjectName name : live) {
            if (bound == null || name.compareTo(bound) <= 0) seen.putIfAbsent(name, new Seen(new HashSet<>(),
                    0));
        }
        Map<ObjectName, Boolean> condemned =
                kind == ObjectName.Kind.MAIL ? condemned(account, seen.keySet()) : Map.of();
        return new Window(seen, all.keySet(), damaged, condemned, bound);
    }

    /// Returns which mails are condemned, and whether they are collected already; none when the engine does
    /// not answer: then one may be copied again, and goes with a later survey.
    private Map<ObjectName, Boolean> condemned(AccountId account, Set<ObjectName> names) {
        if (names.isEmpty()) return Map.of();
        try {
            return engine.read(account, TIME, rows -> {
                var found = new HashMap<ObjectName, Boolean>();
                byte[] head = rows.get(new Key.Head());
                if (head == null) return found;
                View view = new View(rows, HeadRow.of(head));
                for (ObjectName name : names) {
                    @Nullable EndedEmail ended = view.endedEmail(name.arrival());
                    if (ended != null && !ended.recoverable()) found.put(name, ended.collected());
                }
                return found;
            });
        } catch (Fault e) {
            Log.event(Event.SURVEY_PART_LEFT_OUT, "part", "engine", "account", account, "why", e);
            return Map.of();
        }
    }

    /// Returns names of live mails as the engine has them; none when it does not answer, for the vaults know
    /// most.
    private List<ObjectName> live(AccountId account, @Nullable ObjectName after) {
        try {
            return engine.read(account, TIME, rows -> {
                byte[] head = rows.get(new Key.Head());
                var names = new ArrayList<ObjectName>();
                if (head == null) return names;
                View view = new View(rows, HeadRow.of(head));
                for (ArrivalId arrival : view.emails(after == null ? null : after.arrival(), PAGE)) {
                    @Nullable Email email = view.email(arrival);
                    if (email != null) names.add(ObjectName.mail(account, arrival, email.blob()));
                }
                return names;
            });
        } catch (Fault e) {
            Log.event(Event.SURVEY_PART_LEFT_OUT, "part", "engine", "account", account, "why", e);
            return List.of();
        }
    }

    /// Says whether an account still names a mail, or can have it back, or needs an object of its journal.
    ///
    /// @throws Fault.Unavailable if that cannot be said now: also while the engine does not have the account
    boolean isLive(ObjectName name) {
        if (name.kind() != ObjectName.Kind.MAIL) return !isSpare(name);
        return engine.read(name.account(), TIME, rows -> {
            byte[] head = rows.get(new Key.Head());
            if (head == null) {
                throw new Fault.Unavailable("The engine has no view of the account", Map.of("account", name.account()));
            }
            View view = new View(rows, HeadRow.of(head));
            @Nullable EndedEmail ended = view.endedEmail(name.arrival());
            return view.email(name.arrival()) != null || (ended != null && ended.recoverable());
        });
    }

    /// Says whether a journal is whole without an object that no vault has: a segment of an attempt that was made again
    /// otherwise, a page nobody came to name, a checkpoint of what can be read from its beginning. What lies behind the
    /// end that is known may be all that says there was more.
    private boolean isSpare(ObjectName name) {
        AccountId account = name.account();
        return switch (name.kind()) {
            case SEGMENT, CONTENTS -> holdsWithout(account, name.low());
            // What was collected is in a checkpoint alone.
            case CHECKPOINT -> holdsFromItsBeginning(account) && holdsWithout(account, name.high());
            case PAGE -> holdsFromItsBeginning(account) && holdsWithout(account, 0)
                    && !JournalCollection.pages(copies, account, Modseq.NONE).contains(name.hash());
            case HEADS, MAIL -> false;
        };
    }

    private boolean holdsFromItsBeginning(AccountId account) {
        return Heads.floor(holdings(), account).equals(Modseq.NONE);
    }

    private boolean holdsWithout(AccountId account, long upTo) {
        Chain chain = chain(account);
        return chain.whole() && upTo <= chain.end().value();
    }

    /// What was found of a journal, and when.
    private record Judged(Chain chain, long nanos) {}

    private final ReentrantLock judging = new ReentrantLock();
    private final Map<AccountId, Judged> judged = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountId, Judged> eldest) {
            return size() > JUDGED_MAX;
        }
    };

    /// Reads all of a journal: for the objects of one account that are asked for together, once. One at a time, and one that
    /// is not whole is not read again so soon: nobody can be in a hurry to hear that something is missing still.
    private Chain chain(AccountId account) {
        judging.lock();
        try {
            Judged last = judged.get(account);
            if (last != null) {
                Duration goodFor = last.chain().whole() ? WHOLE_FOR : BROKEN_FOR;
                if (clock.nanos() - last.nanos() < goodFor.toNanos()) return last.chain();
            }
            Chain chain = Chain.read(engine, holdings(), account, TIME);
            judged.remove(account);
            judged.put(account, new Judged(chain, clock.nanos()));
            return chain;
        } finally {
            judging.unlock();
        }
    }

    /// Says whether a mail is condemned: no copy of it is to be made.
    boolean isCondemned(ObjectName name) {
        if (debt.hasErased(name.account())) return true;
        if (name.kind() != ObjectName.Kind.MAIL)
            return Heads.below(name, Heads.floor(holdings(), name.account()));
        return !condemned(name.account(), Set.of(name)).isEmpty();
    }

    /// A mail that ended for good: whoever still has it after it was collected everywhere removes it.
    private void condemned(ObjectName name, Seen seen, boolean collected) {
        debt.ended(name);
        if (!collected) return;
        for (String vault : seen.having()) debt.removalOwed(name, vault);
    }

    private int object(ObjectName name, Seen seen, Window window, Doubts doubts, Each each) {
        @Nullable Boolean collected = window.condemned().get(name);
        if (collected != null) condemned(name, seen, collected);
        if (collected != null || ended(name)) return 0;
        int missing = 0;
        var having = new ArrayList<Shelf>();
        for (Shelf shelf : copies.homes()) {
            boolean has =
                    seen.having().contains(shelf.name())
                            || (window.damaged().contains(shelf.name()) && has(shelf, name, doubts));
            if (has) {
                having.add(shelf);
            } else if (window.listed().contains(shelf.name()) || window.damaged().contains(shelf.name())) {
                // One that is just being written is owed until the healer finds it there.
                if (debt.owed(name, shelf.name(), seen.bytes())) missing++;
            }
        }
        each.object(name, seen.bytes(), having);
        return missing;
    }

    private boolean ended(ObjectName name) {
        if (debt.hasEnded(name)) return true;
        for (Shelf shelf : copies.homes()) if (debt.owes(name, shelf.name(), Debt.Kind.REMOVAL)) return true;
        return false;
    }

    private static boolean has(Shelf shelf, ObjectName name, Doubts doubts) {
        try {
            return shelf.vault().get(name, 0, 1, TIME) != null;
        } catch (Fault.Corrupt e) {
            return false;
        } catch (Fault e) {
            doubts.unanswered.add(shelf.name());
            return true;
        }
    }
}
