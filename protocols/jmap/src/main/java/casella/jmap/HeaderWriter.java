package casella.jmap;

import casella.jmap.EmailWish.Wrong;
import casella.message.Address;
import casella.message.DraftField;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes a header field from a property of a new email. RFC 8621 §4.1.2, §4.6.
final class HeaderWriter {
    /// Addresses or ids in one property.
    private static final int ITEMS_MAX = 2_000;

    private HeaderWriter() {}

    /// Returns the fields of a `header:` property: one, or for `all` one for each value; none for
    /// null.
    static List<DraftField> fields(HeaderForm form, JsonNode value) throws Wrong {
        var out = new ArrayList<DraftField>();
        if (!DraftField.isName(form.field())) throw new Wrong(form.property(), "not a field name");
        if (form.all()) {
            for (JsonNode one : items(form.property(), value)) out.add(field(form, one));
        } else if (!value.isNull()) {
            out.add(field(form, value));
        }
        return out;
    }

    private static DraftField field(HeaderForm form, JsonNode value) throws Wrong {
        String property = form.property();
        String field = form.field();
        return switch (form.form()) {
            case RAW -> raw(property, field, text(property, value));
            case TEXT -> DraftField.text(field, text(property, value));
            case ADDRESSES -> DraftField.addresses(field, addresses(property, value));
            case GROUPED_ADDRESSES -> DraftField.addresses(field, grouped(property, value));
            case MESSAGE_IDS -> DraftField.messageIds(field, ids(property, value));
            case DATE -> DraftField.date(field, date(property, value));
            case URLS -> DraftField.urls(field, texts(property, value, text -> clean(text, "<>")));
        };
    }

    /// Raw values go in as they are, so they must be what a header may hold. RFC 5322 §2.2.
    private static DraftField raw(String property, String field, String value) throws Wrong {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            char next = i + 1 < value.length() ? value.charAt(i + 1) : 0;
            boolean fold = (c == '\r' && next == '\n') || (c == '\n' && (next == ' ' || next == '\t'));
            if (c != '\t' && !fold && (c < ' ' || c > '~')) throw new Wrong(property, "must be ASCII, folded properly");
        }
        return new DraftField(field, value);
    }

    static String text(String property, JsonNode value) throws Wrong {
        if (!value.isString()) throw new Wrong(property, "must be a string");
        return value.stringValue();
    }

    static OffsetDateTime date(String property, JsonNode value) throws Wrong {
        try {
            return OffsetDateTime.parse(text(property, value));
        } catch (DateTimeException e) {
            throw new Wrong(property, "must be a date and time (RFC 3339)");
        }
    }

    static List<String> ids(String property, JsonNode value) throws Wrong {
        return texts(property, value, text -> clean(text, "<> \t"));
    }

    /// EmailAddress objects. RFC 8621 §4.1.2.3.
    static List<Address> addresses(String property, JsonNode value) throws Wrong {
        var out = new ArrayList<Address>();
        for (JsonNode one : items(property, value)) out.add(mailbox(property, one));
        return out;
    }

    private static List<Address> grouped(String property, JsonNode value) throws Wrong {
        var out = new ArrayList<Address>();
        for (JsonNode group : items(property, value)) {
            JsonNode members = group.get("addresses");
            if (members == null) throw new Wrong(property, "must be EmailAddressGroup objects");
            var inside = new ArrayList<Address.Mailbox>();
            for (JsonNode one : items(property, members)) inside.add(mailbox(property, one));
            JsonNode name = group.get("name");
            if (name == null || name.isNull()) out.addAll(inside);
            else out.add(new Address.Group(text(property, name), text(property, name), inside));
        }
        return out;
    }

    private static Address.Mailbox mailbox(String property, JsonNode one) throws Wrong {
        JsonNode email = one.get("email");
        JsonNode name = one.get("name");
        if (email == null || !email.isString()) throw new Wrong(property, "must be EmailAddress objects");
        String address = clean(email.stringValue().strip(), "<>,;");
        if (address == null || address.isEmpty()) throw new Wrong(property, "has an address that is none");
        return Address.of(name == null || name.isNull() ? null : text(property, name), address);
    }

    private static List<String> texts(String property, JsonNode value, Function<String, @Nullable String> check)
            throws Wrong {
        var out = new ArrayList<String>();
        for (JsonNode one : items(property, value)) {
            String text = check.apply(text(property, one));
            if (text == null || text.isEmpty()) throw new Wrong(property, "has a value that cannot be written");
            out.add(text);
        }
        return out;
    }

    private static List<JsonNode> items(String property, JsonNode value) throws Wrong {
        if (!value.isArray()) throw new Wrong(property, "must be an array");
        if (value.size() > ITEMS_MAX) throw new Wrong(property, "must have at most " + ITEMS_MAX + " items");
        var out = new ArrayList<JsonNode>();
        for (JsonNode one : value) out.add(one);
        return out;
    }

    /// Returns `text`, null if it has a control or one of `bad`: nothing may get out of its
    /// brackets.
    private static @Nullable String clean(String text, String bad) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7F || bad.indexOf(c) >= 0) return null;
        }
        return text;
    }
}
