package casella.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part while its mail is being read ([Structure]); becomes a [Part].
final class Node {
    final int depth;
    int headerOffset;
    int bodyOffset;
    int bodyEnd;
    int lines;
    /// Line feeds of the mail before the body.
    int lineFeedsBefore;
    boolean opaque;
    Parameters.Content content = Parameters.TEXT_PLAIN;
    String encoding = "7bit";
    @Nullable String contentId;
    @Nullable String description;
    @Nullable Disposition disposition;
    List<String> language = List.of();
    @Nullable String location;
    @Nullable String md5;
    /// Set while lines are compared with it.
    byte @Nullable [] boundary;
    /// The envelope of the message whose root this is; null for other parts.
    @Nullable Envelope envelope;
    @Nullable Node nested;
    final List<Node> children = new ArrayList<>();

    Node(int depth) {
        this.depth = depth;
    }

    boolean isMessage() {
        return !opaque && content.isMessage();
    }

    void makeOpaque() {
        opaque = true;
        boundary = null;
        content = Parameters.OCTETS;
        encoding = "binary";
    }

    /// Returns the finished part.
    ///
    /// @param number the IMAP number of the part; for the root of a message, that of the message
    ///     (empty for the mail)
    /// @param isRoot whether it is a message's root: then its own number is one deeper unless it is
    ///     a multipart
    /// @param wrapped whether it lies in a message that is itself encoded, against RFC 2046 §5.2.1:
    ///     then its decoded size is not counted again, so that the work stays linear
    Part freeze(byte[] raw, String number, boolean isRoot, boolean wrapped) {
        boolean multipart = !children.isEmpty();
        String own = section(number, isRoot, multipart);
        List<Part> parts = new ArrayList<>();
        for (Node part : children) {
            parts.add(part.freeze(raw, child(number, parts.size() + 1), false, wrapped));
        }
        // RFC 2045 §5.2: what cannot be understood is plain text; so its words are read.
        Parameters.Content shown =
                content.isMultipart() && !multipart ? Parameters.TEXT_PLAIN : content;
        int length = bodyEnd - bodyOffset;
        boolean counted = multipart || (wrapped && nested != null);
        int decoded =
                counted ? length : TransferDecoding.decodedSize(raw, bodyOffset, length, encoding);
        Part.Nested inside = null;
        if (nested != null) {
            Envelope known = nested.envelope;
            boolean wraps = wrapped || !TransferDecoding.isIdentity(encoding);
            Part root = nested.freeze(raw, own, true, wraps);
            inside = new Part.Nested(known == null ? Envelope.EMPTY : known, root);
        }
        return new Part(
                own,
                shown.type(),
                shown.subtype(),
                shown.parameters(),
                contentId,
                description,
                encoding,
                disposition,
                language,
                location,
                md5,
                headerOffset,
                bodyOffset - headerOffset,
                bodyOffset,
                length,
                lines,
                decoded,
                opaque,
                parts,
                inside);
    }

    /// Returns the section of a part ([Part#section()]).
    static String section(String number, boolean isRoot, boolean multipart) {
        if (!isRoot) return number;
        String last = multipart ? "TEXT" : "1";
        return number.isEmpty() ? last : number + "." + last;
    }

    /// Returns the number of the `count`th child of the multipart or message numbered `number`.
    static String child(String number, int count) {
        return number.isEmpty() ? Integer.toString(count) : number + "." + count;
    }
}
