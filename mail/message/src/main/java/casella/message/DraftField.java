package casella.message;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;

/// A header field to be written. Nothing in it can start another field: line ends and controls
/// become spaces.
///
/// @param name printable ASCII without colon, at most [#NAME_CHARS_MAX] (RFC 5322 §3.6.8)
/// @param value in its final form: encoded words are in it, folds are not
public record DraftField(String name, String value) {
    public static final int NAME_CHARS_MAX = 70;

    /// Longest line we like, without its line end. RFC 5322 §2.1.1.
    private static final int LINE_BYTES = 78;

    /// Longest line there may be, without its line end. RFC 5322 §2.1.1.
    static final int LINE_BYTES_MAX = 998;

    public DraftField {
        if (!isName(name)) throw new IllegalArgumentException("header field: not a field name");
        value = Words.withoutControls(value.replaceAll("\r?\n(?=[ \t])", "")).strip();
    }

    /// Returns whether `name` may name a field.
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && name.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
    }

    /// Returns a field of readable text, encoded words made where needed. RFC 8621 §4.1.2.2.
    public static DraftField text(String name, String text) {
        return new DraftField(name, Words.encode(text));
    }

    /// Returns a field of addresses, groups kept.
    public static DraftField addresses(String name, List<? extends Address> addresses) {
        return new DraftField(
                name, String.join(", ", addresses.stream().map(Address::toString).toList()));
    }

    /// Returns a field of message ids.
    ///
    /// @param ids without angle brackets
    public static DraftField messageIds(String name, List<String> ids) {
        return new DraftField(
                name, String.join(" ", ids.stream().map(id -> "<" + id + ">").toList()));
    }

    public static DraftField date(String name, OffsetDateTime at) {
        return new DraftField(name, MailDate.write(at));
    }

    /// Returns a field of URLs in angle brackets. RFC 2369 §2.
    public static DraftField urls(String name, List<String> urls) {
        return new DraftField(
                name, String.join(", ", urls.stream().map(u -> "<" + u + ">").toList()));
    }

    /// Returns the field folded at its spaces, with its last CR LF. Only where there is no space in
    /// 998 bytes is one put in. RFC 5322 §2.2.3.
    public byte[] bytes() {
        StringBuilder out = new StringBuilder(name).append(":");
        int column = name.length() + 1;
        int at = 0;
        String rest = " " + value;
        while (at < rest.length()) {
            int end = wordEnd(rest, at);
            int width = rest.substring(at, end).getBytes(StandardCharsets.UTF_8).length;
            if (column + width > LINE_BYTES && at > 0) {
                out.append("\r\n");
                column = 0;
            }
            while (column + width > LINE_BYTES_MAX) {
                int cut = rest.offsetByCodePoints(at, Math.min(200, rest.codePointCount(at, end)));
                out.append(rest, at, cut).append("\r\n ");
                at = cut;
                column = 1;
                width = rest.substring(at, end).getBytes(StandardCharsets.UTF_8).length;
            }
            out.append(rest, at, end);
            column += width;
            at = end;
        }
        return out.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Returns the index after the spaces at `from` and the word behind them.
    private static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length() && Octets.isSpace(text.charAt(at))) at++;
        while (at < text.length() && !Octets.isSpace(text.charAt(at))) at++;
        return at;
    }
}
