package casella.imap;

/// Strings as the wire quotes them. RFC 9051 §4.3.
final class Quoted {
    /// Longest text we quote; more goes as a literal, since clients have line buffers.
    static final int CHARS_MAX = 1_000;

    private Quoted() {}

    /// Says whether `text` can stand in quotes: no CR, LF or NUL, ASCII unless `utf8`, and not too long.
    static boolean fits(String text, boolean utf8) {
        if (text.length() > CHARS_MAX) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0 || (c > 0x7E && !utf8)) return false;
        }
        return true;
    }

    /// Returns `text` in quotes, `"` and `\` escaped; what cannot be quoted becomes `?`.
    static String of(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\');
            out.append(c == '\r' || c == '\n' || c == 0 ? '?' : c);
        }
        return out.append('"').toString();
    }
}
