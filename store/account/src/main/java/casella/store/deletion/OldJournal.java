package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Modseq;
import casella.store.EndedEmail;
import casella.store.Shelf;
import casella.store.archive.JournalCollection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The collection of one account's old journal: from the first vault, and seven days later from the others. For one
/// thread.
final class OldJournal {
    /// Changes are kept for the plan's days and one more: what ended in the last hour of them is told as it was.
    private static final Duration MORE = Duration.ofDays(1);

    private final Collection.Parts parts;
    private final AccountId id;
    private final Instant now;
    private final Instant ripeBefore;
    private final JournalCollection journal;

    /// @param ripeBefore what left the first vault by then may leave the others
    OldJournal(Collection.Parts parts, AccountId id, Instant now, Instant ripeBefore) {
        this.parts = parts;
        this.id = id;
        this.now = now;
        this.ripeBefore = ripeBefore;
        this.journal = new JournalCollection(parts.engine(), parts.copies(), parts.archiver(), id);
    }

    /// @param first objects to leave the first vault
    /// @param others objects to leave the others
    record Due(long first, long others) {
        boolean none() {
            return first + others == 0;
        }
    }

    /// Counts what is due; pages are not counted.
    Due due(Terms terms) {
        if (terms.held()) return new Due(0, 0);
        Departures departures = Departures.read(parts.engine(), id, now);
        long planned = plan(terms, departures).map(JournalCollection.Plan::objects).orElse(0L);
        long left = journal.left(List.of(parts.first()), journal.floor());
        long others = journal.left(parts.others(), Departures.by(departures.journal(), ripeBefore));
        return new Due(planned + left, others);
    }

    private Optional<JournalCollection.Plan> plan(Terms terms, Departures departures) {
        boolean lately = !departures.journal().isEmpty()
                && now.isBefore(departures.journal().getLast().at().plus(JournalCollection.EVERY));
        if (lately) return Optional.empty();
        List<EndedEmail> oldest = parts.accounts().open(id).read(view -> view.recoverable(null, 1));
        Modseq needed = oldest.isEmpty() ? Modseq.NONE : oldest.getFirst().modseq();
        return journal.plan(now, now.minus(terms.retention()).minus(MORE), needed);
    }

    /// Removes what is due.
    ///
    /// @throws Brake.Pulled if the toll refuses
    /// @throws casella.base.Fault if something does not answer or is not proven: a later run goes on
    void collect(Terms terms, Collection.Toll toll) {
        if (terms.held()) return;
        Departures departures = Departures.read(parts.engine(), id, now);
        // What is ripe is so before this run: nothing leaves both in one.
        Modseq ripe = Departures.by(departures.journal(), ripeBefore);
        plan(terms, departures).ifPresent(journal::begin);
        Modseq floor = journal.floor();
        List<Shelf> first = List.of(parts.first());
        if (floor.after(Modseq.NONE)) {
            journal.remove(first, floor, toll::pass);
            boolean gone = parts.first().breaker().closed() && journal.left(first, floor) == 0;
            if (gone && floor.after(Departures.done(departures.journal()))) {
                departures.journalLeft(floor, now).write(parts.engine(), id);
            }
        }
        if (ripe.after(Modseq.NONE)) journal.remove(parts.others(), ripe, toll::pass);
    }
}
