package casella.store;

import casella.base.MailboxId;
import casella.base.Uid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What creating, renaming, changing and removing mailboxes comes to.
final class MailboxPlans {
    private static final String INBOX_FIXED = "INBOX cannot be removed";

    private final Account account;

    MailboxPlans(Account account) {
        this.account = account;
    }

    /// The first change of an account.
    static Boolean found(View view, Draft draft, Map<Role, String> names) {
        create(view, draft, Mailbox.INBOX, Role.INBOX, true);
        for (Map.Entry<Role, String> name : names.entrySet()) {
            if (name.getKey() != Role.INBOX) create(view, draft, name.getValue(), name.getKey(), true);
        }
        return true;
    }

    static Outcome.Created create(View view, Draft draft, String asked, @Nullable Role role,
            boolean subscribed) {
        String name = MailboxNames.canonical(asked);
        String refusal = MailboxNames.refusal(name);
        if (refusal != null) return new Outcome.NameRefused(refusal);
        if (view.mailbox(name) != null) return new Outcome.NameTaken();
        if (role != null && view.mailbox(role) != null) {
            return new Outcome.NameRefused("Another mailbox is already the " + role.word());
        }
        if (view.mailboxes().size() + Mailbox.DEPTH_MAX > Mailbox.COUNT_MAX) {
            return new Outcome.NameRefused("More than " + Mailbox.COUNT_MAX + " mailboxes");
        }
        makeParents(view, draft, name, subscribed);
        make(draft, name, role, subscribed);
        Mailbox made = view.mailbox(name);
        if (made == null) throw new IllegalStateException("a mailbox just made is not there");
        return new Outcome.MailboxMade(made);
    }

    private static void makeParents(View view, Draft draft, String name, boolean subscribed) {
        for (int at = name.indexOf(Mailbox.SEPARATOR); at > 0; at = name.indexOf(Mailbox.SEPARATOR, at + 1)) {
            String parent = name.substring(0, at);
            if (view.mailbox(parent) == null) make(draft, parent, null, subscribed);
        }
    }

    /// UIDVALIDITY: higher than any the account has given out, and not before now, so that a mailbox made again under
    /// an old name is never taken for the old one. RFC 9051 §2.3.1.1.
    private static void make(Draft draft, String name, @Nullable Role role, boolean subscribed) {
        long last = Integer.toUnsignedLong(draft.highestUidValidity());
        long uidValidity = Math.max(last + 1, draft.at().getEpochSecond());
        var id = new MailboxId(draft.highestMailbox() + 1);
        int sortOrder = role == null ? Role.SORT_ORDER_OF_NONE : role.sortOrder();
        draft.add(
                new Operation.MailboxCreated(
                        id, draft.content(name), (int) uidValidity, role, subscribed, sortOrder));
    }

    Outcome.Renamed rename(MailboxId id, String asked) {
        String name = MailboxNames.canonical(asked);
        Mailbox before = account.read(view -> view.mailbox(id));
        if (before == null || !before.name().equals(Mailbox.INBOX)) {
            return account.change((view, draft) -> rename(view, draft, id, name));
        }
        // RFC 9051 §6.3.6: renaming INBOX moves its messages to a new mailbox and leaves INBOX empty; inferiors stay.
        Outcome.Created made = account.createMailbox(name, null);
        return switch (made) {
            case Outcome.MailboxMade(Mailbox target) -> {
                for (List<Uid> page = uids(id); !page.isEmpty(); page = uids(id)) {
                    account.move(id, page, target.id());
                }
                Mailbox now = account.read(view -> view.mailbox(target.id()));
                yield new Outcome.MailboxMade(now == null ? target : now);
            }
            case Outcome.NameTaken taken -> taken;
            case Outcome.NameRefused refused -> refused;
        };
    }

    private List<Uid> uids(MailboxId mailbox) {
        return account.read(
                view -> view.placements(mailbox, Uid.FIRST, Change.EMAILS_MAX).stream().map(Placement::uid)
                        .toList());
    }

    static Outcome.Renamed rename(View view, Draft draft, MailboxId id, String name) {
        Mailbox mailbox = view.mailbox(id);
        if (mailbox == null) return new Outcome.NoMailbox();
        String refusal = MailboxNames.refusal(name);
        if (refusal != null) return new Outcome.NameRefused(refusal);
        if (name.equals(mailbox.name())) return new Outcome.MailboxMade(mailbox);
        if (view.mailbox(name) != null) return new Outcome.NameTaken();
        String below = mailbox.name() + Mailbox.SEPARATOR;
        if (name.startsWith(below)) return new Outcome.NameRefused("A mailbox cannot go below itself");
        var moved = new ArrayList<Mailbox>();
        moved.add(mailbox);
        for (Mailbox other : view.mailboxes()) if (other.name().startsWith(below)) moved.add(other);
        for (Mailbox other : moved) {
            String refused = MailboxNames.refusal(name + other.name().substring(mailbox.name().length()));
            if (refused != null) return new Outcome.NameRefused(refused);
        }
        makeParents(view, draft, name, mailbox.subscribed());
        moved.sort(Comparator.comparing(Mailbox::name));
        for (Mailbox other : moved) {
            String renamed = name + other.name().substring(mailbox.name().length());
            draft.add(new Operation.MailboxRenamed(other.id(), draft.content(renamed)));
        }
        Mailbox now = view.mailbox(id);
        return now == null ? new Outcome.NoMailbox() : new Outcome.MailboxMade(now);
    }

    Outcome.Deleted delete(MailboxId id, boolean withEmails) {
        while (true) {
            // All but the last page of a large mailbox goes in changes of its own; the last goes with the mailbox.
            record Step(Outcome.@Nullable Deleted outcome) {}
            Step step =
                    account.change(
                            (view, draft) -> {
                                Mailbox mailbox = view.mailbox(id);
                                if (mailbox == null) return new Step(new Outcome.NoMailbox());
                                Outcome.Deleted refusal = refusal(view, mailbox, withEmails);
                                if (refusal != null) return new Step(refusal);
                                for (Placement placement
                                        : view.placements(id, Uid.FIRST, Change.EMAILS_MAX)) {
                                    EmailPlans.unplace(view, draft, placement);
                                }
                                if (mailbox.count() > Change.EMAILS_MAX) return new Step(null);
                                draft.add(new Operation.MailboxEnded(id));
                                return new Step(new Outcome.MailboxGone());
                            });
            if (step.outcome() != null) return step.outcome();
        }
    }

    private static Outcome.@Nullable Deleted refusal(View view, Mailbox mailbox, boolean withEmails) {
        if (mailbox.name().equals(Mailbox.INBOX)) return new Outcome.NameRefused(INBOX_FIXED);
        String below = mailbox.name() + Mailbox.SEPARATOR;
        for (Mailbox other
                : view.mailboxes()) if (other.name().startsWith(below)) return new Outcome.HasChildren();
        return mailbox.count() > 0 && !withEmails ? new Outcome.HasEmails() : null;
    }

    static Optional<Mailbox> change(
            View view,
            Draft draft,
            MailboxId id,
            @Nullable Role role,
            @Nullable Boolean subscribed,
            @Nullable Integer sortOrder) {
        Mailbox before = view.mailbox(id);
        if (before == null) return Optional.empty();
        Role newRole = role == null ? before.role() : role;
        boolean newSubscribed = subscribed == null ? before.subscribed() : subscribed;
        int newSortOrder = sortOrder == null ? before.sortOrder() : sortOrder;
        boolean same =
                newRole == before.role() && newSubscribed == before.subscribed()
                        && newSortOrder == before.sortOrder();
        if (!same) draft.add(new Operation.MailboxChanged(id, newRole, newSubscribed, newSortOrder));
        return Optional.ofNullable(view.mailbox(id));
    }
}
