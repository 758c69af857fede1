package casella.jmap;

import casella.base.Arrivals;
import casella.base.Clock;
import casella.jmap.EmailWish.Wrong;
import casella.message.Draft;
import casella.message.DraftField;
import casella.message.DraftPart;
import casella.message.DraftPart.Labels;
import casella.message.Parameter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a mail from an Email object. RFC 8621 §4.6.
final class EmailDraft {
    private static final int DEPTH_MAX = 20;
    private static final int PARTS_MAX = 500;

    /// Convenience properties and the form they stand for. RFC 8621 §4.1.3.
    private static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry("messageId", "header:Message-ID:asMessageIds"),
            Map.entry("inReplyTo", "header:In-Reply-To:asMessageIds"),
            Map.entry("references", "header:References:asMessageIds"),
            Map.entry("sender", "header:Sender:asAddresses"),
            Map.entry("from", "header:From:asAddresses"),
            Map.entry("to", "header:To:asAddresses"),
            Map.entry("cc", "header:Cc:asAddresses"),
            Map.entry("bcc", "header:Bcc:asAddresses"),
            Map.entry("replyTo", "header:Reply-To:asAddresses"),
            Map.entry("subject", "header:Subject:asText"),
            Map.entry("sentAt", "header:Date:asDate"));

    private static final Set<String> ELSEWHERE = Set.of(
            "mailboxIds", "keywords", "receivedAt", "bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues");

    private final Blobs blobs;
    private final ObjectNode record;
    private final int bytesMax;
    private final List<DraftField> fields = new ArrayList<>();
    private final Set<String> fieldNames = new HashSet<>();
    private final List<String> missing = new ArrayList<>();
    private long bytes;
    private int parts;

    private EmailDraft(Blobs blobs, ObjectNode record, int bytesMax) {
        this.blobs = blobs;
        this.record = record;
        this.bytesMax = bytesMax;
    }

    /// Returns the mail's bytes.
    ///
    /// @throws Wrong `invalidProperties`, `blobNotFound`, `tooLarge`
    static byte[] write(Call call, ObjectNode record, Arrivals names) throws Wrong {
        var draft = new EmailDraft(Blobs.of(call), record, call.config().mailBytesMax());
        draft.header();
        DraftPart body = draft.body();
        if (!draft.missing.isEmpty()) throw new Wrong(SetError.blobNotFound(draft.missing));
        draft.complete(call.parts().clock(), names, call.caller().address());
        byte[] mail;
        try {
            mail = new Draft(draft.fields, body).bytes();
        } catch (IllegalArgumentException e) {
            throw new Wrong("bodyStructure", "parts lie too deep, or a field belongs to a part");
        }
        if (mail.length > call.config().mailBytesMax()) throw new Wrong(SetError.of(SetError.Type.TOO_LARGE));
        return mail;
    }

    private void header() throws Wrong {
        for (Map.Entry<String, JsonNode> one : record.properties()) {
            String property = one.getKey();
            String written = HEADERS.get(property);
            if (written == null && ELSEWHERE.contains(property)) continue;
            if (written == null && !property.startsWith(HeaderForm.PREFIX)) throw new Wrong(property, "cannot be set");
            HeaderForm form = HeaderForm.read(written == null ? property : written);
            if (form == null) throw new Wrong(property, "not a form of that field");
            form = new HeaderForm(property, form.field(), form.form(), form.all());
            String name = form.field().toLowerCase(Locale.ROOT);
            if (name.startsWith("content-") || name.equals("mime-version")) {
                throw new Wrong(property, "belongs to a part");
            }
            if (!fieldNames.add(name)) throw new Wrong(property, "is given twice");
            boolean empty = one.getValue().isNull() || (one.getValue().isArray() && one.getValue().isEmpty());
            if (!empty) fields.addAll(HeaderWriter.fields(form, one.getValue()));
        }
    }

    /// RFC 8621 §4.6: Date and Message-ID are the server's where the client gives none.
    private void complete(Clock clock, Arrivals names, String address) {
        if (!has("Date")) fields.add(DraftField.date("Date", clock.now().atOffset(ZoneOffset.UTC)));
        if (!has("Message-ID")) {
            String domain = address.substring(address.lastIndexOf('@') + 1);
            fields.add(DraftField.messageIds("Message-ID", List.of(names.next() + "@" + domain)));
        }
    }

    private boolean has(String name) {
        return fields.stream().anyMatch(field -> field.name().equalsIgnoreCase(name));
    }

    private DraftPart body() throws Wrong {
        JsonNode structure = record.get("bodyStructure");
        boolean lists = record.has("textBody") || record.has("htmlBody") || record.has("attachments");
        if (structure != null && !structure.isNull()) {
            if (lists) throw new Wrong("bodyStructure", "stands beside textBody, htmlBody or attachments");
            return part("bodyStructure", structure, null, 0);
        }
        DraftPart text = single("textBody", "text/plain");
        DraftPart html = single("htmlBody", "text/html");
        var inline = new ArrayList<DraftPart>();
        var attached = new ArrayList<DraftPart>();
        JsonNode attachments = record.get("attachments");
        if (attachments != null && !attachments.isNull()) {
            if (!attachments.isArray()) throw new Wrong("attachments", "must be an array");
            for (JsonNode one : attachments) {
                DraftPart part = part("attachments", one, "attachment", 1);
                boolean related = html != null && part.labels().cid() != null
                        && "inline".equals(part.labels().disposition());
                (related ? inline : attached).add(part);
            }
        }
        DraftPart body = text == null ? html : text;
        if (html != null && !inline.isEmpty()) {
            inline.addFirst(html);
            html = new DraftPart.Multipart("related", inline);
            if (text == null) body = html;
        }
        if (text != null && html != null) body = new DraftPart.Multipart("alternative", List.of(text, html));
        if (body == null) body = new DraftPart.Text("plain", "", Labels.NONE);
        if (attached.isEmpty()) return body;
        attached.addFirst(body);
        return new DraftPart.Multipart("mixed", attached);
    }

    /// RFC 8621 §4.6: exactly one part, of that type.
    private @Nullable DraftPart single(String property, String type) throws Wrong {
        JsonNode list = record.get(property);
        if (list == null || list.isNull()) return null;
        if (!list.isArray() || list.size() != 1) throw new Wrong(property, "must have one part");
        JsonNode given = list.get(0).get("type");
        if (given != null && !given.isNull() && !given.asString("").equals(type)) {
            throw new Wrong(property, "must be " + type);
        }
        JsonNode value = list.get(0).get("partId");
        if (value == null || value.isNull()) return part(property, list.get(0), null, 1);
        DraftPart.Text text =
                new DraftPart.Text(type.substring(5), value(property, value), labels(property, list.get(0), null));
        return text;
    }

    private DraftPart part(String property, JsonNode node, @Nullable String disposition, int depth) throws Wrong {
        if (!node.isObject()) throw new Wrong(property, "must hold EmailBodyPart objects");
        if (depth > DEPTH_MAX || ++parts > PARTS_MAX) throw new Wrong(property, "too many parts, or too deep");
        JsonNode children = node.get("subParts");
        Labels labels = labels(property, node, disposition);
        String type = type(property, node, children);
        if (children != null && !children.isNull()) {
            if (!children.isArray() || children.isEmpty() || !type.startsWith("multipart/")) {
                throw new Wrong(property, "subParts belong to a multipart, which has one or more");
            }
            var inside = new ArrayList<DraftPart>();
            for (JsonNode child : children) inside.add(part(property, child, null, depth + 1));
            return new DraftPart.Multipart(type.substring(10), List.of(), inside, labels);
        }
        if (type.startsWith("multipart/")) throw new Wrong(property, "a multipart has subParts");
        JsonNode partId = node.get("partId");
        JsonNode blobId = node.get("blobId");
        boolean byPart = partId != null && !partId.isNull();
        if (byPart == (blobId != null && !blobId.isNull())) {
            throw new Wrong(property, "each part has either partId or blobId");
        }
        if (byPart) {
            String value = value(property, partId);
            return type.startsWith("text/")
                    ? new DraftPart.Text(type.substring(5), value, labels)
                    : new DraftPart.Content(type, value.getBytes(StandardCharsets.UTF_8), labels);
        }
        return blob(property, node, type, blobId == null ? "" : blobId.asString(""), labels);
    }

    private DraftPart blob(String property, JsonNode node, String type, String id, Labels labels) throws Wrong {
        byte[] content = blobs.read(id).orElse(null);
        if (content == null) {
            missing.add(id);
            return new DraftPart.Text("plain", "", labels);
        }
        add(content.length);
        if (type.equals("message/rfc822")) return new DraftPart.Message(content, labels);
        JsonNode charset = node.get("charset");
        List<Parameter> parameters = charset != null && charset.isString() && type.startsWith("text/")
                ? List.of(new Parameter("charset", HeaderWriter.text(property, charset)))
                : List.of();
        return new DraftPart.Content(type, parameters, content, labels);
    }

    /// Returns the text of `bodyValues` that a part names. RFC 8621 §4.6.
    private String value(String property, JsonNode partId) throws Wrong {
        JsonNode values = record.get("bodyValues");
        JsonNode found = values == null || !partId.isString() ? null : values.get(partId.stringValue());
        JsonNode text = found == null ? null : found.get("value");
        if (found == null || text == null || !text.isString()) throw new Wrong(property, "no such body value");
        if (found.path("isEncodingProblem").asBoolean(false) || found.path("isTruncated").asBoolean(false)) {
            throw new Wrong("bodyValues", "must be whole");
        }
        add(text.stringValue().length());
        return text.stringValue();
    }

    private void add(long more) throws Wrong {
        bytes += more;
        if (bytes > bytesMax) throw new Wrong(SetError.of(SetError.Type.TOO_LARGE));
    }

    private static String type(String property, JsonNode node, @Nullable JsonNode children) throws Wrong {
        JsonNode given = node.get("type");
        if (given == null || given.isNull()) return children == null ? "text/plain" : "multipart/mixed";
        String type = HeaderWriter.text(property, given).toLowerCase(Locale.ROOT);
        if (!type.matches("[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")) throw new Wrong(property, "not a type");
        return type;
    }

    private static Labels labels(String property, JsonNode node, @Nullable String otherwise) throws Wrong {
        var fields = new ArrayList<DraftField>();
        for (Map.Entry<String, JsonNode> one : node.properties()) {
            if (one.getKey().equals("headers")) throw new Wrong(property, "headers cannot be set");
            if (!one.getKey().startsWith(HeaderForm.PREFIX)) continue;
            HeaderForm form = HeaderForm.read(one.getKey());
            if (form == null || form.field().equalsIgnoreCase("Content-Transfer-Encoding")) {
                throw new Wrong(property, "has a header field that cannot be set");
            }
            fields.addAll(HeaderWriter.fields(form, one.getValue()));
        }
        var language = new ArrayList<String>();
        JsonNode tags = node.get("language");
        if (tags != null && tags.isArray()) for (JsonNode tag : tags) language.add(HeaderWriter.text(property, tag));
        String disposition = text(property, node, "disposition");
        return new Labels(
                disposition == null ? otherwise : disposition.toLowerCase(Locale.ROOT),
                text(property, node, "name"),
                text(property, node, "cid"),
                language,
                text(property, node, "location"),
                fields);
    }

    private static @Nullable String text(String property, JsonNode node, String member) throws Wrong {
        JsonNode value = node.get(member);
        return value == null || value.isNull() ? null : HeaderWriter.text(property, value);
    }
}
