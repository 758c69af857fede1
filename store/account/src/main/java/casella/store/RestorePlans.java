package casella.store;

import casella.base.ArrivalId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What placing emails again comes to that were there at an earlier moment. Ordinary new changes: new UIDs,
/// and a folder that is gone is a new folder. Done again, nothing changes.
final class RestorePlans {
    private final Account account;

    RestorePlans(Account account) {
        this.account = account;
    }

    Outcome.Restored restore(List<Former> formers, long quotaBytes) {
        var parts = new ArrayList<Outcome.Restored>();
        EmailPlans.inPages(
                formers,
                page -> account.change((view, draft) -> List.of(restore(view, draft, page, quotaBytes))),
                parts);
        var sum = new Outcome.Restored(List.of(), List.of(), List.of(), List.of());
        for (Outcome.Restored part : parts) sum = sum.and(part);
        return sum;
    }

    private static Outcome.Restored restore(View view, Draft draft, List<Former> page, long quotaBytes) {
        var placed = new ArrayList<Placement>();
        var there = new ArrayList<ArrivalId>();
        var gone = new ArrayList<ArrivalId>();
        var noRoom = new ArrayList<ArrivalId>();
        // What this change itself brings back; the view's own figure is the one before it.
        long added = 0;
        for (Former former : page) {
            Former.Mail mail = former.mail();
            Email email = view.email(mail.id());
            if (email == null) {
                EndedEmail ended = view.endedEmail(mail.id());
                if (ended == null || !ended.recoverable()) {
                    gone.add(mail.id());
                    continue;
                }
                if (mail.size() > quotaBytes - view.usedBytes() - added) {
                    noRoom.add(mail.id());
                    continue;
                }
            }
            Mailbox target = folder(view, draft, former.folder());
            if (target == null || (email != null && email.places().size() >= Email.PLACES_MAX)) {
                noRoom.add(mail.id());
                continue;
            }
            if (email != null && email.places().stream().anyMatch(place ->
                    place.mailbox().equals(target.id()))) {
                there.add(mail.id());
                continue;
            }
            if (email == null) {
                added += mail.size();
                draft.add(new Operation.EmailRestored(
                        new Operation.EmailArrived(
                                mail.id(), mail.blob(), mail.size(), mail.received(), mail.thread(),
                                mail.messageIds(), draft.content(mail.summary()))));
            }
            Placement placement = view.placement(
                    target.id(), EmailPlans.place(view, draft, mail.id(), target.id(), former.keywords()));
            if (placement != null) placed.add(placement);
        }
        return new Outcome.Restored(placed, there, gone, noRoom);
    }

    static List<ArrivalId> condemn(View view, Draft draft, List<ArrivalId> emails) {
        var some = new ArrayList<ArrivalId>();
        for (ArrivalId id : emails) {
            EndedEmail ended = view.endedEmail(id);
            if (view.email(id) == null && ended != null && ended.recoverable()) some.add(id);
        }
        if (!some.isEmpty()) draft.add(new Operation.EmailsCondemned(some));
        return some;
    }

    static boolean collected(View view, Draft draft, List<ArrivalId> emails) {
        var some = new ArrayList<ArrivalId>();
        for (ArrivalId id : emails) {
            EndedEmail ended = view.endedEmail(id);
            if (ended != null && ended.pending()) some.add(id);
        }
        if (!some.isEmpty()) draft.add(new Operation.EmailsCollected(some));
        return true;
    }

    /// Returns the folder of then: under whatever name it has now, the one that has its name now, or a new
    /// one.
    static @Nullable Mailbox folder(View view, Draft draft, Former.Folder former) {
        Mailbox now = view.mailbox(former.id());
        if (now == null) now = view.mailbox(former.name());
        if (now != null) return now;
        Role role = former.role();
        if (role != null && view.mailbox(role) != null) role = null;
        Outcome.Created made = MailboxPlans.create(view, draft, former.name(), role, former.subscribed());
        return made instanceof Outcome.MailboxMade(Mailbox mailbox) ? mailbox : null;
    }
}
