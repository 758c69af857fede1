package casella.message;

import java.util.List;

/// A mail to be written: from JMAP `Email/set`, or a notice of our own. [Compose] makes the usual
/// ones.
///
/// @param fields of the header in order, without `MIME-Version` and `Content-*`, which the parts
///     write
/// @param body its root part
public record Draft(List<DraftField> fields, DraftPart body) {
    public Draft {
        fields = List.copyOf(fields);
        for (DraftField field : fields) {
            String name = Octets.lower(field.name());
            if (name.equals("mime-version") || name.startsWith("content-")) {
                throw new IllegalArgumentException("draft: content fields belong to a part");
            }
        }
    }

    /// Returns the mail: RFC 5322 and MIME, lines at most 998 bytes and ended by CR LF. The same
    /// draft gives the same bytes.
    ///
    /// @throws IllegalArgumentException if parts lie deeper than a mail may have them
    public byte[] bytes() {
        return DraftWriter.write(this);
    }
}
