package casella.store.deletion;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Email;
import casella.store.EndedEmail;
import casella.store.Former;
import casella.store.Journal;
import casella.store.Mailbox;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Holdings;
import casella.store.archive.Past;
import casella.store.vault.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Has back what was there: emails, a folder, an account as of a moment.
///
/// The account as it was is folded from the journal ([Past]) and compared with what it is now; what is
/// missing is placed again by ordinary new changes, in the folder of then (under whatever name it has now;
/// one that is gone is made anew, with a UIDVALIDITY of its own), with the keywords of then. Nothing that is
/// there now is touched. Done again, an order finds nothing to do: one that broke off is simply given again.
public final class Restore {
    /// Emails named in one order at most.
    public static final int EMAILS_MAX = 1_000;

    private static final Duration TIME = Duration.ofSeconds(30);

    private final Accounts accounts;
    private final Holdings holdings;
    private final Journal journal;

    /// @param journal the tail
    public Restore(Accounts accounts, Journal journal) {
        this.accounts = accounts;
        this.holdings = Holdings.of(accounts.copies(), TIME);
        this.journal = journal;
    }

    /// What is wanted back.
    public sealed interface What {
        /// @param asOf null: as each was before it ended
        record Emails(List<ArrivalId> ids, @Nullable Instant asOf) implements What {
            public Emails {
                ids = List.copyOf(ids);
            }
        }

        /// @param name of then
        record Folder(String name, Instant asOf) implements What {}

        /// Folders and emails that are nowhere in the account now. Documents are not restored.
        record Everything(Instant asOf) implements What {}
    }

    /// What became of an order.
    ///
    /// @param emails that live again
    /// @param placements made
    /// @param folders made
    /// @param there emails that needed nothing
    /// @param missing what is not had back, and why
    public record Report(
            long emails, long placements, long folders, long there, List<Missing> missing) {
        public Report {
            missing = List.copyOf(missing);
        }
    }

    /// @param why a constant sentence
    public record Missing(ArrivalId email, String why) {}

    /// An email that can be had back.
    ///
    /// @param summary null when it cannot be read now
    public record Recoverable(EndedEmail email, @Nullable Summary summary) {}

    private static final String CONDEMNED = "is collected: it ended longer ago than the plan keeps";
    private static final String NEVER = "was not there then";
    private static final String NO_COPY = "no vault has it right";
    private static final String NO_ROOM = "no room: quota, folders or placements are at their limit";

    /// Returns the newest `limit` emails that can be had back, the one that ended last first.
    public List<Recoverable> list(AccountId id, int limit) {
        Account account = accounts.open(id);
        var newest = new ArrayList<EndedEmail>();
        List<EndedEmail> page = account.read(view -> view.recoverable(null, View.PAGE_MAX));
        while (!page.isEmpty()) {
            newest.addAll(page);
            if (newest.size() > limit) newest.subList(0, newest.size() - limit).clear();
            EndedEmail last = page.getLast();
            page = account.read(view -> view.recoverable(last, View.PAGE_MAX));
        }
        var past = new Past(holdings, journal, id);
        var found = new ArrayList<Recoverable>();
        for (EndedEmail ended : newest.reversed()) {
            found.add(new Recoverable(ended, summary(account, past, ended).orElse(null)));
        }
        return found;
    }

    private static Optional<Summary> summary(Account account, Past past, EndedEmail ended) {
        try {
            Modseq created = account.read(view -> view.created(ended));
            Optional<Summary> summary = past.summary(created, ended.arrival());
            if (summary.isPresent()) return summary;
            return Optional.ofNullable(past.after(before(ended)).summary(ended.arrival()));
        } catch (Fault e) {
            Log.event(Event.RESTORE_PART_UNREADABLE, "account", account.id(), "email", ended.arrival(), "why",
                    e);
            return Optional.empty();
        }
    }

    private static Modseq before(EndedEmail ended) {
        return new Modseq(ended.modseq().value() - 1);
    }

    /// Restores.
    ///
    /// @throws Fault.Unavailable if the account as it was cannot be read; what was placed before stays
    public Report restore(AccountId id, What what) {
        var order = new Running(id);
        switch (what) {
            case What.Emails(List<ArrivalId> ids, Instant asOf) -> order.emails(ids, asOf);
            case What.Folder(String name, Instant asOf) -> order.folder(name, asOf);
            case What.Everything(Instant asOf) -> order.everything(asOf);
        }
        Report report = order.report();
        Log.event(
                Event.RESTORE_DONE, "account", id, "emails", report.emails(), "placements",
                        report.placements(),
                "folders", report.folders(), "missing", report.missing().size());
        return report;
    }

    /// One order as it is carried out.
    private final class Running {
        private final Account account;
        private final Past past;
        private final Set<ArrivalId> emails = new HashSet<>();
        private final Set<ArrivalId> there = new HashSet<>();
        private final Map<ArrivalId, String> missing = new TreeMap<>();
        private final List<Former> waiting = new ArrayList<>();
        private long placements;
        private long folders;

        Running(AccountId id) {
            this.account = accounts.open(id);
            this.past = new Past(holdings, journal, id);
        }

        Report report() {
            there.removeAll(emails);
            List<Missing> named = missing.entrySet().stream()
                    .map(entry -> new Missing(entry.getKey(), entry.getValue()))
                    .toList();
            return new Report(emails.size(), placements, folders, there.size(), named);
        }

        void emails(List<ArrivalId> ids, @Nullable Instant asOf) {
            if (ids.size() > EMAILS_MAX) {
                throw new Fault.Exhausted("Too many emails in one order", Map.of("max", EMAILS_MAX));
            }
            var byMoment = new TreeMap<Modseq, List<ArrivalId>>();
            Modseq then = asOf == null ? Modseq.NONE : past.at(asOf);
            for (ArrivalId id : ids) {
                Modseq moment = asOf == null ? beforeItEnded(id) : then;
                if (moment != null) byMoment.computeIfAbsent(moment, _ -> new ArrayList<>()).add(id);
            }
            byMoment.forEach((moment, some) -> {
                View view = past.after(moment);
                for (ArrivalId id : some) email(view, id);
            });
            flush();
        }

        private @Nullable Modseq beforeItEnded(ArrivalId id) {
            record Known(boolean lives, @Nullable EndedEmail ended) {}
            Known known = account.read(view -> new Known(view.email(id) != null, view.endedEmail(id)));
            EndedEmail ended = known.ended();
            if (ended != null && ended.recoverable()) return before(ended);
            if (known.lives()) there.add(id);
            else missing.put(id, ended == null ? NEVER : CONDEMNED);
            return null;
        }

        private void email(View then, ArrivalId id) {
            Email email = then.email(id);
            if (email == null) {
                missing.put(id, NEVER);
                return;
            }
            for (Email.Place place : email.places()) {
                Mailbox folder = then.mailbox(place.mailbox());
                Placement placement = then.placement(place.mailbox(), place.uid());
                if (folder != null && placement != null) take(then, folder, placement);
            }
        }

        void folder(String name, Instant asOf) {
            View then = past.after(past.at(asOf));
            Mailbox folder = then.mailbox(name);
            if (folder == null) {
                throw new Fault.Unavailable("There was no such folder then", Map.of("asOf", asOf));
            }
            if (account.restoreFolder(Former.Folder.of(folder))) folders++;
            placements(then, folder, false);
            flush();
        }

        void everything(Instant asOf) {
            View then = past.after(past.at(asOf));
            for (Mailbox folder : then.mailboxes()) {
                if (account.restoreFolder(Former.Folder.of(folder))) folders++;
                placements(then, folder, true);
            }
            flush();
        }

        /// @param nowhere only emails that live nowhere now
        private void placements(View then, Mailbox folder, boolean nowhere) {
            Uid from = Uid.FIRST;
            while (true) {
                List<Placement> page = then.placements(folder.id(), from, View.PAGE_MAX);
                Set<ArrivalId> live = nowhere ? live(page) : Set.of();
                for (Placement placement : page) {
                    if (live.contains(placement.email())) there.add(placement.email());
                    else take(then, folder, placement);
                }
                if (page.size() < View.PAGE_MAX || page.getLast().uid().equals(Uid.LAST)) return;
                from = Uid.of(page.getLast().uid().value() + 1);
            }
        }

        /// Those of a page that live now; what this very order brought back is placed in its other folders
        /// too.
        private Set<ArrivalId> live(List<Placement> page) {
            return account.read(view -> {
                var live = new HashSet<ArrivalId>();
                for (Placement placement : page) {
                    ArrivalId id = placement.email();
                    if (!emails.contains(id) && view.email(id) != null) live.add(id);
                }
                return live;
            });
        }

        private void take(View then, Mailbox folder, Placement placement) {
            Optional<Former> former = Former.of(then, folder, placement);
            if (former.isEmpty()) {
                missing.put(placement.email(), NEVER);
                return;
            }
            waiting.add(former.get());
            if (waiting.size() == View.PAGE_MAX) flush();
        }

        private void flush() {
            if (waiting.isEmpty()) return;
            List<Former> wanted = waiting.stream().filter(this::readable).toList();
            waiting.clear();
            Set<ArrivalId> ended = account.read(view -> {
                var gone = new HashSet<ArrivalId>();
                for (Former former : wanted) if (view.email(former.mail()
                        .id()) == null) gone.add(former.mail().id());
                return gone;
            });
            Outcome.Restored done = account.restore(wanted);
            placements += done.placed().size();
            for (Placement placement : done.placed()) {
                if (ended.contains(placement.email())) emails.add(placement.email());
            }
            there.addAll(done.there());
            for (ArrivalId id : done.gone()) missing.put(id, CONDEMNED);
            for (ArrivalId id : done.noRoom()) missing.put(id, NO_ROOM);
        }

        /// An email that ended comes back only when its bytes do.
        private boolean readable(Former former) {
            ArrivalId id = former.mail().id();
            boolean lives = account.read(view -> view.email(id) != null);
            if (lives || emails.contains(id)) return true;
            Body body = accounts.copies().read(ObjectName.mail(account.id(), id, former.mail().blob()));
            if (body instanceof Body.Present) return true;
            EndedEmail ended = account.read(view -> view.endedEmail(id));
            missing.put(id, ended == null || ended.recoverable() ? NO_COPY : CONDEMNED);
            return false;
        }
    }
}
