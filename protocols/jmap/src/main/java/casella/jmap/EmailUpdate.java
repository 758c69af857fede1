package casella.jmap;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.jmap.EmailWish.Wrong;
import casella.store.Account;
import casella.store.Account.EmailEdit;
import casella.store.Keywords;
import casella.store.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The update of one email: keywords and mailboxes, whole or by patch; all else stays for ever.
/// RFC 8621 §4.6.
final class EmailUpdate {
    private final Call call;
    private final ObjectNode patch;
    private final Set<MailboxId> add = new LinkedHashSet<>();
    private final Set<MailboxId> remove = new LinkedHashSet<>();
    private final Set<String> on = new LinkedHashSet<>();
    private final Set<String> off = new LinkedHashSet<>();
    private @Nullable List<MailboxId> mailboxes;
    private @Nullable Keywords keywords;

    private EmailUpdate(Call call, ObjectNode patch) {
        this.call = call;
        this.patch = patch;
    }

    /// Returns null when it is done, else why not.
    static @Nullable SetError run(Call call, Account account, String text, ObjectNode patch) {
        ArrivalId id = call.emailId(text);
        if (id == null) return SetError.of(SetError.Type.NOT_FOUND);
        var update = new EmailUpdate(call, patch);
        try {
            update.read();
            return update.apply(account, id);
        } catch (Wrong wrong) {
            return wrong.error();
        }
    }

    private void read() throws Wrong {
        for (Map.Entry<String, JsonNode> one : patch.properties()) {
            String pointer = one.getKey();
            int slash = pointer.indexOf('/');
            String property = slash < 0 ? pointer : pointer.substring(0, slash);
            String rest = slash < 0 ? null : pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
            switch (property) {
                case "keywords" -> keywords(rest, one.getValue());
                case "mailboxIds" -> mailboxes(rest, one.getValue());
                default -> throw new Wrong(property, "cannot be changed");
            }
        }
        boolean both = (keywords != null && !(on.isEmpty() && off.isEmpty()))
                || (mailboxes != null && !(add.isEmpty() && remove.isEmpty()));
        if (both) throw new Wrong(SetError.of(SetError.Type.INVALID_PATCH, "One pointer is the beginning of another"));
    }

    private void keywords(@Nullable String word, JsonNode value) throws Wrong {
        if (word == null) keywords = value.isNull() ? Keywords.NONE : EmailWish.keywords(value);
        else if (truth("keywords", value)) on.add(EmailWish.keyword(word));
        else off.add(EmailWish.keyword(word));
    }

    private void mailboxes(@Nullable String id, JsonNode value) throws Wrong {
        if (id == null) mailboxes = EmailWish.mailboxes(call, value);
        else if (truth("mailboxIds", value)) add.add(EmailWish.mailbox(call, id));
        else remove.add(EmailWish.mailbox(call, id));
    }

    /// In a patch of a set, true puts in and null takes out. RFC 8620 §5.3.
    private static boolean truth(String property, JsonNode value) throws Wrong {
        if (value.isNull()) return false;
        if (value.isBoolean() && value.booleanValue()) return true;
        throw new Wrong(property, "must be true or null");
    }

    private @Nullable SetError apply(Account account, ArrivalId id) throws Wrong {
        Keywords.Edit edit = keywords != null
                ? new Keywords.Edit.Replace(keywords)
                : new Keywords.Edit.Patch(EmailWish.keywords(on), EmailWish.keywords(off));
        if (mailboxes != null) {
            EmailGet.Found found = account.read(view -> EmailGet.found(view, id, false));
            if (found == null) return SetError.of(SetError.Type.NOT_FOUND);
            var now = new LinkedHashSet<MailboxId>();
            found.shown().forEach(place -> now.add(place.mailbox()));
            add.addAll(mailboxes);
            add.removeAll(now);
            remove.addAll(now);
            mailboxes.forEach(remove::remove);
        }
        return switch (account.editEmail(id, new EmailEdit(new ArrayList<>(add), new ArrayList<>(remove), edit))) {
            case Outcome.EmailNow _ -> null;
            case Outcome.NoEmail _ -> SetError.of(SetError.Type.NOT_FOUND);
            case Outcome.NoMailbox _ -> SetError.invalid("mailboxIds", "no such mailbox");
            case Outcome.PlacesRefused(String why) -> SetError.invalid("mailboxIds", why);
        };
    }
}
