package casella.testkit.model;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import casella.store.DocumentKind;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.Role;
import casella.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What an account must be: maps and numbers, changed by [Step]s as the RFCs and the design say, not as the
/// store does it.
final class AccountModel {
    /// @param email which one
    record Place(ArrivalId email, Keywords keywords, long modseq) {}

    /// A mailbox; `places` by UID.
    record Box(
            int id,
            String name,
            long uidValidity,
            long uidNext,
            long modseq,
            @Nullable Role role,
            boolean subscribed,
            int sortOrder,
            TreeMap<Long, Place> places) {
        Box copy() {
            return new Box(id, name, uidValidity, uidNext, modseq, role, subscribed, sortOrder,
                    new TreeMap<>(places));
        }
    }

    record Mail(Sha256 blob, int size) {}

    long modseq;
    int lastMailbox;
    long lastUidValidity;
    final TreeMap<Integer, Box> boxes = new TreeMap<>();
    final TreeMap<ArrivalId, Mail> mails = new TreeMap<>();
    /// By kind and id: the hash of the content.
    final TreeMap<String, Sha256> documents = new TreeMap<>();

    /// What the queue never files again.
    final TreeSet<ArrivalId> ended = new TreeSet<>();

    AccountModel copy() {
        var copy = new AccountModel();
        copy.ended.addAll(ended);
        copy.modseq = modseq;
        copy.lastMailbox = lastMailbox;
        copy.lastUidValidity = lastUidValidity;
        boxes.forEach((id, box) -> copy.boxes.put(id, box.copy()));
        copy.mails.putAll(mails);
        copy.documents.putAll(documents);
        return copy;
    }

    /// Returns the account as a store shows it. What it has given out before ([#lastMailbox]) no view tells.
    static AccountModel of(View view) {
        var model = new AccountModel();
        model.modseq = view.modseq().value();
        for (Mailbox mailbox : view.mailboxes()) {
            var box = new Box(mailbox.id().number(), mailbox.name(), mailbox.uidValidity(), mailbox.uidNext(),
                    mailbox.modseq().value(), mailbox.role(), mailbox.subscribed(), mailbox.sortOrder(),
                            new TreeMap<>());
            for (Placement one : placements(view, mailbox.id())) {
                var place = new Place(one.email(), one.keywords(), one.modseq().value());
                box.places().put(one.uid().value(), place);
            }
            count(mailbox, box, view);
            model.boxes.put(box.id(), box);
            model.lastMailbox = Math.max(model.lastMailbox, box.id());
            model.lastUidValidity = Math.max(model.lastUidValidity, box.uidValidity());
        }
        for (List<ArrivalId> page = view.emails(null, View.PAGE_MAX); !page.isEmpty();
                page = view.emails(page.getLast(), View.PAGE_MAX)) {
            for (ArrivalId id : page) {
                Email email = Objects.requireNonNull(view.email(id));
                model.mails.put(id, new Mail(email.blob(), email.size()));
                for (Email.Place place : email.places()) {
                    if (view.placement(place.mailbox(), place.uid()) == null) {
                        throw new AssertionError("email " + id + " names a placement that is not there: "
                                + place);
                    }
                }
            }
        }
        for (DocumentKind kind : DocumentKind.values()) {
            view.documents(kind).forEach((id, bytes) ->
                    model.documents.put(document(kind, id), Sha256.of(bytes)));
        }
        long bytes = model.mails.values().stream().mapToLong(Mail::size).sum();
        if (view.usedBytes() != bytes || view.emailCount() != model.mails.size()) {
            throw new AssertionError("the account counts " + view.emailCount() + " emails, "
                    + view.usedBytes() + " bytes; it has "
                    + model.mails.size() + ", " + bytes);
        }
        return model;
    }

    private static List<Placement> placements(View view, MailboxId mailbox) {
        var all = new ArrayList<Placement>();
        for (List<Placement> page = view.placements(mailbox, Uid.FIRST, View.PAGE_MAX); !page.isEmpty();
                page = view.placements(mailbox, Uid.of(page.getLast().uid().value() + 1), View.PAGE_MAX)) {
            all.addAll(page);
        }
        return all;
    }

    /// What a mailbox counts is what is in it.
    private static void count(Mailbox mailbox, Box box, View view) {
        long unseen = box.places().values().stream().filter(place ->
                !place.keywords().has(Keywords.SEEN)).count();
        long deleted = box.places().values().stream().filter(place ->
                place.keywords().has(Keywords.DELETED)).count();
        long bytes = 0;
        for (Place place : box.places().values()) {
            Email email = view.email(place.email());
            if (email == null) throw new AssertionError(mailbox.name() + " has a placement of no email: "
                    + place);
            bytes += email.size();
        }
        boolean right = mailbox.count() == box.places().size() && mailbox.unseen() == unseen
                && mailbox.deleted() == deleted && mailbox.bytes() == bytes;
        if (!right) throw new AssertionError("counts are not what is there: " + mailbox + ", " + box);
    }

    static String document(DocumentKind kind, String id) {
        return kind.number() + " " + id;
    }

    /// Says whether `seen`, read from a store, is this.
    boolean shows(AccountModel seen) {
        return modseq == seen.modseq && boxes.equals(seen.boxes) && mails.equals(seen.mails)
                && documents.equals(seen.documents);
    }

    /// Returns what is different in `seen`, for people.
    String differences(AccountModel seen) {
        var text = new StringBuilder();
        if (modseq != seen.modseq) text.append(" modseq ").append(modseq).append(" is ").append(seen.modseq);
        differ(text, "mailbox", boxes, seen.boxes);
        differ(text, "mail", mails, seen.mails);
        differ(text, "document", documents, seen.documents);
        return text.toString();
    }

    private static <K, V> void differ(StringBuilder text, String what, Map<K, V> wanted, Map<K, V> seen) {
        wanted.forEach((key, value) -> {
            if (!value.equals(seen.get(key))) {
                text.append("\n  ").append(what).append(' ').append(value).append("\n    is ").append(seen.get(key));
            }
        });
        seen.forEach((key, value) -> {
            if (!wanted.containsKey(key)) text.append("\n  ").append(what).append(" nobody made: ").append(value);
        });
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccountModel that && shows(that) && ended.equals(that.ended)
                && lastMailbox == that.lastMailbox
                && lastUidValidity == that.lastUidValidity;
    }

    @Override
    public int hashCode() {
        return Objects.hash(modseq, lastMailbox, mails.size(), boxes.size());
    }

    // What steps are made of. Each belongs to the change that [#begin] began.

    @Nullable Box box(int id) {
        return boxes.get(id);
    }

    @Nullable Box named(String name) {
        for (Box box : boxes.values()) if (box.name().equals(name)) return box;
        return null;
    }

    private void put(Box box) {
        boxes.put(box.id(), box);
    }

    Box make(String name, @Nullable Role role, boolean subscribed, long at) {
        lastMailbox++;
        lastUidValidity = Math.max(lastUidValidity + 1, at);
        int order = role == null ? Role.SORT_ORDER_OF_NONE : role.sortOrder();
        var box = new Box(lastMailbox, name, lastUidValidity, 1, modseq, role, subscribed, order,
                new TreeMap<>());
        put(box);
        return box;
    }

    void makeParents(String name, boolean subscribed, long at) {
        for (int i = name.indexOf('/'); i > 0; i = name.indexOf('/', i + 1)) {
            if (named(name.substring(0, i)) == null) make(name.substring(0, i), null, subscribed, at);
        }
    }

    void rename(Box box, String name) {
        put(new Box(box.id(), name, box.uidValidity(), box.uidNext(), modseq, box.role(), box.subscribed(),
                box.sortOrder(), box.places()));
    }

    void properties(Box box, boolean subscribed, int sortOrder) {
        put(new Box(box.id(), box.name(), box.uidValidity(), box.uidNext(), modseq, box.role(), subscribed,
                sortOrder, box.places()));
    }

    long place(int into, ArrivalId email, Keywords keywords) {
        Box box = Objects.requireNonNull(boxes.get(into));
        box.places().put(box.uidNext(), new Place(email, keywords, modseq));
        put(new Box(box.id(), box.name(), box.uidValidity(), box.uidNext() + 1, modseq, box.role(),
                box.subscribed(),
                box.sortOrder(), box.places()));
        return box.uidNext();
    }

    void flag(int in, long uid, Keywords keywords) {
        Box box = Objects.requireNonNull(boxes.get(in));
        Place before = Objects.requireNonNull(box.places().get(uid));
        box.places().put(uid, new Place(before.email(), keywords, modseq));
        touch(box);
    }

    /// @param ends whether the email goes with its last placement
    void unplace(int from, long uid, boolean ends) {
        Box box = Objects.requireNonNull(boxes.get(from));
        Place gone = Objects.requireNonNull(box.places().remove(uid));
        touch(box);
        if (!ends || !places(gone.email()).isEmpty()) return;
        mails.remove(gone.email());
        ended.add(gone.email());
    }

    private void touch(Box box) {
        put(new Box(box.id(), box.name(), box.uidValidity(), box.uidNext(), modseq, box.role(),
                box.subscribed(),
                box.sortOrder(), box.places()));
    }

    /// Where an email is.
    record Where(int box, long uid, Keywords keywords) {}

    List<Where> places(ArrivalId email) {
        var all = new ArrayList<Where>();
        for (Box box : boxes.values()) {
            box.places().forEach((uid, place) -> {
                if (place.email().equals(email)) all.add(new Where(box.id(), uid, place.keywords()));
            });
        }
        return all;
    }

    /// Checks what the store says changed since `before` against what did: what a client with QRESYNC would
    /// be told. RFC 7162 §3.2.10.
    void checkChangesSince(AccountModel before, View view) {
        var since = new Modseq(before.modseq);
        for (Box box : boxes.values()) {
            Box known = before.box(box.id());
            if (known == null) continue;
            var client = new TreeMap<>(known.places());
            for (View.Ended ended : view.endedSince(new MailboxId(box.id()), since, View.PAGE_MAX)) {
                client.remove(ended.uid().value());
            }
            for (Placement one : view.changedSince(new MailboxId(box.id()), since, View.PAGE_MAX)) {
                client.put(one.uid().value(), new Place(one.email(), one.keywords(), one.modseq().value()));
            }
            if (!client.equals(box.places())) {
                throw new AssertionError("a client that knew modseq " + since + " of " + box.name()
                        + " now has " + client
                        + ", the mailbox " + box.places());
            }
        }
        checkEmailsSince(before, view);
    }

    private void checkEmailsSince(AccountModel before, View view) {
        var client = new TreeSet<>(before.mails.keySet());
        for (var since = new Modseq(before.modseq); ; ) {
            var changes = view.emailChanges(since, View.PAGE_MAX);
            client.addAll(changes.created());
            client.addAll(changes.updated());
            client.removeAll(changes.ended());
            since = changes.until();
            if (!changes.more()) break;
        }
        if (!client.equals(mails.keySet())) {
            throw new AssertionError("a client that knew state " + before.modseq + " now has " + client
                    + ", the account " + mails.keySet());
        }
    }
}
