package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Change;
import casella.store.Copies;
import casella.store.Entry;
import casella.store.Shelf;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The collection of one account's old journal: segments with their contents, checkpoints, and pages that no checkpoint
/// names. For one thread.
///
/// What goes lies before a *base*: a checkpoint at the end of all changes that must be kept. It goes when every vault,
/// alone, was read and makes the account from the base and from a later checkpoint, and both say the same. Then the
/// [Heads] of what goes are in every vault, and only then is anything removed.
public final class JournalCollection {
    /// Between two collections of an account: each reads two checkpoints in every vault.
    public static final Duration EVERY = Duration.ofDays(7);
    /// Changes that no checkpoint tells of get one after so long, however few they are.
    static final Duration CHECKPOINT_AFTER = Duration.ofDays(7);

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int BATCH = 200;
    private static final Modseq ALL = new Modseq(Long.MAX_VALUE);

    private final Engine engine;
    private final Copies copies;
    private final Archiver archiver;
    private final AccountId account;
    private final Holdings holdings;

    public JournalCollection(Engine engine, Copies copies, Archiver archiver, AccountId account) {
        this.engine = engine;
        this.copies = copies;
        this.archiver = archiver;
        this.account = account;
        this.holdings = Holdings.of(copies, TIME);
    }

    /// Told of every batch before it is removed; throws to end the run.
    public interface Toll {
        void pass(Shelf vault, int objects);
    }

    /// What is to go.
    ///
    /// @param base the checkpoint before which nothing is needed any more
    /// @param floor the last change whose segment goes
    /// @param objects segments, contents and checkpoints that go then
    public record Plan(ObjectName base, Modseq floor, long objects) {}

    /// Says what may go; changes nothing but that a checkpoint is made where changes wait too long for one.
    ///
    /// @param keepFrom changes made after it must stay, to be told as they were
    /// @param needed the oldest change before which the account must still be told; [Modseq#NONE] for none
    public Optional<Plan> plan(Instant now, Instant keepFrom, Modseq needed) {
        List<ObjectName> segments = holdings.all(account, ObjectName.Kind.SEGMENT);
        List<ObjectName> checkpoints = holdings.all(account, ObjectName.Kind.CHECKPOINT);
        checkpointInTime(now, segments, checkpoints);
        @Nullable Heads before = Heads.newest(holdings, account).orElse(null);
        ObjectName base = base(segments, checkpoints, keepFrom, needed);
        JournalSegment last = base == null ? null : endingAt(base, segments);
        if (base == null || last == null) return Optional.empty();
        var floor = new Modseq(last.first().value() - 1);
        boolean less = before != null && !floor.after(before.end().upTo());
        if (less || floor.equals(Modseq.NONE)) return Optional.empty();
        long objects = 0;
        for (ObjectName name : segments) if (Heads.below(name, floor)) objects += 2;
        for (ObjectName name : checkpoints) if (Heads.below(name, floor)) objects++;
        return objects == 0 ? Optional.empty() : Optional.of(new Plan(base, floor, objects));
    }

    /// Returns the newest checkpoint of those that end before all that must stay, and have another above them; null for
    /// none. Times are looked for as if they grew.
    private @Nullable ObjectName base(
            List<ObjectName> segments, List<ObjectName> checkpoints, Instant keepFrom, Modseq needed) {
        if (checkpoints.isEmpty()) return null;
        var ends = new HashMap<Long, ObjectName>();
        for (ObjectName name : segments) ends.put(name.low(), name);
        List<ObjectName> candidates = checkpoints.stream()
                .filter(name -> name.high() < checkpoints.getLast().high() && ends.containsKey(name.high()))
                .filter(name -> needed.equals(Modseq.NONE) || name.high() < needed.value())
                .toList();
        int low = 0;
        int high = candidates.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            ObjectName end = ends.get(candidates.get(middle).high());
            if (end != null && at(segment(end).changes().getLast()).isAfter(keepFrom)) high = middle;
            else low = middle + 1;
        }
        return low == 0 ? null : candidates.get(low - 1);
    }

    /// A quiet account makes a checkpoint seldom: its journal would never be collected.
    private void checkpointInTime(Instant now, List<ObjectName> segments, List<ObjectName> checkpoints) {
        long told = checkpoints.isEmpty() ? 0 : checkpoints.getLast().high();
        for (ObjectName name : segments) {
            if (name.low() <= told) continue;
            JournalSegment segment = segment(name);
            Instant first = at(segment.changes().getFirst());
            if (!first.plus(CHECKPOINT_AFTER).isAfter(now)) archiver.checkpoint(account);
            return;
        }
    }

    private JournalSegment segment(ObjectName name) {
        return JournalSegment.decode(name, holdings.read(name));
    }

    private static Instant at(byte[] change) {
        return Change.decode(change).at();
    }

    /// Returns the segment with which a checkpoint ends, the longest of them; null when there is none.
    private @Nullable JournalSegment endingAt(ObjectName checkpoint, List<ObjectName> segments) {
        Checkpoint head = Checkpoint.decode(checkpoint, holdings.read(checkpoint));
        for (ObjectName name : segments) {
            if (name.low() != checkpoint.high()) continue;
            JournalSegment segment = segment(name);
            if (segment.head().equals(head.end().hash())) return segment;
        }
        return null;
    }

    /// Proves that nothing of a plan is needed, and writes down in every vault what stays of it. Nothing is removed.
    ///
    /// @throws Fault.Unavailable if a vault is away, or does not make the account alone
    /// @throws Fault.Corrupt if two checkpoints do not agree
    public void begin(Plan plan) {
        Modseq archived = engine.read(account, TIME,
                rows -> Archived.of(rows.get(new Key.Archived())).upTo());
        for (Shelf home : copies.homes()) {
            if (!home.breaker().closed()) throw unproven(home, "is away");
            alone(home, plan, archived);
        }
        Heads heads = heads(plan);
        byte[] content = heads.encode();
        ObjectName name = heads.name(content);
        int owed = copies.put(name, StoredObject.encode(name, new byte[0], content));
        if (owed > 0) throw new Fault.Unavailable("A vault did not take the heads", Map.of("account", account));
        Log.event(Event.JOURNAL_COLLECTED, "account", account, "before", plan.floor().next(), "objects",
                plan.objects());
    }

    /// Makes the account from what one vault has: from the base to its newest checkpoint and on to the end.
    private void alone(Shelf home, Plan plan, Modseq archived) {
        Holdings here = Holdings.of(home.vault(), TIME);
        var base = new Modseq(plan.base().high());
        Folding newest = Folding.begin(here, account, true, null);
        if (!newest.checkpoint().after(base)) throw unproven(home, "has no later checkpoint that is right");
        Checkpoint told = newest.base().checkpoint();
        Folding folding = Folding.begin(here, account, base, true, null);
        if (!folding.checkpoint().equals(base)) throw unproven(home, "has not the base");
        folding = folding.segments(newest.checkpoint());
        if (folding.fold().head().version() != told.head().version()) throw unproven(home, "has a gap");
        Checkpoint made = Repaging.next(folding.base(), folding.fold(), (_, _) -> {});
        if (!made.comparable().equals(told.comparable())) {
            throw new Fault.Corrupt("Two checkpoints of the account do not agree",
                    Map.of("account", account, "vault", home.name(), "base", base, "at", told.modseq()));
        }
        Modseq end = new Modseq(newest.segments(ALL).fold().head().version());
        if (newest.fault() != null || archived.after(end)) throw unproven(home, "does not lead to the end");
    }

    private Fault.Unavailable unproven(Shelf home, String why) {
        return new Fault.Unavailable("A vault does not make the account alone: it " + why,
                Map.of("account", account, "vault", home.name()));
    }

    /// Walks the chain of what goes and keeps the head of each segment on it.
    private Heads heads(Plan plan) {
        @Nullable Heads before = Heads.newest(holdings, account).orElse(null);
        Position from = before == null ? Position.START : before.end();
        var more = new ArrayList<Heads.Head>();
        History.Reached reached = new History(holdings, account).read(from, new History.Reader() {
            private @Nullable Entry first;
            private @Nullable Entry last;

            @Override
            public void entry(Entry entry) {
                if (first == null) first = entry;
                last = entry;
            }

            @Override
            public void segment(long bytes) {
                Entry begin = first;
                Entry end = last;
                if (begin == null || end == null) return;
                more.add(new Heads.Head(begin.change().modseq(), end.change().modseq(), end.hash(),
                        end.change().at()));
                first = null;
            }

            @Override
            public boolean more() {
                Entry end = last;
                return end == null || end.change().modseq().value() < plan.floor().value();
            }
        });
        JournalSegment kept = endingAt(plan.base(), holdings.all(account, ObjectName.Kind.SEGMENT));
        boolean unbroken = !more.isEmpty() && kept != null && kept.before().equals(reached.end().hash());
        if (!unbroken) {
            throw new Fault.Unavailable("The chain of what is to be collected is not whole",
                    Map.of("account", account, "at", reached.end().upTo()));
        }
        return before == null ? new Heads(account, more) : before.with(more);
    }

    /// Returns up to which change the journal was begun to be collected; 0 where nothing was.
    public Modseq floor() {
        return Heads.floor(holdings, account);
    }

    /// Counts what vaults have that lies below a floor and should go; pages that no checkpoint names are not counted.
    public long left(List<Shelf> from, Modseq floor) {
        long left = 0;
        for (Shelf shelf : from) left = Math.max(left, below(shelf, floor).size());
        return left;
    }

    private List<ObjectName> below(Shelf shelf, Modseq floor) {
        if (floor.equals(Modseq.NONE) || !shelf.breaker().closed()) return List.of();
        Holdings here = Holdings.of(shelf.vault(), TIME);
        var names = new ArrayList<ObjectName>();
        for (ObjectName.Kind kind : List.of(ObjectName.Kind.SEGMENT, ObjectName.Kind.CONTENTS,
                ObjectName.Kind.CHECKPOINT, ObjectName.Kind.HEADS)) {
            for (ObjectName name : here.all(account, kind)) if (Heads.below(name, floor)) names.add(name);
        }
        return names;
    }

    /// Removes from vaults what lies below a floor, checkpoints before the pages that they alone name; done again, it
    /// goes on.
    ///
    /// @return objects removed
    public long remove(List<Shelf> from, Modseq floor, Toll toll) {
        long removed = 0;
        for (Shelf shelf : from) {
            if (!shelf.breaker().closed()) continue;
            removed += remove(shelf, below(shelf, floor), toll);
            // A checkpoint that is being made puts its pages before its head.
            long[] pages = new long[1];
            archiver.alone(account, () -> pages[0] = remove(shelf, orphans(shelf, floor), toll));
            removed += pages[0];
        }
        return removed;
    }

    private long remove(Shelf shelf, List<ObjectName> names, Toll toll) {
        for (int at = 0; at < names.size(); at += BATCH) {
            List<ObjectName> batch = names.subList(at, Math.min(names.size(), at + BATCH));
            toll.pass(shelf, batch.size());
            copies.discard(batch, List.of(shelf));
        }
        return names.size();
    }

    private List<ObjectName> orphans(Shelf shelf, Modseq floor) {
        List<ObjectName> pages = Holdings.of(shelf.vault(), TIME).all(account, ObjectName.Kind.PAGE);
        if (pages.isEmpty()) return pages;
        Set<Sha256> named = pages(copies, account, floor);
        return pages.stream().filter(page -> !named.contains(page.hash())).toList();
    }

    /// Returns the pages that checkpoints above a floor name.
    ///
    /// @throws Fault if a vault does not list its checkpoints, or one cannot be read: then nobody knows
    public static Set<Sha256> pages(Copies copies, AccountId account, Modseq floor) {
        Holdings holdings = Holdings.every(copies, TIME);
        var named = new HashSet<Sha256>();
        for (ObjectName name : holdings.all(account, ObjectName.Kind.CHECKPOINT)) {
            if (Heads.below(name, floor)) continue;
            Checkpoint checkpoint = Checkpoint.decode(name, holdings.read(name));
            for (Page.Place page : checkpoint.pages()) named.add(page.hash());
        }
        return named;
    }
}
