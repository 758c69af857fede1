package casella.jmap;

import casella.base.MailboxId;
import casella.base.Modseq;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Mailbox/get: the folders, with counts and rights. RFC 8621 §2.1.
final class MailboxGet implements Method {
    static final Set<String> COUNTS = new LinkedHashSet<>(
            List.of("totalEmails", "unreadEmails", "totalThreads", "unreadThreads"));

    static final Set<String> PROPERTIES = new LinkedHashSet<>(List.of(
            "id",
            "name",
            "parentId",
            "role",
            "sortOrder",
            "totalEmails",
            "unreadEmails",
            "totalThreads",
            "unreadThreads",
            "myRights",
            "isSubscribed"));

    private record Read(List<Mailbox> mailboxes, Set<MailboxId> closed, boolean fixed, Modseq modseq) {}

    @Override
    public String name() {
        return "Mailbox/get";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        GetForm form = GetForm.read(call, PROPERTIES);
        call.arguments().end();
        Account account = call.account();
        Read read = account.read(view -> {
            List<Mailbox> all = view.mailboxes();
            Set<MailboxId> closed = new HashSet<>();
            for (Mailbox mailbox : all) if (view.closed(mailbox.id())) closed.add(mailbox.id());
            return new Read(all, closed, view.partial(), view.modseq());
        });
        var tree = new MailboxTree(read.mailboxes());
        var wanted = new ArrayList<Mailbox>();
        var notFound = new ArrayList<String>();
        if (form.ids() == null) {
            wanted.addAll(tree.all());
        } else {
            for (String text : form.ids()) {
                MailboxId id = call.mailboxId(text);
                Mailbox mailbox = id == null ? null : tree.get(id);
                if (mailbox == null) notFound.add(text);
                else wanted.add(mailbox);
            }
        }
        boolean counts = COUNTS.stream().anyMatch(form::wants);
        var list = new ArrayList<ObjectNode>();
        for (Mailbox mailbox : wanted) {
            ObjectNode record = record(tree, mailbox, form);
            if (read.fixed() && form.wants("myRights")) {
                record.set("myRights", fixed(!read.closed().contains(mailbox.id())));
            }
            if (counts) counts(record, call.house().counts().of(account, mailbox), form);
            list.add(record);
        }
        return new Answer.Done(GetForm.response(call, read.modseq().toString(), list, notFound));
    }

    private static ObjectNode record(MailboxTree tree, Mailbox mailbox, GetForm form) {
        ObjectNode out = Json.object().put("id", mailbox.id().toString());
        if (form.wants("name")) out.put("name", tree.name(mailbox));
        if (form.wants("parentId")) {
            Mailbox parent = tree.parent(mailbox);
            out.put("parentId", parent == null ? null : parent.id().toString());
        }
        Role role = mailbox.role();
        if (form.wants("role")) out.put("role", role == null ? null : role.word());
        if (form.wants("sortOrder")) out.put("sortOrder", mailbox.sortOrder());
        if (form.wants("myRights")) out.set("myRights", rights(role == Role.INBOX));
        if (form.wants("isSubscribed")) out.put("isSubscribed", mailbox.subscribed());
        return out;
    }

    private static void counts(ObjectNode out, MailboxCounts.Counts counts, GetForm form) {
        if (form.wants("totalEmails")) out.put("totalEmails", counts.totalEmails());
        if (form.wants("unreadEmails")) out.put("unreadEmails", counts.unreadEmails());
        if (form.wants("totalThreads")) out.put("totalThreads", counts.totalThreads());
        if (form.wants("unreadThreads")) out.put("unreadThreads", counts.unreadThreads());
    }

    /// An account that cannot be written: a folder may be read at most. One that may not says nothing of what
    /// is in it, whatever its counts. RFC 8621 §2.
    static ObjectNode fixed(boolean readable) {
        ObjectNode out = rights(true);
        out.propertyNames().stream().toList().forEach(right -> out.put(right, false));
        return out.put("mayReadItems", readable);
    }

    /// The owner may do everything, but INBOX stays and keeps its name. RFC 8621 §2.
    static ObjectNode rights(boolean inbox) {
        ObjectNode out = Json.object();
        for (String right : List.of(
                "mayReadItems",
                "mayAddItems",
                "mayRemoveItems",
                "maySetSeen",
                "maySetKeywords",
                "mayCreateChild",
                "mayRename",
                "mayDelete",
                "maySubmit")) {
            out.put(right, !inbox || !(right.equals("mayRename") || right.equals("mayDelete")));
        }
        return out;
    }
}
