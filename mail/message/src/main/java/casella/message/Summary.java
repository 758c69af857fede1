package casella.message;

import org.jspecify.annotations.Nullable;

/// All that listing a mail needs, computed once when it arrives: IMAP ENVELOPE, BODYSTRUCTURE and
/// PREVIEW, JMAP's properties, and where in the mail each part is.
///
/// @param preview at most [Preview#CHARS_MAX] characters of readable text. RFC 8970 §3.1, RFC 8621
///     §4.1.4
/// @param root the mail's structure
/// @param hasAttachment whether something is to be downloaded. RFC 8621 §4.1.4
/// @param size of the whole mail in bytes
public record Summary(
        Envelope envelope, String preview, Part root, boolean hasAttachment, int size) {

    /// Returns the summary of a mail. Never throws, whatever the bytes; time is linear in them,
    /// memory is bounded by the limits of [Structure].
    public static Summary of(byte[] raw) {
        Structure.Outline outline = Structure.of(raw);
        BodyLists lists = BodyLists.of(outline.root());
        return new Summary(
                outline.envelope(),
                Preview.of(raw, lists),
                outline.root(),
                lists.hasAttachment(),
                raw.length);
    }

    /// Returns the first words of a mail's readable text, one line, like its preview but longer.
    ///
    /// @param raw the mail this is the summary of
    /// @param charsMax at most 4,096
    public String firstWords(byte[] raw, int charsMax) {
        return Preview.of(raw, BodyLists.of(root), Math.min(charsMax, 4_096));
    }

    /// Returns the summary that [#encode()] wrote.
    ///
    /// @throws casella.base.Fault.Corrupt if the bytes are no stored summary, or of a version not
    /// known here
    public static Summary decode(byte[] stored) {
        return StoredReader.summary(stored);
    }

    /// Returns the stored form: a version byte, then `summary.proto`. Equal summaries have equal
    /// bytes.
    public byte[] encode() {
        return SummaryForm.encode(this);
    }

    /// Returns the length of the header block in bytes, with the blank line that ends it.
    public int headerLength() {
        return root.headerLength();
    }

    /// Returns the part with this number (`1`, `2.1`), or null. `TEXT` and `n.TEXT` name a
    /// message's multipart.
    public @Nullable Part part(String section) {
        return find(root, section);
    }

    private static @Nullable Part find(Part part, String section) {
        if (part.section().equals(section)) return part;
        for (Part child : part.children()) {
            Part found = find(child, section);
            if (found != null) return found;
        }
        Part.Nested nested = part.nested();
        return nested == null ? null : find(nested.root(), section);
    }
}
