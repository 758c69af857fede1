package casella.message;

/// What a search looks at: decoded text, bounded. RFC 9051 §6.4.4 (BODY, TEXT), RFC 8621 §4.4.1.
public final class SearchText {
    /// Encoded bytes of one part that are decoded.
    public static final int PART_BYTES_MAX = 4_194_304;

    private SearchText() {}

    /// Returns the words of all text parts, those of enclosed messages with their headers too, one
    /// after the other. HTML is without its tags.
    ///
    /// @param charsMax about the longest answer
    public static String body(byte[] raw, Summary summary, int charsMax) {
        StringBuilder out = new StringBuilder();
        collect(raw, summary.root(), out, charsMax);
        return out.toString();
    }

    /// Returns what a reader sees of a mail: the text of the parts that are shown (RFC 8621 §4.1.4, textBody), one after the other. HTML is
    /// without its tags; of attachments and enclosed messages there is nothing.
    ///
    /// @param charsMax about the longest answer
    public static String shown(byte[] raw, Summary summary, int charsMax) {
        StringBuilder out = new StringBuilder();
        for (Part part : BodyLists.of(summary.root()).textBody()) {
            int left = charsMax - out.length();
            if (part.type().equals("text") && left > 0) text(raw, part, out, left);
        }
        return out.toString();
    }

    /// Returns the decoded header, a line a field (`Subject: Così`).
    ///
    /// @param header a range such as [Part#header()]
    /// @param charsMax about the longest answer
    public static String header(byte[] raw, Range header, int charsMax) {
        StringBuilder out = new StringBuilder();
        for (HeaderField field : Headers.of(raw, header).all()) {
            if (out.length() >= charsMax) break;
            out.append(field.name())
                    .append(": ")
                    .append(Octets.cut(field.asText(), charsMax))
                    .append('\n');
        }
        return out.toString();
    }

    private static void collect(byte[] raw, Part part, StringBuilder out, int charsMax) {
        for (Part child : part.children()) collect(raw, child, out, charsMax);
        Part.Nested nested = part.nested();
        int left = charsMax - out.length();
        if (nested != null && left > 0) {
            out.append(header(raw, nested.root().header(), left)).append('\n');
            collect(raw, nested.root(), out, charsMax);
        } else if (part.type().equals("text") && part.children().isEmpty() && left > 0) {
            text(raw, part, out, left);
        }
    }

    private static void text(byte[] raw, Part part, StringBuilder out, int left) {
        int length = Math.min(part.bodyLength(), PART_BYTES_MAX);
        byte[] bytes = TransferDecoding.decode(raw, part.bodyOffset(), length, part.encoding()).bytes();
        String text = Charsets.decode(bytes, part.charset()).text();
        out.append(part.is("text/html") ? HtmlText.of(text, left) : Octets.cut(text, left)).append('\n');
    }
}
