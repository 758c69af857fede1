package casella.jmap;

import casella.base.MailboxId;
import casella.store.Keywords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where an email shall be and with which keywords, as a client says it. RFC 8621 §4.1.1.
///
/// @param received null for now
record EmailWish(List<MailboxId> mailboxes, Keywords keywords, @Nullable Instant received) {

    /// A property that does not hold. Caught where a `/set` gathers its errors.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient SetError error;

        Wrong(SetError error) {
            super("property refused", null, false, false);
            this.error = error;
        }

        Wrong(String property, String why) {
            this(SetError.invalid(property, why));
        }

        SetError error() {
            return error;
        }
    }

    /// Reads `mailboxIds`, `keywords` and `receivedAt` of a new email.
    static EmailWish read(Call call, ObjectNode record) throws Wrong {
        JsonNode ids = record.get("mailboxIds");
        if (ids == null || !ids.isObject() || ids.isEmpty()) throw new Wrong("mailboxIds", "must name a mailbox");
        List<MailboxId> mailboxes = mailboxes(call, ids);
        JsonNode words = record.get("keywords");
        Keywords keywords = words == null || words.isNull() ? Keywords.NONE : keywords(words);
        JsonNode received = record.get("receivedAt");
        Instant at = null;
        if (received != null && !received.isNull()) {
            at = received.isString() ? Arguments.Dates.read(received.stringValue()) : null;
            if (at == null) throw new Wrong("receivedAt", "must be a UTCDate");
        }
        return new EmailWish(mailboxes, keywords, at);
    }

    /// Reads a whole `mailboxIds`: an object of ids, each true.
    static List<MailboxId> mailboxes(Call call, JsonNode value) throws Wrong {
        if (!value.isObject()) throw new Wrong("mailboxIds", "must be an object");
        var out = new LinkedHashSet<MailboxId>();
        for (Map.Entry<String, JsonNode> one : value.properties()) {
            if (!one.getValue().isBoolean() || !one.getValue().booleanValue()) {
                throw new Wrong("mailboxIds", "each must be true");
            }
            out.add(mailbox(call, one.getKey()));
        }
        if (out.size() > casella.store.Email.PLACES_MAX) throw new Wrong(SetError.of(SetError.Type.TOO_MANY_MAILBOXES));
        return new ArrayList<>(out);
    }

    static MailboxId mailbox(Call call, String text) throws Wrong {
        MailboxId id = call.mailboxId(text);
        if (id == null) throw new Wrong("mailboxIds", "no such mailbox");
        return id;
    }

    /// Reads a whole `keywords`: an object of keywords, each true.
    static Keywords keywords(JsonNode value) throws Wrong {
        if (!value.isObject()) throw new Wrong("keywords", "must be an object");
        Set<String> words = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> one : value.properties()) {
            if (!one.getValue().isBoolean() || !one.getValue().booleanValue()) {
                throw new Wrong("keywords", "each must be true");
            }
            words.add(keyword(one.getKey()));
        }
        return keywords(words);
    }

    static Keywords keywords(Set<String> words) throws Wrong {
        if (words.size() > Keywords.COUNT_MAX) throw new Wrong(SetError.of(SetError.Type.TOO_MANY_KEYWORDS));
        return Keywords.of(words);
    }

    /// Checks a keyword: 1 to 255 printable ASCII characters that IMAP can carry. RFC 8621 §4.1.1.
    static String keyword(String text) throws Wrong {
        boolean fits = !text.isEmpty() && text.length() <= Keywords.LENGTH_MAX;
        for (int i = 0; fits && i < text.length(); i++) {
            char c = text.charAt(i);
            fits = c > ' ' && c <= '~' && "(){]%*\"\\".indexOf(c) < 0;
        }
        if (!fits) throw new Wrong("keywords", "a keyword is 1 to 255 printable characters, none of (){]%*\"\\");
        return text;
    }
}
