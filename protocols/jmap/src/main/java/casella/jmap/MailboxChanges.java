package casella.jmap;

import casella.base.MailboxId;
import casella.base.Modseq;
import casella.store.Changes;
import casella.store.Mailbox;
import casella.store.View;
import tools.jackson.databind.node.ObjectNode;

/// Mailbox/changes. RFC 8621 §2.2.
final class MailboxChanges implements Method {
    @Override
    public String name() {
        return "Mailbox/changes";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        String state = call.arguments().text("sinceState");
        return new Answer.Done(ChangesForm.answer(
                call, View::mailboxChanges, (view, changes) -> updatedProperties(view, changes, state)));
    }

    /// RFC 8621 §2.2: where only counts changed, their names; null where more may have changed.
    private static ObjectNode updatedProperties(
            View view, Changes<MailboxId> changes, @org.jspecify.annotations.Nullable String state) {
        ObjectNode out = Json.object();
        boolean countsOnly = !changes.updated().isEmpty();
        if (state != null && countsOnly) {
            Modseq since = Call.since(state, view);
            for (MailboxId id : changes.updated()) {
                Mailbox mailbox = view.mailbox(id);
                countsOnly &= mailbox != null && !mailbox.properties().after(since);
            }
        }
        out.set("updatedProperties", countsOnly ? Json.array(MailboxGet.COUNTS) : Json.nothing());
        return out;
    }
}
