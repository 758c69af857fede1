package casella.message;

/// The text of a part, as a client shows it. RFC 8621 §4.1.4 (EmailBodyValue).
///
/// @param value decoded, each CR LF one LF
/// @param encodingProblem something was unknown or had to be replaced
/// @param truncated there is more
public record BodyValue(String value, boolean encodingProblem, boolean truncated) {

    /// Returns the text of a text part.
    ///
    /// @param part of the mail `raw`
    /// @param bytesMax longest value in bytes of UTF-8, 0 for no limit; never cuts a character, nor
    ///     an HTML tag (RFC 8621 §4.2)
    public static BodyValue of(byte[] raw, Part part, int bytesMax) {
        TransferDecoding.Decoded decoded = TransferDecoding.decode(raw, part);
        Charsets.Text text = Charsets.decode(decoded.bytes(), part.charset());
        String value = text.text().replace("\r\n", "\n");
        boolean problem = decoded.problem() || text.problem();
        if (bytesMax <= 0) return new BodyValue(value, problem, false);
        int end = fitting(value, bytesMax);
        if (end == value.length()) return new BodyValue(value, problem, false);
        if (part.is("text/html")) end = outsideTag(value, end);
        return new BodyValue(value.substring(0, end), problem, true);
    }

    /// Returns how many UTF-16 units of `text` fit into `bytesMax` bytes of UTF-8.
    private static int fitting(String text, int bytesMax) {
        int bytes = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > bytesMax) return at;
            at += Character.charCount(c);
        }
        return at;
    }

    private static int outsideTag(String html, int end) {
        int open = html.lastIndexOf('<', end - 1);
        return open >= 0 && html.lastIndexOf('>', end - 1) < open ? open : end;
    }
}
