package casella.store.archive;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.message.Summary;
import casella.store.Change;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.Operation;
import casella.store.View;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An account as it was: folded from the checkpoint before a moment and the segments and tail up to it. Reads
/// only.
public final class Past {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int TAIL_PAGE = 500;

    private final Holdings holdings;
    private final Journal journal;
    private final AccountId account;

    public Past(Holdings holdings, Journal journal, AccountId account) {
        this.holdings = holdings;
        this.journal = journal;
        this.account = account;
    }

    /// Returns the last change that was made at `moment` or before; [Modseq#NONE] when the account is
    /// younger.
    ///
    /// Changes are looked for as if their times grew. Where the clock stepped back, it is one of the changes
    /// about then.
    ///
    /// @throws Fault.Unavailable if the journal no longer reaches back to it, or cannot be read
    public Modseq at(Instant moment) {
        List<ObjectName> names = holdings.all(account, ObjectName.Kind.SEGMENT);
        int low = 0;
        int high = names.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (time(segment(names.get(middle)), 0).isAfter(moment)) high = middle;
            else low = middle + 1;
        }
        if (low == 0 && !names.isEmpty()) {
            if (names.getFirst().high() == 1) return Modseq.NONE;
            throw tooEarly();
        }
        if (low == 0) return tail(Modseq.NONE, moment);
        JournalSegment segment = segment(names.get(low - 1));
        int count = segment.changes().size();
        while (time(segment, count - 1).isAfter(moment)) count--;
        if (count < segment.changes().size()) {
            var at = new Modseq(segment.first().value() + count - 1);
            Since since = since().orElse(null);
            if (since != null && since.change().after(at)) throw tooEarly();
            return at;
        }
        return low < names.size() ? segment.last() : tail(segment.last(), moment);
    }

    /// Since when an account can be told as it was, where what was before is collected.
    ///
    /// @param change the first after which it can
    /// @param at when that was made
    public record Since(Modseq change, Instant at) {}

    /// Returns since when the account can be told as it was; empty: since its first change.
    public Optional<Since> since() {
        Modseq floor = Heads.floor(holdings, account);
        if (floor.equals(Modseq.NONE)) return Optional.empty();
        for (ObjectName checkpoint : holdings.all(account, ObjectName.Kind.CHECKPOINT)) {
            if (Heads.below(checkpoint, floor)) continue;
            for (ObjectName name : holdings.all(account, ObjectName.Kind.SEGMENT)) {
                if (name.low() != checkpoint.high()) continue;
                JournalSegment segment = segment(name);
                return Optional.of(new Since(segment.last(), time(segment, segment.changes().size() - 1)));
            }
        }
        return Optional.empty();
    }

    private Fault.Unavailable tooEarly() {
        Optional<Since> since = since();
        return new Fault.Unavailable("The journal no longer reaches back to that moment",
                since.<Map<String, Object>>map(s -> Map.of("account", account, "since", s.at()))
                        .orElse(Map.of("account", account)));
    }

    private Modseq tail(Modseq after, Instant moment) {
        Modseq at = after;
        while (true) {
            List<byte[]> page = journal.entries(account, at.next(), TAIL_PAGE, TIME);
            if (page.isEmpty()) return at;
            for (byte[] encoded : page) {
                Change change = Entry.decode(encoded).change();
                if (!change.modseq().equals(at.next()) || change.at().isAfter(moment)) return at;
                at = change.modseq();
            }
        }
    }

    private JournalSegment segment(ObjectName name) {
        return JournalSegment.decode(name, holdings.read(name));
    }

    private static Instant time(JournalSegment segment, int index) {
        return Change.decode(segment.changes().get(index)).at();
    }

    /// Returns the account as it was after change `until`. Nothing is held by it but memory; rows of the
    /// checkpoint are read as they are asked for.
    ///
    /// @throws Fault.Unavailable if the journal cannot be read up to there
    public View after(Modseq until) {
        Folding folding = Folding.begin(holdings, account, until, false, null).segments(until).tail(journal,
                until);
        long reached = folding.fold().head().version();
        if (reached != until.value()) {
            throw new Fault.Unavailable(
                    "The journal cannot be read up to that moment",
                    Map.of("account", account, "at", reached, "wanted", until));
        }
        return new View(folding.fold().rows(), folding.fold().head());
    }

    /// Returns the account as the vaults and the tail alone tell it now: nothing is asked of an engine.
    ///
    /// @throws Fault.Unavailable if the journal cannot be read to its end
    public View newest() {
        var all = new Modseq(Long.MAX_VALUE);
        Folding folding = Folding.begin(holdings, account, false, null).segments(all).tail(journal, all);
        Fault fault = folding.fault();
        boolean cut = fault != null && folding.newestNamed().value() > folding.fold().head().version();
        if (cut) throw new Fault.Unavailable("The journal cannot be read to its end", Map.of("account",
                account), fault);
        return new View(folding.fold().rows(), folding.fold().head());
    }

    /// Returns the account as its newest checkpoint says; an account of no change when there is none.
    public View checkpoint() {
        Folding folding = Folding.begin(holdings, account, false, null);
        return new View(folding.fold().rows(), folding.fold().head());
    }

    /// Returns the summary of an email that arrived, or was restored, with change `created`; empty when that
    /// change or its contents are no longer there.
    public Optional<Summary> summary(Modseq created, ArrivalId arrival) {
        var found = new Entry[1];
        for (ObjectName name : holdings.all(account, ObjectName.Kind.SEGMENT)) {
            if (name.high() > created.value() || name.low() < created.value()) continue;
            try {
                found[0] = History.one(holdings, name, created);
                break;
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                // Another segment may hold the same change.
            }
        }
        if (found[0] == null) {
            List<byte[]> entries = journal.entries(account, created, 1, TIME);
            if (!entries.isEmpty()) found[0] = Entry.decode(entries.getFirst());
        }
        return found[0] == null ? Optional.empty() : summary(found[0], arrival);
    }

    private static Optional<Summary> summary(Entry entry, ArrivalId arrival) {
        for (Operation operation : entry.change().operations()) {
            Operation.EmailArrived arrived = switch (operation) {
                case Operation.EmailArrived o -> o;
                case Operation.EmailRestored(Operation.EmailArrived o) -> o;
                default -> null;
            };
            if (arrived == null || !arrived.arrival().equals(arrival)) continue;
            byte[] bytes = entry.contents().get(arrived.summary());
            if (bytes != null) return Optional.of(Summary.decode(bytes));
        }
        return Optional.empty();
    }
}
