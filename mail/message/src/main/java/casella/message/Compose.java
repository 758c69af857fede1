package casella.message;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds the usual mail: text, HTML, pictures inside the HTML, attachments. RFC 2046 §5.1,
/// RFC 2387.
///
/// {@snippet :
/// byte[] raw = new Compose()
///         .from(Address.of("Posta", "posta@posta.example"))
///         .to(Address.of("anna@posta.example"))
///         .subject("Benvenuta")
///         .text("Ciao Anna,\n…")
///         .draft()
///         .bytes();
/// }
public final class Compose {
    private final List<DraftField> fields = new ArrayList<>();
    private @Nullable String text;
    private @Nullable String html;
    private final List<DraftPart> inline = new ArrayList<>();
    private final List<DraftPart> attachments = new ArrayList<>();

    public Compose from(Address... addresses) {
        return field(DraftField.addresses("From", List.of(addresses)));
    }

    public Compose to(Address... addresses) {
        return field(DraftField.addresses("To", List.of(addresses)));
    }

    public Compose cc(Address... addresses) {
        return field(DraftField.addresses("Cc", List.of(addresses)));
    }

    public Compose replyTo(Address... addresses) {
        return field(DraftField.addresses("Reply-To", List.of(addresses)));
    }

    public Compose subject(String subject) {
        return field(DraftField.text("Subject", subject));
    }

    public Compose date(OffsetDateTime at) {
        return field(DraftField.date("Date", at));
    }

    /// @param id without angle brackets
    public Compose messageId(String id) {
        return field(DraftField.messageIds("Message-ID", List.of(id)));
    }

    /// Makes it an answer.
    ///
    /// @param ids of the conversation, oldest first, the answered mail's last
    public Compose answers(List<String> ids) {
        if (ids.isEmpty()) return this;
        field(DraftField.messageIds("In-Reply-To", List.of(ids.getLast())));
        return field(DraftField.messageIds("References", ids));
    }

    public Compose field(DraftField field) {
        fields.add(field);
        return this;
    }

    public Compose text(String plain) {
        text = plain;
        return this;
    }

    public Compose html(String markup) {
        html = markup;
        return this;
    }

    /// Adds what the HTML shows as `cid:…`.
    public Compose inline(String cid, String mediaType, @Nullable String name, byte[] bytes) {
        inline.add(new DraftPart.Content(mediaType, bytes, DraftPart.Labels.inline(cid, name)));
        return this;
    }

    public Compose attach(String mediaType, String name, byte[] bytes) {
        attachments.add(new DraftPart.Content(mediaType, bytes, DraftPart.Labels.attachment(name)));
        return this;
    }

    /// Adds a whole mail.
    public Compose forward(byte[] raw, String name) {
        attachments.add(new DraftPart.Message(raw, DraftPart.Labels.attachment(name)));
        return this;
    }

    /// Returns the draft; without text and HTML its text is empty.
    public Draft draft() {
        List<DraftPart> mixed = new ArrayList<>();
        mixed.add(body());
        mixed.addAll(attachments);
        return new Draft(
                fields,
                mixed.size() == 1 ? mixed.getFirst() : new DraftPart.Multipart("mixed", mixed));
    }

    private DraftPart body() {
        DraftPart plain =
                new DraftPart.Text("plain", text == null ? "" : text, DraftPart.Labels.NONE);
        if (html == null) return plain;
        return text == null
                ? rich(html)
                : new DraftPart.Multipart("alternative", List.of(plain, rich(html)));
    }

    private DraftPart rich(String markup) {
        DraftPart page = new DraftPart.Text("html", markup, DraftPart.Labels.NONE);
        if (inline.isEmpty()) return page;
        List<DraftPart> related = new ArrayList<>();
        related.add(page);
        related.addAll(inline);
        return new DraftPart.Multipart(
                "related",
                List.of(new Parameter("type", "text/html")),
                related,
                DraftPart.Labels.NONE);
    }
}
