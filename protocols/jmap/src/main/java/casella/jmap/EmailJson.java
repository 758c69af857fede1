package casella.jmap;

import casella.base.MailboxId;
import casella.message.Address;
import casella.message.BodyLists;
import casella.message.BodyValue;
import casella.message.Envelope;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.Part;
import casella.message.Range;
import casella.message.Summary;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Placement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes Email objects. RFC 8621 §4.1.
///
/// Everything but header fields and body values comes from the summary; [#ranges] says what of the
/// mail is needed for the rest.
final class EmailJson {
    /// Encoded bytes of one part that are read for its value; what is longer is cut.
    static final int VALUE_BYTES_MAX = 16 << 20;

    private final EmailProperties wanted;

    EmailJson(EmailProperties wanted) {
        this.wanted = wanted;
    }

    /// Puts the properties that the email's rows answer. RFC 8621 §4.1.1.
    ///
    /// @param shown placements JMAP shows, at least one
    void metadata(ObjectNode out, Email email, List<Placement> shown) {
        out.put("id", email.id().toString());
        if (wanted.wants("blobId")) out.put("blobId", email.blob().toString());
        if (wanted.wants("threadId")) out.put("threadId", email.thread().toString());
        if (wanted.wants("mailboxIds")) {
            var ids = new TreeSet<MailboxId>();
            for (Placement one : shown) ids.add(one.mailbox());
            ObjectNode mailboxes = out.putObject("mailboxIds");
            for (MailboxId id : ids) mailboxes.put(id.toString(), true);
        }
        if (wanted.wants("keywords")) {
            ObjectNode keywords = out.putObject("keywords");
            for (String keyword : keywords(shown)) keywords.put(keyword, true);
        }
        if (wanted.wants("size")) out.put("size", email.size());
        if (wanted.wants("receivedAt")) out.put("receivedAt", Arguments.Dates.write(email.received()));
    }

    /// Returns the keywords JMAP shows: `$seen` if every placement has it, any other if one has
    /// it.
    static java.util.SortedSet<String> keywords(List<Placement> shown) {
        var out = new TreeSet<String>();
        boolean seen = !shown.isEmpty();
        for (Placement one : shown) {
            out.addAll(one.keywords().list());
            seen &= one.keywords().has(Keywords.SEEN);
        }
        if (!seen) out.remove(Keywords.SEEN);
        return out;
    }

    /// Returns which stretches of the mail are needed; none for what a list shows.
    List<Range> ranges(Summary summary) {
        var ranges = new ArrayList<Range>();
        if (wanted.needsHeader()) ranges.add(summary.root().header());
        if (wanted.needsPartHeaders()) {
            for (Part part : parts(summary)) ranges.add(part.header());
        }
        if (wanted.needsValues()) for (Part part : valued(summary)) ranges.add(valueRange(part));
        return ranges;
    }

    /// Puts the properties that come from the message.
    ///
    /// @param bytes null where they cannot be had: without header fields, and with values cut at 0 bytes
    /// @param base what the ids of its parts' blobs begin with
    void content(ObjectNode out, Summary summary, @Nullable MailBytes bytes, String base) {
        envelope(out, summary.envelope());
        if (bytes != null && wanted.needsHeader()) {
            Headers headers = Headers.of(bytes.get(summary.root().header()));
            if (wanted.wants("headers")) out.set("headers", fields(headers));
            for (HeaderForm form : wanted.headers()) out.set(form.property(), form.value(headers));
        }
        if (wanted.wants("hasAttachment")) out.put("hasAttachment", summary.hasAttachment());
        if (wanted.wants("preview")) out.put("preview", summary.preview());
        if (wanted.wants("bodyStructure")) out.set("bodyStructure", part(summary.root(), bytes, base, true));
        if (wanted.wants("textBody") || wanted.wants("htmlBody") || wanted.wants("attachments")) {
            BodyLists lists = BodyLists.of(summary.root());
            if (wanted.wants("textBody")) out.set("textBody", list(lists.textBody(), bytes, base));
            if (wanted.wants("htmlBody")) out.set("htmlBody", list(lists.htmlBody(), bytes, base));
            if (wanted.wants("attachments")) out.set("attachments", list(lists.attachments(), bytes, base));
        }
        if (wanted.wants("bodyValues")) out.set("bodyValues", values(summary, bytes));
    }

    private void envelope(ObjectNode out, Envelope envelope) {
        ids(out, "messageId", envelope.messageId());
        ids(out, "inReplyTo", envelope.inReplyTo());
        ids(out, "references", envelope.references());
        addresses(out, "sender", envelope.sender());
        addresses(out, "from", envelope.from());
        addresses(out, "to", envelope.to());
        addresses(out, "cc", envelope.cc());
        addresses(out, "bcc", envelope.bcc());
        addresses(out, "replyTo", envelope.replyTo());
        if (wanted.wants("subject")) out.put("subject", envelope.subject());
        if (wanted.wants("sentAt")) out.set("sentAt", HeaderForm.date(envelope.sentAt()));
    }

    private void ids(ObjectNode out, String property, List<String> ids) {
        if (wanted.wants(property)) out.set(property, ids.isEmpty() ? Json.nothing() : Json.array(ids));
    }

    private void addresses(ObjectNode out, String property, List<Address> addresses) {
        if (!wanted.wants(property)) return;
        out.set(property, addresses.isEmpty() ? Json.nothing() : HeaderForm.addresses(Address.flat(addresses)));
    }

    private static ArrayNode fields(Headers headers) {
        ArrayNode out = Json.array();
        for (HeaderField field : headers.all()) out.addObject().put("name", field.name()).put("value", field.asRaw());
        return out;
    }

    private ArrayNode list(List<Part> parts, @Nullable MailBytes bytes, String base) {
        ArrayNode out = Json.array();
        for (Part part : parts) out.add(part(part, bytes, base, false));
        return out;
    }

    /// An EmailBodyPart. RFC 8621 §4.1.4.
    private ObjectNode part(Part part, @Nullable MailBytes bytes, String base, boolean deep) {
        ObjectNode out = Json.object();
        boolean multipart = part.isMultipart();
        put(out, "partId", multipart ? null : part.section());
        put(out, "blobId", multipart ? null : BlobId.of(base, part));
        if (wanted.part().contains("size")) out.put("size", multipart ? 0 : part.decodedSize());
        if (bytes != null && wanted.needsPartHeaders()) {
            Headers headers = Headers.of(bytes.get(part.header()));
            if (wanted.part().contains("headers")) out.set("headers", fields(headers));
            for (HeaderForm form : wanted.partHeaders()) out.set(form.property(), form.value(headers));
        }
        put(out, "name", part.name());
        put(out, "type", part.mediaType());
        put(out, "charset", part.charset());
        put(out, "disposition", part.disposition() == null ? null : part.disposition().type());
        put(out, "cid", part.cid());
        if (wanted.part().contains("language")) {
            out.set("language", part.language().isEmpty() ? Json.nothing() : Json.array(part.language()));
        }
        put(out, "location", part.location());
        if (deep && multipart) {
            ArrayNode children = out.putArray("subParts");
            for (Part child : part.children()) children.add(part(child, bytes, base, true));
        } else if (wanted.part().contains("subParts")) {
            out.putNull("subParts");
        }
        return out;
    }

    private void put(ObjectNode out, String property, @Nullable String value) {
        if (wanted.part().contains(property)) out.put(property, value);
    }

    private JsonNode values(Summary summary, @Nullable MailBytes bytes) {
        ObjectNode out = Json.object();
        if (!wanted.needsValues()) return out;
        for (Part part : valued(summary)) {
            Range range = valueRange(part);
            if (bytes == null) {
                out.putObject(part.section())
                        .put("value", "")
                        .put("isEncodingProblem", false)
                        .put("isTruncated", part.bodyLength() > 0);
                continue;
            }
            BodyValue value = BodyValue.of(bytes.get(range), at(part, range.length()), wanted.valueBytesMax());
            out.putObject(part.section())
                    .put("value", value.value())
                    .put("isEncodingProblem", value.encodingProblem())
                    .put("isTruncated", value.truncated() || range.length() < part.bodyLength());
        }
        return out;
    }

    /// Returns the text parts whose values are asked for. RFC 8621 §4.2.
    private List<Part> valued(Summary summary) {
        Map<String, Part> out = new LinkedHashMap<>();
        BodyLists lists = BodyLists.of(summary.root());
        if (wanted.textValues()) for (Part part : lists.textBody()) out.put(part.section(), part);
        if (wanted.htmlValues()) for (Part part : lists.htmlBody()) out.put(part.section(), part);
        if (wanted.allValues()) for (Part part : parts(summary)) out.put(part.section(), part);
        return out.values().stream().filter(part -> part.type().equals("text") && !part.isMultipart()).toList();
    }

    /// Every part of the mail itself, not of mails within it.
    private static List<Part> parts(Summary summary) {
        var out = new ArrayList<Part>();
        var open = new ArrayList<Part>(List.of(summary.root()));
        while (!open.isEmpty()) {
            Part next = open.removeLast();
            out.add(next);
            open.addAll(next.children().reversed());
        }
        return out;
    }

    /// A value of at most N bytes never needs more than 4 N and a little of the encoded text of an
    /// ordinary part.
    private Range valueRange(Part part) {
        long most = wanted.valueBytesMax() == 0 ? VALUE_BYTES_MAX : 4L * wanted.valueBytesMax() + 4_096;
        return new Range(part.bodyOffset(), (int) Math.min(part.bodyLength(), Math.min(most, VALUE_BYTES_MAX)));
    }

    /// The same part where its body alone is at hand.
    private static Part at(Part part, int length) {
        return new Part(
                part.section(),
                part.type(),
                part.subtype(),
                part.parameters(),
                part.contentId(),
                part.description(),
                part.encoding(),
                part.disposition(),
                part.language(),
                part.location(),
                part.md5(),
                0,
                0,
                0,
                length,
                part.lines(),
                part.decodedSize(),
                part.opaque(),
                part.children(),
                part.nested());
    }
}
