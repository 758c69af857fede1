package casella.jmap;

import casella.base.MailboxId;
import casella.jmap.SetAnswer.Made;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Outcome;
import casella.store.Role;
import casella.store.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Mailbox/set. RFC 8621 §2.5.
final class MailboxSet implements Method {
    @Override
    public String name() {
        return "Mailbox/set";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        SetForm form = SetForm.read(call);
        boolean removeEmails = call.arguments().truth("onDestroyRemoveEmails", false);
        call.arguments().end();
        Account account = call.account();
        String before = account.read(View::modseq).toString();
        form.check(before);
        var answer = new SetAnswer();
        // RFC 8620 §5.3: a record may be created below one that is created after it in the object.
        for (Map.Entry<String, ObjectNode> one : inOrder(form.create())) {
            answer.create(call, one.getKey(), () -> create(call, account, one.getValue()));
        }
        form.update().forEach((id, patch) -> answer.update(id, () -> update(call, account, id, patch)));
        for (String id : childrenFirst(call, account, form.destroy())) {
            answer.destroy(id, () -> destroy(call, account, id, removeEmails));
        }
        return new Answer.Done(answer.json(call, before, account.read(View::modseq).toString()));
    }

    /// Parents before children, where both are created here.
    private static List<Map.Entry<String, ObjectNode>> inOrder(Map<String, ObjectNode> create) {
        var left = new ArrayList<>(create.entrySet());
        var out = new ArrayList<Map.Entry<String, ObjectNode>>();
        while (!left.isEmpty()) {
            var ready = new ArrayList<Map.Entry<String, ObjectNode>>();
            for (var one : left) {
                var parent = one.getValue().get("parentId");
                String id = parent != null && parent.isString() ? parent.stringValue() : "";
                boolean waits = id.startsWith("#") && left.stream().anyMatch(other -> ("#" + other.getKey()).equals(id));
                if (!waits) ready.add(one);
            }
            if (ready.isEmpty()) ready.addAll(left); // a circle: each is refused for its missing parent
            out.addAll(ready);
            left.removeAll(ready);
        }
        return out;
    }

    private static List<String> childrenFirst(Call call, Account account, List<String> ids) {
        if (ids.size() < 2) return ids;
        List<Mailbox> all = account.read(View::mailboxes);
        var sorted = new ArrayList<>(ids);
        sorted.sort(java.util.Comparator.comparingInt(id -> {
            MailboxId mailbox = call.mailboxId(id);
            for (Mailbox one : all) if (one.id().equals(mailbox)) return -one.name().split("/", -1).length;
            return 0;
        }));
        return sorted;
    }

    /// What a client may say of a mailbox; null for what it did not say.
    private record Wish(
            @Nullable String name,
            boolean saysParent,
            @Nullable String parentId,
            boolean saysRole,
            @Nullable String role,
            @Nullable Integer sortOrder,
            @Nullable Boolean subscribed) {}

    private static Made create(Call call, Account account, ObjectNode record) {
        Wish wish;
        try {
            wish = wish(record);
        } catch (Refusal refusal) {
            return refused(SetError.of(SetError.Type.INVALID_PROPERTIES, String.valueOf(refusal.error().description())));
        }
        if (wish.name() == null) return refused(SetError.invalid("name", "must be given"));
        var tree = new MailboxTree(account.read(View::mailboxes));
        Mailbox parent = null;
        if (wish.parentId() != null) {
            MailboxId id = call.mailboxId(wish.parentId());
            parent = id == null ? null : tree.get(id);
            if (parent == null) return refused(SetError.invalid("parentId", "no such mailbox"));
        }
        SetError wrong = wrong(tree, null, wish.name(), wish);
        if (wrong != null) return refused(wrong);
        Role role = wish.role() == null ? null : Role.of(wish.role());
        return switch (account.createMailbox(MailboxTree.fullName(parent, wish.name()), role)) {
            case Outcome.NameTaken _ -> refused(taken(tree, parent, wish.name()));
            case Outcome.NameRefused(String why) -> refused(SetError.invalid("name", why));
            case Outcome.MailboxMade(Mailbox made) -> {
                if (wish.subscribed() != null || wish.sortOrder() != null) {
                    account.changeMailbox(made.id(), null, wish.subscribed(), wish.sortOrder());
                }
                ObjectNode out = Json.object().put("id", made.id().toString());
                if (wish.sortOrder() == null) out.put("sortOrder", made.sortOrder());
                if (wish.subscribed() == null) out.put("isSubscribed", made.subscribed());
                if (!wish.saysParent()) out.putNull("parentId");
                if (!wish.saysRole()) out.putNull("role");
                for (String count : MailboxGet.COUNTS) out.put(count, 0);
                out.set("myRights", MailboxGet.rights(false));
                yield new Made.Done(out);
            }
        };
    }

    private static @Nullable SetError update(Call call, Account account, String text, ObjectNode patch) {
        MailboxId id = call.mailboxId(text);
        var tree = new MailboxTree(account.read(View::mailboxes));
        Mailbox mailbox = id == null ? null : tree.get(id);
        if (mailbox == null) return SetError.of(SetError.Type.NOT_FOUND);
        Wish wish;
        try {
            wish = wish(patch);
        } catch (Refusal refusal) {
            return SetError.of(SetError.Type.INVALID_PROPERTIES, String.valueOf(refusal.error().description()));
        }
        Mailbox parent = tree.parent(mailbox);
        if (wish.saysParent()) {
            MailboxId parentId = wish.parentId() == null ? null : call.mailboxId(wish.parentId());
            parent = parentId == null ? null : tree.get(parentId);
            if (parent == null && wish.parentId() != null) return SetError.invalid("parentId", "no such mailbox");
            if (parent != null && tree.within(parent, mailbox)) return SetError.invalid("parentId", "lies within it");
        }
        String leaf = wish.name() == null ? tree.name(mailbox) : wish.name();
        SetError wrong = wrong(tree, mailbox, wish.name() == null ? null : leaf, wish);
        if (wrong != null) return wrong;
        String fullName = MailboxTree.fullName(parent, leaf);
        if ((wish.name() != null || wish.saysParent()) && !fullName.equals(mailbox.name())) {
            if (mailbox.role() == Role.INBOX) return SetError.of(SetError.Type.FORBIDDEN, "INBOX keeps its name");
            switch (account.renameMailbox(mailbox.id(), fullName)) {
                case Outcome.MailboxMade _ -> {}
                case Outcome.NameTaken _ -> {
                    return taken(tree, parent, leaf);
                }
                case Outcome.NameRefused(String why) -> {
                    return SetError.invalid("name", why);
                }
                case Outcome.NoMailbox _ -> {
                    return SetError.of(SetError.Type.NOT_FOUND);
                }
            }
        }
        Role role = wish.role() == null ? null : Role.of(wish.role());
        if (role != null || wish.subscribed() != null || wish.sortOrder() != null) {
            account.changeMailbox(mailbox.id(), role, wish.subscribed(), wish.sortOrder());
        }
        return null;
    }

    private static @Nullable SetError destroy(Call call, Account account, String text, boolean removeEmails) {
        MailboxId id = call.mailboxId(text);
        Mailbox mailbox = id == null ? null : account.read(view -> view.mailbox(id));
        if (mailbox == null) return SetError.of(SetError.Type.NOT_FOUND);
        if (mailbox.role() == Role.INBOX) return SetError.of(SetError.Type.FORBIDDEN, "INBOX stays");
        return switch (account.deleteMailbox(mailbox.id(), removeEmails)) {
            case Outcome.MailboxGone _ -> null;
            case Outcome.NoMailbox _ -> SetError.of(SetError.Type.NOT_FOUND);
            case Outcome.HasChildren _ -> SetError.of(SetError.Type.MAILBOX_HAS_CHILD);
            case Outcome.HasEmails _ -> SetError.of(SetError.Type.MAILBOX_HAS_EMAIL);
            case Outcome.NameRefused(String why) -> SetError.of(SetError.Type.FORBIDDEN, why);
        };
    }

    /// Reads properties; those only the server sets are refused. RFC 8620 §5.3.
    private static Wish wish(ObjectNode record) {
        var in = new Arguments(record);
        String name = in.text("name");
        if (name == null && in.has("name")) throw in.wrong("name", "a string");
        Long order = in.unsigned("sortOrder");
        if (order != null && order > Integer.MAX_VALUE) throw in.wrong("sortOrder", "at most 2147483647");
        var wish = new Wish(
                name,
                in.has("parentId"),
                in.text("parentId"),
                in.has("role"),
                in.text("role"),
                order == null ? null : order.intValue(),
                in.truth("isSubscribed"));
        in.end();
        return wish;
    }

    /// @param mailbox the one that is changed, null for a new one
    /// @param name the new name, null if it stays
    private static @Nullable SetError wrong(
            MailboxTree tree, @Nullable Mailbox mailbox, @Nullable String name, Wish wish) {
        if (name != null) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (name.isBlank() || bytes > Capability.MAILBOX_NAME_BYTES_MAX) {
                return SetError.invalid("name", "must be 1 to " + Capability.MAILBOX_NAME_BYTES_MAX + " bytes");
            }
            if (name.indexOf(Mailbox.SEPARATOR) >= 0) return SetError.invalid("name", "must not have a slash");
        }
        if (wish.saysRole()) {
            Role before = mailbox == null ? null : mailbox.role();
            Role role = wish.role() == null ? null : Role.of(wish.role());
            if (wish.role() != null && role == null) return SetError.invalid("role", "no such role");
            if (role == before) return null;
            // Delivery and sending need them; giving one away is a change of another mailbox.
            if (before != null) return SetError.invalid("role", "a mailbox keeps its role");
            for (Mailbox one : tree.all()) if (one.role() == role) return SetError.invalid("role", "another has it");
        }
        return null;
    }

    private static SetError taken(MailboxTree tree, @Nullable Mailbox parent, String name) {
        Mailbox there = tree.named(MailboxTree.fullName(parent, name));
        // RFC 8621 §2.5 leaves the error open; RFC 8620 §5.4 has one that names the record.
        return there == null ? SetError.invalid("name", "taken") : SetError.alreadyExists(there.id().toString());
    }

    private static Made refused(SetError error) {
        return new Made.Refused(error);
    }
}
