package casella.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One node of a mail's structure, complete enough for IMAP BODYSTRUCTURE and JMAP `bodyStructure`
/// without the mail.
///
/// A multipart has at least one child, a message/rfc822 or message/global has `nested`, everything
/// else neither. A multipart without a usable boundary is text/plain, so that its words are read.
/// `BODY[section]` of every part is exactly its body range (RFC 9051 §6.4.5).
///
/// @param section IMAP part number, `1` for the only part of a simple mail; for a multipart that is
///     a whole message, which has no number, `TEXT` or `n.TEXT`
/// @param type lower case, `text` where none was given (RFC 2045 §5.2)
/// @param subtype lower case
/// @param parameters of Content-Type as on the wire; no charset is added where none was given
///     ([#charset()])
/// @param contentId with its angle brackets, or null
/// @param description as on the wire: encoded words are still there
/// @param encoding Content-Transfer-Encoding in lower case, `7bit` where none was given
/// @param disposition or null
/// @param language tags of Content-Language in order
/// @param md5 Content-MD5 as written
/// @param headerOffset where its MIME header starts; for a message's root the message's own header
/// @param headerLength in bytes with the blank line that ends it
/// @param bodyOffset of its still encoded body
/// @param bodyLength in bytes; IMAP's "size in octets"
/// @param lines of the still encoded body; a last line without a line end counts
/// @param decodedSize bytes after transfer decoding; JMAP's `size`
/// @param opaque it lay beyond a limit of [Structure] and is not looked into; its type is then
///     application/octet-stream
/// @param children of a multipart, in order
/// @param nested of an enclosed message, else null
public record Part(
        String section,
        String type,
        String subtype,
        List<Parameter> parameters,
        @Nullable String contentId,
        @Nullable String description,
        String encoding,
        @Nullable Disposition disposition,
        List<String> language,
        @Nullable String location,
        @Nullable String md5,
        int headerOffset,
        int headerLength,
        int bodyOffset,
        int bodyLength,
        int lines,
        int decodedSize,
        boolean opaque,
        List<Part> children,
        @Nullable Nested nested) {

    /// The message inside a message/rfc822 or message/global part.
    public record Nested(Envelope envelope, Part root) {}

    public Part {
        parameters = List.copyOf(parameters);
        language = List.copyOf(language);
        children = List.copyOf(children);
    }

    public boolean isMultipart() {
        return !children.isEmpty();
    }

    /// Returns `type/subtype`, lower case.
    public String mediaType() {
        return type + "/" + subtype;
    }

    public boolean is(String mediaType) {
        return mediaType().equals(mediaType);
    }

    public Range header() {
        return new Range(headerOffset, headerLength);
    }

    public Range body() {
        return new Range(bodyOffset, bodyLength);
    }

    /// Returns the charset as written, `us-ascii` for text without one (RFC 2045 §5.2), null for
    /// anything else.
    public @Nullable String charset() {
        String given = Parameters.decoded(parameters, "charset");
        if (given != null && !given.isBlank()) return given.strip();
        return type.equals("text") ? "us-ascii" : null;
    }

    /// Returns the decoded file name: `filename` of the disposition, else `name` of the type.
    /// RFC 8621 §4.1.4.
    public @Nullable String name() {
        String name = disposition == null ? null : disposition.filename();
        return name != null ? name : Parameters.decoded(parameters, "name");
    }

    /// Returns the Content-ID without angle brackets and comments. RFC 8621 §4.1.4.
    public @Nullable String cid() {
        if (contentId == null) return null;
        int open = contentId.indexOf('<');
        int close = contentId.indexOf('>', open + 1);
        String cid = open >= 0 && close > open ? contentId.substring(open + 1, close) : contentId;
        return cid.isBlank() ? null : cid.strip();
    }

    /// Returns whether it says of itself that it is an attachment.
    public boolean isAttachment() {
        return disposition != null && disposition.type().equals("attachment");
    }
}
