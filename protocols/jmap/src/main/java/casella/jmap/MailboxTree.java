package casella.jmap;

import casella.base.MailboxId;
import casella.store.Mailbox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The mailboxes of an account as JMAP sees them: a name and a parent, where the store has full
/// names. RFC 8621 §2.
final class MailboxTree {
    private final Map<MailboxId, Mailbox> byId = new LinkedHashMap<>();
    private final Map<String, Mailbox> byName = new HashMap<>();

    MailboxTree(List<Mailbox> mailboxes) {
        for (Mailbox mailbox : mailboxes) {
            byId.put(mailbox.id(), mailbox);
            byName.put(mailbox.name(), mailbox);
        }
    }

    List<Mailbox> all() {
        return new ArrayList<>(byId.values());
    }

    @Nullable Mailbox get(MailboxId id) {
        return byId.get(id);
    }

    @Nullable Mailbox named(String fullName) {
        return byName.get(fullName);
    }

    /// Returns the parent, null at the top or where nobody has the parent's name.
    @Nullable Mailbox parent(Mailbox mailbox) {
        String name = mailbox.parent();
        return name == null ? null : byName.get(name);
    }

    /// Returns the name below the parent; the full name where there is no such parent, so that
    /// none is lost.
    String name(Mailbox mailbox) {
        return parent(mailbox) == null ? mailbox.name() : mailbox.leaf();
    }

    /// Returns the full name of `leaf` below `parent`.
    static String fullName(@Nullable Mailbox parent, String leaf) {
        return parent == null ? leaf : parent.name() + Mailbox.SEPARATOR + leaf;
    }

    /// Says whether `mailbox` is `other` or lies below it.
    boolean within(Mailbox mailbox, Mailbox other) {
        for (Mailbox at = mailbox; at != null; at = parent(at)) if (at.id().equals(other.id())) return true;
        return false;
    }
}
