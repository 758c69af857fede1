package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.vault.ObjectName;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What adding, placing, flagging and ending emails comes to. Commands on many emails are several changes of at most
/// [Change#EMAILS_MAX] each.
final class EmailPlans {
    private final Account account;

    EmailPlans(Account account) {
        this.account = account;
    }

    static Outcome.Added add(
            View view, Draft draft, NewEmail email, Summary summary, ObjectName object, long quotaBytes) {
        ArrivalId arrival = object.arrival();
        Email known = view.email(arrival);
        if (known != null) return new Outcome.Kept(known, placements(view, known));
        List<Mailbox> targets = targets(view, email.mailboxes());
        if (targets.isEmpty()) return new Outcome.NoMailbox();
        if (email.content().length > quotaBytes - view.usedBytes()) {
            return new Outcome.OverQuota(view.usedBytes(), quotaBytes);
        }
        List<Long> hashes = Threading.hashes(summary.envelope());
        ThreadId thread = Threading.thread(view, arrival, hashes);
        draft.add(
                new Operation.EmailArrived(
                        arrival,
                        object.hash(),
                        email.content().length,
                        email.received().truncatedTo(ChronoUnit.MILLIS),
                        thread,
                        hashes,
                        draft.content(summary.encode())));
        for (Mailbox target : targets) place(view, draft, arrival, target.id(), email.keywords());
        Email kept = view.email(arrival);
        if (kept == null) throw new IllegalStateException("an email just added is not there");
        return new Outcome.Kept(kept, placements(view, kept));
    }

    private static List<Mailbox> targets(View view, List<MailboxId> asked) {
        var found = new ArrayList<Mailbox>();
        if (asked.isEmpty()) {
            Mailbox inbox = view.mailbox(Mailbox.INBOX);
            if (inbox != null) found.add(inbox);
            return found;
        }
        for (MailboxId id : asked) {
            Mailbox mailbox = view.mailbox(id);
            if (mailbox == null) return List.of();
            found.add(mailbox);
        }
        return found;
    }

    private static List<Placement> placements(View view, Email email) {
        var placements = new ArrayList<Placement>();
        for (Email.Place place : email.places()) {
            Placement placement = view.placement(place.mailbox(), place.uid());
            if (placement != null) placements.add(placement);
        }
        return placements;
    }

    /// Gives the next UID. A mailbox that has given out all of them takes no more.
    static Uid place(View view, Draft draft, ArrivalId email, MailboxId into, Keywords keywords) {
        Mailbox mailbox = view.mailbox(into);
        if (mailbox == null || mailbox.uidNext() > Uid.LAST.value()) {
            throw new Fault.Exhausted("No UID left in the mailbox", Map.of("mailbox", into));
        }
        Uid uid = Uid.of(mailbox.uidNext());
        draft.add(new Operation.Placed(email, into, uid, keywords, draft.at()));
        return uid;
    }

    /// Ends a placement, and its email if it was the last.
    static void unplace(View view, Draft draft, Placement placement) {
        draft.add(new Operation.Unplaced(placement.mailbox(), placement.uid()));
        Email email = view.email(placement.email());
        if (email != null && email.places().isEmpty()) draft.add(new Operation.EmailEnded(placement.email()));
    }

    Outcome.Copied copy(MailboxId from, List<Uid> uids, MailboxId to, boolean move) {
        Mailbox target = uids.isEmpty() ? null : account.read(view -> view.mailbox(to));
        // A change of unknown outcome may have made it, or ended it: what is answered must hold when that is
        // settled, too.
        if (target == null)
            target = account.change((view, _) -> Optional.ofNullable(view.mailbox(to))).orElse(null);
        if (target == null) return new Outcome.NoMailbox();
        var moved = new ArrayList<Outcome.Moved>();
        boolean[] gone = new boolean[1];
        inPages(
                uids,
                page ->
                        account.change(
                                (view, draft) -> {
                                    var done = new ArrayList<Outcome.Moved>();
                                    gone[0] = view.mailbox(to) == null;
                                    for (Uid uid : gone[0] ? List.<Uid>of() : page) {
                                        Placement placement = view.placement(from, uid);
                                        if (placement == null) continue;
                                        done.add(new Outcome.Moved(uid,
                                                transfer(view, draft, placement, to, move)));
                                    }
                                    return done;
                                }),
                moved);
        return gone[0] ? new Outcome.NoMailbox()
                : new Outcome.Placed(target.uidValidity(), List.copyOf(moved));
    }

    private static Uid transfer(View view, Draft draft, Placement placement, MailboxId to, boolean move) {
        Email email = view.email(placement.email());
        if (email == null || (!move && email.places().size() >= Email.PLACES_MAX)) {
            throw new Fault.Exhausted("Email is in too many places", Map.of("max", Email.PLACES_MAX));
        }
        Uid uid = place(view, draft, placement.email(), to, placement.keywords());
        if (move) draft.add(new Operation.Unplaced(placement.mailbox(), placement.uid()));
        return uid;
    }

    List<Uid> expunge(MailboxId mailbox, @Nullable List<Uid> only) {
        var ended = new ArrayList<Uid>();
        if (only != null) {
            inPages(only, page -> account.change((view, draft) -> expunge(view, draft, mailbox, page)),
                    ended);
            return ended;
        }
        List<Uid> page;
        do {
            page =
                    account.change(
                            (view, draft) ->
                                    expunge(
                                            view,
                                            draft,
                                            mailbox,
                                            view.deleted(mailbox, Uid.FIRST, Change.EMAILS_MAX)));
            ended.addAll(page);
        } while (page.size() == Change.EMAILS_MAX);
        return ended;
    }

    private static List<Uid> expunge(View view, Draft draft, MailboxId mailbox, List<Uid> uids) {
        var ended = new ArrayList<Uid>();
        for (Uid uid : uids) {
            Placement placement = view.placement(mailbox, uid);
            if (placement == null || !placement.keywords().has(Keywords.DELETED)) continue;
            unplace(view, draft, placement);
            ended.add(uid);
        }
        return ended;
    }

    Outcome.Stored setKeywords(
            MailboxId mailbox, List<Uid> uids, Keywords.Edit edit, @Nullable Modseq unchangedSince) {
        var parts = new ArrayList<Outcome.Stored>();
        inPages(
                uids,
                page ->
                        account.change(
                                (view, draft) ->
                                        List.of(setKeywords(view, draft, mailbox, page, edit,
                                                unchangedSince))),
                parts);
        var changed = new ArrayList<Placement>();
        var unchanged = new ArrayList<Placement>();
        var modified = new ArrayList<Uid>();
        var missing = new ArrayList<Uid>();
        for (Outcome.Stored part : parts) {
            changed.addAll(part.changed());
            unchanged.addAll(part.unchanged());
            modified.addAll(part.modified());
            missing.addAll(part.missing());
        }
        return new Outcome.Stored(changed, unchanged, modified, missing);
    }

    private static Outcome.Stored setKeywords(
            View view,
            Draft draft,
            MailboxId mailbox,
            List<Uid> uids,
            Keywords.Edit edit,
            @Nullable Modseq unchangedSince) {
        var changed = new ArrayList<Placement>();
        var unchanged = new ArrayList<Placement>();
        var modified = new ArrayList<Uid>();
        var missing = new ArrayList<Uid>();
        for (Uid uid : uids) {
            Placement placement = view.placement(mailbox, uid);
            if (placement == null) {
                missing.add(uid);
            } else if (unchangedSince != null && placement.modseq().after(unchangedSince)) {
                modified.add(uid);
            } else if (edit.apply(placement.keywords()).equals(placement.keywords())) {
                unchanged.add(placement);
            } else {
                draft.add(new Operation.KeywordsSet(mailbox, uid, edit.apply(placement.keywords())));
                Placement now = view.placement(mailbox, uid);
                if (now != null) changed.add(now);
            }
        }
        return new Outcome.Stored(changed, unchanged, modified, missing);
    }

    static Outcome.Edited edit(View view, Draft draft, ArrivalId id, Account.EmailEdit edit) {
        Email email = view.email(id);
        List<Placement> shown = email == null ? List.of() : view.shownPlacements(email);
        if (email == null || shown.isEmpty()) return new Outcome.NoEmail();
        Set<MailboxId> places = new LinkedHashSet<>();
        for (Placement placement : shown) places.add(placement.mailbox());
        Keywords keywords = edit.keywords().apply(view.keywords(email));
        Set<MailboxId> wanted = new LinkedHashSet<>(places);
        edit.remove().forEach(wanted::remove);
        wanted.addAll(edit.add());
        if (wanted.isEmpty()) return new Outcome.PlacesRefused("An email is in at least one mailbox");
        if (wanted.size() > Email.PLACES_MAX) {
            return new Outcome.PlacesRefused("An email is in at most " + Email.PLACES_MAX + " mailboxes");
        }
        for (MailboxId mailbox : wanted) if (view.mailbox(mailbox) == null) return new Outcome.NoMailbox();
        for (MailboxId mailbox : wanted) {
            if (!places.contains(mailbox)) place(view, draft, id, mailbox, keywords);
        }
        for (Placement placement : shown) {
            if (!wanted.contains(placement.mailbox())) {
                unplace(view, draft, placement);
                continue;
            }
            Keywords now = edit.keywords().apply(placement.keywords());
            if (!now.equals(placement.keywords())) {
                draft.add(new Operation.KeywordsSet(placement.mailbox(), placement.uid(), now));
            }
        }
        Email after = view.email(id);
        if (after == null) throw new IllegalStateException("an email with places is gone");
        return new Outcome.EmailNow(after, draft.isEmpty() ? view.modseq() : view.modseq().next());
    }

    static boolean destroy(View view, Draft draft, ArrivalId id) {
        Email email = view.email(id);
        if (email == null) return false;
        for (Placement placement : placements(view, email)) unplace(view, draft, placement);
        return true;
    }

    interface Page<T, R> {
        List<R> run(List<T> page);
    }

    /// Runs `work` on pages of what fits one change; a page whose change is too large is halved.
    static <T, R> void inPages(List<T> all, Page<T, R> work, List<R> into) {
        for (int from = 0; from < all.size(); from += Change.EMAILS_MAX) {
            halving(all.subList(from, Math.min(all.size(), from + Change.EMAILS_MAX)), work, into);
        }
    }

    private static <T, R> void halving(List<T> page, Page<T, R> work, List<R> into) {
        try {
            into.addAll(work.run(page));
        } catch (Draft.TooLarge e) {
            if (page.size() == 1) throw e.fault();
            halving(page.subList(0, page.size() / 2), work, into);
            halving(page.subList(page.size() / 2, page.size()), work, into);
        }
    }
}
