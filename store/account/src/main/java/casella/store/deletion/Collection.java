package casella.store.deletion;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.EndedEmail;
import casella.store.Journal;
import casella.store.Shelf;
import casella.store.View;
import casella.store.archive.Archiver;
import casella.store.archive.Holdings;
import casella.store.archive.Past;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The collection of one account: what is due is condemned, what is condemned leaves the first vault, and the
/// others seven days later. Before each removal engine, journal and checkpoint are asked, each for itself.
/// For one thread.
final class Collection {
    /// Between the first vault and the others.
    static final Duration APART = Duration.ofDays(7);

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int BATCH = 200;

    private final Parts parts;
    private final AccountId id;
    private final Account account;
    private final Instant now;
    private final Instant ripeBefore;

    /// What it stands on.
    record Parts(Engine engine, Journal journal, Archiver archiver, Accounts accounts, Copies copies) {
        /// Returns the vault an account leaves first. Others than the homes may have copies from an earlier
        /// policy.
        Shelf first() {
            return copies.homes().getFirst();
        }

        List<Shelf> others() {
            Shelf first = first();
            return copies.shelves().stream().filter(shelf -> shelf != first).toList();
        }
    }

    /// Told of every batch before it is removed; throws to end the run.
    interface Toll {
        void pass(Shelf vault, int objects);
    }

    /// @param ripeBefore what left the first vault by then may leave the others
    Collection(Parts parts, AccountId id, Instant now, Instant ripeBefore) {
        this.ripeBefore = ripeBefore;
        this.parts = parts;
        this.id = id;
        this.account = parts.accounts().open(id);
        this.now = now;
    }

    /// What there is to do.
    ///
    /// @param condemn emails to be condemned, and so to leave the first vault
    /// @param first condemned before, and not known to have left the first vault
    /// @param others to leave the other vaults
    record Due(long condemn, long first, long others) {
        boolean none() {
            return condemn + first + others == 0;
        }
    }

    /// Counts what is due; changes nothing.
    Due due(Terms terms) {
        if (terms.held()) return new Due(0, 0, 0);
        long condemn = 0;
        long bytes = 0;
        for (List<EndedEmail> page = dueToCondemn(terms, null, 0); !page.isEmpty(); ) {
            condemn += page.size();
            for (EndedEmail ended : page) bytes += ended.size();
            page = dueToCondemn(terms, page.getLast(), bytes);
        }
        Departures departures = Departures.read(parts.engine(), id, now);
        Modseq done = Departures.done(departures.mails());
        Modseq left = Departures.by(departures.mails(), ripeBefore);
        long first = 0;
        long others = 0;
        for (List<EndedEmail> page = condemned(null); !page.isEmpty(); page = condemned(page.getLast())) {
            for (EndedEmail ended : page) {
                if (ended.condemned().after(done)) first++;
                else if (ripe(ended, left)) others++;
            }
        }
        return new Due(condemn, first, others);
    }

    private List<EndedEmail> condemned(@Nullable EndedEmail after) {
        return account.read(view -> view.condemned(after, View.PAGE_MAX));
    }

    /// Seven days after it was condemned, and after it left the first vault.
    private boolean ripe(EndedEmail ended, Modseq left) {
        return !ended.condemned().after(left) && !now.isBefore(ended.condemnedAt().plus(APART));
    }

    /// Returns the next page of what is due, from `after` on: they lie by when they ended, so the first that
    /// is not due ends it.
    ///
    /// @param counted bytes of those returned before that are still recoverable
    private List<EndedEmail> dueToCondemn(Terms terms, @Nullable EndedEmail after, long counted) {
        record Seen(List<EndedEmail> page, long bytes) {}
        Seen seen = account.read(view -> new Seen(view.recoverable(after, BATCH), view.recoverableBytes()));
        long left = seen.bytes() - counted;
        var due = new ArrayList<EndedEmail>();
        for (EndedEmail ended : seen.page()) {
            boolean much = left > terms.bytesMax() && terms.early(ended.at(), now);
            if (!terms.over(ended.at(), now) && !much) break;
            due.add(ended);
            left -= ended.size();
        }
        return due;
    }

    /// What was done.
    record Done(long condemned, long first, long others) {}

    /// Condemns what is due and removes what is condemned, where it is ripe.
    ///
    /// @throws Brake.Pulled if something of it is live, or the toll refuses
    /// @throws Fault.Unavailable if something does not answer: the next run goes on
    Done collect(Terms terms, Toll toll) {
        if (terms.held()) return new Done(0, 0, 0);
        long condemned = condemn(terms);
        long first = 0;
        long others = 0;
        @Nullable Evidence evidence = null;
        for (List<EndedEmail> page = condemned(null); !page.isEmpty(); page = condemned(page.getLast())) {
            Departures departures = Departures.read(parts.engine(), id, now);
            Modseq done = Departures.done(departures.mails());
            Modseq left = Departures.by(departures.mails(), ripeBefore);
            List<EndedEmail> young = page.stream().filter(ended -> ended.condemned().after(done)).toList();
            // However long the first removal was held up: there is a time to notice.
            List<EndedEmail> ripe = page.stream().filter(ended -> ripe(ended, left)).toList();
            if (young.isEmpty() && ripe.isEmpty()) continue;
            if (evidence == null) evidence = new Evidence();
            evidence.reach(page.getLast().condemned());
            first += remove(young, List.of(parts.first()), evidence, toll);
            if (!young.isEmpty()) {
                // A change may have condemned more than this page shows: only what lies before it is surely
                // done.
                Modseq last = page.getLast().condemned();
                Modseq upTo = page.size() < View.PAGE_MAX ? last : new Modseq(last.value() - 1);
                // What the first vault still owes has not left it: the next run removes it once more.
                if (left(young)) departures.mailsLeft(upTo, now).write(parts.engine(), id);
            }
            others += remove(ripe, parts.others(), evidence, toll);
            for (int from = 0; from < ripe.size(); from += BATCH) {
                account.collected(ids(ripe.subList(from, Math.min(ripe.size(), from + BATCH))));
            }
        }
        return new Done(condemned, first, others);
    }

    private long condemn(Terms terms) {
        long condemned = 0;
        @Nullable View journal = null;
        for (List<EndedEmail> page = dueToCondemn(terms, null, 0); !page.isEmpty(); page = dueToCondemn(terms,
                null, 0)) {
            if (journal == null) journal = past().newest();
            for (EndedEmail ended : page) {
                EndedEmail there = journal.endedEmail(ended.arrival());
                boolean so = there != null && journal.email(ended.arrival()) == null
                        && there.modseq().equals(ended.modseq());
                if (!so) throw live(ended.arrival(), "journal");
            }
            int count = account.condemn(ids(page)).size();
            condemned += count;
            // Some were restored since they were read: the next run looks again.
            if (count < page.size()) break;
        }
        return condemned;
    }

    private Past past() {
        return new Past(Holdings.of(parts.copies(), TIME), parts.journal(), id);
    }

    private static List<ArrivalId> ids(List<EndedEmail> emails) {
        return emails.stream().map(EndedEmail::arrival).toList();
    }

    private long remove(List<EndedEmail> emails, List<Shelf> from, Evidence evidence, Toll toll) {
        if (from.isEmpty()) return 0;
        for (int at = 0; at < emails.size(); at += BATCH) {
            var names = new ArrayList<ObjectName>();
            for (EndedEmail ended : emails.subList(at, Math.min(emails.size(), at + BATCH))) {
                Sha256 blob = ended.blob();
                if (blob == null) continue;
                evidence.against(ended);
                names.add(ObjectName.mail(id, ended.arrival(), blob));
            }
            for (Shelf shelf : from) toll.pass(shelf, names.size());
            parts.copies().discard(names, from);
        }
        return emails.size();
    }

    /// Says whether the first vault let all of them go.
    private boolean left(List<EndedEmail> emails) {
        String first = parts.first().name();
        return emails.stream().allMatch(ended -> {
            Sha256 blob = ended.blob();
            return blob == null || !parts.copies().debt()
                    .owes(ObjectName.mail(id, ended.arrival(), blob), first, Debt.Kind.REMOVAL);
        });
    }

    private Brake.Pulled live(ArrivalId arrival, String where) {
        return new Brake.Pulled(new Brake(
                Brake.Reason.LIVE, id, "email " + arrival + " of account " + id
                        + " did not end for good in the " + where));
    }

    /// What engine, journal and checkpoint say, each read for itself.
    private final class Evidence {
        private View checkpoint = past().checkpoint();
        private @Nullable View journal;

        /// Makes sure that the checkpoint tells all up to `condemned`.
        void reach(Modseq condemned) {
            if (condemned.after(checkpoint.modseq())) {
                if (parts.archiver().archive(id)) parts.archiver().checkpoint(id);
                checkpoint = past().checkpoint();
                journal = null;
            }
            if (condemned.after(checkpoint.modseq())) {
                throw new Fault.Unavailable(
                        "No checkpoint can be made now", Map.of("account", id, "at", checkpoint.modseq()));
            }
            if (journal == null) journal = past().newest();
        }

        /// @throws Brake.Pulled if the email lives, or can be had back
        void against(EndedEmail ended) {
            ArrivalId arrival = ended.arrival();
            View told = journal;
            if (told == null) throw new IllegalStateException("the evidence was not gathered");
            boolean inEngine = account.read(view -> condemned(view, arrival));
            if (!parts.engine().keeps(id)) {
                throw new Fault.Unavailable("The account went to the standby", Map.of("account", id));
            }
            if (!inEngine) throw live(arrival, "engine");
            if (!condemned(told, arrival)) throw live(arrival, "journal");
            if (!condemned(checkpoint, arrival)) throw live(arrival, "checkpoint");
        }

        private static boolean condemned(View view, ArrivalId arrival) {
            EndedEmail ended = view.endedEmail(arrival);
            return view.email(arrival) == null && ended != null && !ended.recoverable();
        }
    }
}
