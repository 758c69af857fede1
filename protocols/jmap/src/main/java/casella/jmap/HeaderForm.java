package casella.jmap;

import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A property `header:{name}:as{Form}:all`: one header field, in the form asked for. RFC 8621
/// §4.1.2, §4.1.3.
///
/// @param property as the client wrote it, which is how the answer names it
/// @param all every field of that name rather than the last
record HeaderForm(String property, String field, Form form, boolean all) {
    static final String PREFIX = "header:";
    private static final int FIELD_LENGTH_MAX = 200;

    /// How a field is read. RFC 8621 §4.1.2.
    enum Form {
        RAW,
        TEXT,
        ADDRESSES,
        GROUPED_ADDRESSES,
        MESSAGE_IDS,
        DATE,
        URLS
    }

    /// Fields of RFC 5322 and RFC 2369 may only be read in the forms that fit them.
    private static final Set<String> ADDRESS_FIELDS = Set.of(
            "from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-sender", "resent-reply-to",
            "resent-to", "resent-cc", "resent-bcc");

    private static final Set<String> ID_FIELDS = Set.of("message-id", "in-reply-to", "references", "resent-message-id");
    private static final Set<String> DATE_FIELDS = Set.of("date", "resent-date");
    private static final Set<String> URL_FIELDS = Set.of(
            "list-help", "list-unsubscribe", "list-subscribe", "list-post", "list-owner", "list-archive");
    private static final Set<String> TEXT_FIELDS = Set.of("subject", "comments", "keywords", "list-id");
    private static final Set<String> RAW_FIELDS = Set.of("return-path", "received");

    /// Returns the form `property` names, null if it is not well formed or does not fit the field.
    static @Nullable HeaderForm read(String property) {
        String[] parts = property.split(":", -1);
        if (parts.length < 2 || parts.length > 4 || !parts[0].equals("header")) return null;
        String field = parts[1];
        if (field.isEmpty() || field.length() > FIELD_LENGTH_MAX) return null;
        for (int i = 0; i < field.length(); i++) if (field.charAt(i) <= ' ' || field.charAt(i) > '~') return null;
        Form form = Form.RAW;
        boolean all = false;
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].equals("all") && i == parts.length - 1) {
                all = true;
                continue;
            }
            Form named = i == 2 ? form(parts[i]) : null;
            if (named == null) return null;
            form = named;
        }
        return fits(field.toLowerCase(Locale.ROOT), form) ? new HeaderForm(property, field, form, all) : null;
    }

    private static @Nullable Form form(String word) {
        return switch (word) {
            case "asRaw" -> Form.RAW;
            case "asText" -> Form.TEXT;
            case "asAddresses" -> Form.ADDRESSES;
            case "asGroupedAddresses" -> Form.GROUPED_ADDRESSES;
            case "asMessageIds" -> Form.MESSAGE_IDS;
            case "asDate" -> Form.DATE;
            case "asURLs" -> Form.URLS;
            default -> null;
        };
    }

    private static boolean fits(String field, Form form) {
        if (form == Form.RAW) return true;
        if (RAW_FIELDS.contains(field)) return false;
        if (ADDRESS_FIELDS.contains(field)) return form == Form.ADDRESSES || form == Form.GROUPED_ADDRESSES;
        if (ID_FIELDS.contains(field)) return form == Form.MESSAGE_IDS;
        if (DATE_FIELDS.contains(field)) return form == Form.DATE;
        if (URL_FIELDS.contains(field)) return form == Form.URLS;
        return !TEXT_FIELDS.contains(field) || form == Form.TEXT;
    }

    /// Returns the value in `headers`; null, or an empty array for all, if the field is not there.
    JsonNode value(Headers headers) {
        if (all) {
            ArrayNode out = Json.array();
            for (HeaderField one : headers.all(field)) out.add(value(one));
            return out;
        }
        HeaderField last = headers.last(field);
        return last == null ? Json.nothing() : value(last);
    }

    private JsonNode value(HeaderField one) {
        return switch (form) {
            case RAW -> Json.text(one.asRaw());
            case TEXT -> Json.text(one.asText());
            case ADDRESSES -> addresses(one.asAddresses());
            case GROUPED_ADDRESSES -> grouped(one.asGroupedAddresses());
            case MESSAGE_IDS -> texts(one.asMessageIds());
            case DATE -> date(one.asDate());
            case URLS -> texts(one.asUrls());
        };
    }

    /// EmailAddress objects. RFC 8621 §4.1.2.3.
    static ArrayNode addresses(List<Address.Mailbox> mailboxes) {
        ArrayNode out = Json.array();
        for (Address.Mailbox mailbox : mailboxes) {
            ObjectNode one = out.addObject();
            one.put("name", mailbox.name());
            one.put("email", mailbox.email());
        }
        return out;
    }

    /// EmailAddressGroup objects: mailboxes that stand by themselves form groups without a name.
    /// RFC 8621 §4.1.2.4.
    private static ArrayNode grouped(List<Address> addresses) {
        ArrayNode out = Json.array();
        var loose = new java.util.ArrayList<Address.Mailbox>();
        for (Address address : addresses) {
            switch (address) {
                case Address.Mailbox mailbox -> loose.add(mailbox);
                case Address.Group group -> {
                    flush(out, loose);
                    out.addObject().put("name", group.name()).set("addresses", addresses(group.members()));
                }
            }
        }
        flush(out, loose);
        return out;
    }

    private static void flush(ArrayNode out, List<Address.Mailbox> loose) {
        if (loose.isEmpty()) return;
        out.addObject().putNull("name").set("addresses", addresses(loose));
        loose.clear();
    }

    static JsonNode texts(@Nullable List<String> texts) {
        return texts == null ? Json.nothing() : Json.array(texts);
    }

    /// A Date keeps the zone it was written in. RFC 8620 §1.4.
    static JsonNode date(@Nullable OffsetDateTime date) {
        return date == null
                ? Json.nothing()
                : Json.text(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date.withNano(0)));
    }
}
