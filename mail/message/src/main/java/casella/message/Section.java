package casella.message;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What IMAP's `BODY[…]` names. RFC 9051 §6.4.5 and `section-spec` of §9.
///
/// @param part part number such as `1.2`; empty for the mail itself
/// @param what which piece of it; `MIME` only with a part number
public record Section(String part, What what) {
    /// Numbers in one part specifier; deeper than any structure we make ([Structure#DEPTH_MAX]).
    static final int NUMBERS_MAX = 100;

    /// The piece.
    public enum What {
        /// The whole mail, or the still encoded body of a part.
        ALL,
        /// The header of a message, with its blank line.
        HEADER,
        /// What follows the header of a message.
        TEXT,
        /// The MIME header of a part, with its blank line.
        MIME
    }

    /// Returns the section that `spec` says, such as ``, `TEXT`, `1.2` or `1.2.MIME` in any case,
    /// or null when it is none. `HEADER.FIELDS` is the caller's: it is `HEADER` and
    /// [Headers#filtered].
    public static @Nullable Section parse(String spec) {
        if (spec.isEmpty()) return new Section("", What.ALL);
        String[] pieces = spec.split("\\.", -1);
        if (pieces.length > NUMBERS_MAX) return null;
        int numbers = 0;
        while (numbers < pieces.length && isNumber(pieces[numbers])) numbers++;
        if (pieces.length - numbers > 1) return null;
        String part = String.join(".", Arrays.copyOf(pieces, numbers));
        if (numbers == pieces.length) return new Section(part, What.ALL);
        return switch (Octets.lower(pieces[numbers])) {
            case "header" -> new Section(part, What.HEADER);
            case "text" -> new Section(part, What.TEXT);
            case "mime" -> numbers == 0 ? null : new Section(part, What.MIME);
            default -> null;
        };
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= 9
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Returns the bytes it names in the mail of `summary`, or null when there is no such part, or
    /// `HEADER` or `TEXT` is asked of a part that is no message.
    public @Nullable Range in(Summary summary) {
        Part root = summary.root();
        if (part.isEmpty()) {
            return switch (what) {
                case ALL -> new Range(0, summary.size());
                case HEADER -> root.header();
                case TEXT -> new Range(root.headerLength(), summary.size() - root.headerLength());
                case MIME -> null;
            };
        }
        Part found = summary.part(part);
        if (found == null) return null;
        return switch (what) {
            case ALL -> found.body();
            case MIME -> found.header();
            case HEADER -> found.nested() == null ? null : nested(found).header();
            case TEXT -> found.nested() == null ? null : nested(found).body();
        };
    }

    private static Part nested(Part message) {
        return Objects.requireNonNull(message.nested()).root();
    }
}
