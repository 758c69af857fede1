package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.engine.Key;
import casella.store.stored.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Merges changes that an account went on without, as ordinary new changes of it.
///
/// | lost | becomes |
/// | --- | --- |
/// | arrival | a late addition with a new UID; in INBOX where its mailbox is gone |
/// | keywords | set, unless the placement was changed since |
/// | copy | made, if the email lives and is not there yet |
/// | expunge, move | made, only if the placement was not changed since |
/// | mailbox made | kept; one of the same name made since is the same; suffixed if the name is another's |
/// | mailbox renamed | renamed, unless its properties were changed since or the name is taken |
/// | mailbox removed | dropped, with what it removed |
/// | document | taken over; if it was changed since, kept beside it as an old version; a removal only if untouched |
///
/// Merging the same once more changes nothing: so one that broke off is simply begun again.
final class Merge {
    private static final int PAGE = 100;
    private static final int SUFFIX_MAX = 100;

    private final Account account;
    private final LostBranch lost;
    private final Modseq branchPoint;
    /// Mailboxes of the lost branch, here.
    private final Map<MailboxId, MailboxId> mailboxes = new HashMap<>();

    private Merge(Account account, LostBranch lost, Modseq branchPoint) {
        this.account = account;
        this.lost = lost;
        this.branchPoint = branchPoint;
    }

    static void run(Account account, List<Entry> entries, Modseq branchPoint) {
        LostBranch.check(entries);
        var merge = new Merge(account, LostBranch.of(entries), branchPoint);
        merge.mailboxes();
        merge.arrivals();
        merge.placements();
        merge.documents();
    }

    private boolean touched(Modseq modseq) {
        return LostBranch.touched(modseq, branchPoint);
    }

    private void mailboxes() {
        account.change((view, draft) -> {
            mailboxes.clear();
            for (LostBranch.Made made : lost.made.values()) {
                for (int i = 1; i <= SUFFIX_MAX; i++) {
                    String name = i == 1 ? made.name() : made.name() + " (" + i + ")";
                    Mailbox there = view.mailbox(name);
                    if (there == null) there = made(view, draft, name, made);
                    else if (!touched(there.created())) continue;
                    if (there != null) mailboxes.put(made.mailbox(), there.id());
                    break;
                }
            }
            lost.renamed.forEach((id, name) -> {
                Mailbox before = view.mailbox(id);
                if (before == null || touched(before.properties()) || view.mailbox(name) != null) return;
                var _ = MailboxPlans.rename(view, draft, id, name);
            });
            return true;
        });
    }

    private static @Nullable Mailbox made(View view, Draft draft, String name, LostBranch.Made made) {
        Role role = made.role();
        boolean free = role == null || view.mailbox(role) == null;
        Outcome.Created outcome =
                MailboxPlans.create(view, draft, name, free ? role : null, made.subscribed());
        return outcome instanceof Outcome.MailboxMade(Mailbox mailbox) ? mailbox : null;
    }

    /// Returns the mailbox here that one of the lost branch is; null when it is gone.
    private @Nullable MailboxId here(View view, MailboxId there) {
        MailboxId mapped = mailboxes.get(there);
        if (mapped != null) return mapped;
        if (lost.made.containsKey(there)) return null;
        Mailbox mailbox = view.mailbox(there);
        return mailbox == null || touched(mailbox.created()) ? null : there;
    }

    private static MailboxId inbox(View view) {
        Mailbox inbox = view.mailbox(Mailbox.INBOX);
        if (inbox == null) throw new IllegalStateException("an account without INBOX");
        return inbox.id();
    }

    private void arrivals() {
        EmailPlans.inPages(new ArrayList<>(lost.arrived.values()), page -> account.change((view, draft) -> {
            for (Operation.EmailArrived email : page) arrival(view, draft, email);
            return List.<ArrivalId>of();
        }), new ArrayList<>());
    }

    private void arrival(View view, Draft draft, Operation.EmailArrived email) {
        ArrivalId id = email.arrival();
        byte[] summary = lost.content(email.summary());
        if (summary == null || view.email(id) != null || view.ended(id)) return;
        draft.add(new Operation.EmailArrived(
                id, email.blob(), email.size(), email.received(), email.thread(), email.messageIds(),
                draft.content(summary)));
        List<LostBranch.Put> places = lost.places(id);
        for (LostBranch.Put put : places) {
            MailboxId into = here(view, put.mailbox());
            var _ = EmailPlans.place(view, draft, id, into == null ? inbox(view) : into, put.keywords());
        }
        if (!places.isEmpty()) return;
        // It came and ended there: known here too as one that ended, and recoverable like any other.
        MailboxId into = inbox(view);
        Uid uid = EmailPlans.place(view, draft, id, into, Keywords.NONE);
        Placement placement = view.placement(into, uid);
        if (placement != null) EmailPlans.unplace(view, draft, placement);
    }

    private interface Step {
        void apply(View view, Draft draft);
    }

    private void placements() {
        var steps = new ArrayList<Step>();
        for (LostBranch.Put put : lost.put.values()) {
            if (!lost.arrived.containsKey(put.email())) steps.add((view, draft) -> copied(view, draft, put));
        }
        lost.flagged.forEach((spot, keywords) -> steps.add((view, draft) -> {
            Placement now = untouched(view, spot);
            if (now == null || now.keywords().equals(keywords)) return;
            draft.add(new Operation.KeywordsSet(now.mailbox(), now.uid(), keywords));
        }));
        for (LostBranch.Spot spot : lost.ended) {
            steps.add((view, draft) -> {
                Placement now = untouched(view, spot);
                if (now != null && !lost.moved(now.email(), spot)) EmailPlans.unplace(view, draft, now);
            });
        }
        for (int from = 0; from < steps.size(); from += PAGE) {
            List<Step> page = steps.subList(from, Math.min(steps.size(), from + PAGE));
            EmailPlans.inPages(page, some -> account.change((view, draft) -> {
                for (Step step : some) step.apply(view, draft);
                return List.<Step>of();
            }), new ArrayList<>());
        }
    }

    private @Nullable Placement untouched(View view, LostBranch.Spot spot) {
        // A hole touches nothing: what happened in it is just what is being merged.
        Modseq changed = view.lastKnownChange(spot.mailbox(), spot.uid());
        return changed == null || touched(changed) ? null : view.placement(spot.mailbox(), spot.uid());
    }

    /// A copy, or a move when the same change ended another placement of the email.
    private void copied(View view, Draft draft, LostBranch.Put put) {
        Email email = view.email(put.email());
        MailboxId into = here(view, put.mailbox());
        if (email == null || into == null) return;
        boolean moved = !put.from().isEmpty();
        @Nullable Placement from = null;
        for (LostBranch.Spot spot : put.from()) {
            Placement there = untouched(view, spot);
            if (there != null && there.email().equals(put.email())) from = there;
        }
        if (moved && from == null) return;
        // Moved away and back: it is where it was, and must not go from there.
        if (from != null && from.mailbox().equals(into)) return;
        boolean there = email.places().stream().anyMatch(place -> place.mailbox().equals(into));
        if (!there && email.places().size() >= Email.PLACES_MAX) return;
        if (!there) EmailPlans.place(view, draft, put.email(), into, put.keywords());
        if (from != null) EmailPlans.unplace(view, draft, from);
    }

    private void documents() {
        for (LostBranch.Document document : lost.documents()) {
            account.change((view, draft) -> {
                document(view, draft, document);
                return true;
            });
        }
    }

    private void document(View view, Draft draft, LostBranch.Document document) {
        DocumentKind kind = DocumentKind.of(document.kind());
        byte[] content = document.content();
        byte[] row = view.rows().get(new Key.Document(document.kind(), document.id()));
        Stored.@Nullable DocumentRow now = row == null ? null : RowCodec.document(row);
        boolean changed = now != null && touched(new Modseq(now.getModseq()));
        if (content == null) {
            if (now == null || changed) return;
            draft.add(new Operation.DocumentEnded(document.kind(), draft.content(document.id())));
            return;
        }
        if (now != null && java.util.Arrays.equals(now.getContent().toByteArray(), content)) return;
        String id = changed ? document.id() + " (" + branchPoint + ")" : document.id();
        if (changed && (id.length() > 255 || view.document(kind, id) != null)) return;
        draft.add(new Operation.DocumentPut(document.kind(), draft.content(id), draft.content(content)));
    }
}
