package casella.message;

/// The line of readable text shown beside a subject. RFC 8970 §3.1, RFC 8621 §4.1.4.
final class Preview {
    /// RFC 8970 §3.1 allows 256.
    static final int CHARS_MAX = 256;

    /// Encoded bytes of one part that are looked at: newsletters begin with that much style.
    private static final int PART_BYTES_MAX = 131_072;

    /// Encoded bytes that hold [#CHARS_MAX] characters of nearly every plain text.
    private static final int FIRST_BYTES = 4_096;

    /// Parts that are looked at before giving up.
    private static final int PARTS_MAX = 8;

    private Preview() {}

    /// Returns readable text of the first parts that have any, one line; quoted lines only when
    /// there is nothing else.
    static String of(byte[] raw, BodyLists lists) {
        return of(raw, lists, CHARS_MAX);
    }

    /// Returns at most `charsMax` characters of it.
    static String of(byte[] raw, BodyLists lists, int charsMax) {
        StringBuilder out = new StringBuilder();
        int looked = 0;
        for (Part part : lists.textBody()) {
            if (!part.type().equals("text") || looked++ >= PARTS_MAX || out.length() >= charsMax)
                continue;
            String line = line(raw, part, charsMax);
            if (!out.isEmpty() && !line.isEmpty()) out.append(' ');
            out.append(line);
        }
        return Octets.cut(out.toString(), charsMax).stripTrailing();
    }

    /// Returns what a part has to show. Of plain text its first bytes are nearly always enough; HTML has to be read from
    /// further on, since what looks like a tag left open depends on what follows.
    private static String line(byte[] raw, Part part, int charsMax) {
        if (!part.subtype().equals("html") && part.bodyLength() > FIRST_BYTES) {
            String line = line(text(raw, part, FIRST_BYTES, charsMax), charsMax);
            if (line.length() >= charsMax) return line;
        }
        return line(text(raw, part, PART_BYTES_MAX, charsMax), charsMax);
    }

    private static String line(String text, int charsMax) {
        String fresh = squeezed(withoutQuotes(text, charsMax), charsMax);
        return fresh.isEmpty() ? squeezed(text, charsMax) : fresh;
    }

    private static String text(byte[] raw, Part part, int bytesMax, int charsMax) {
        int length = Math.min(part.bodyLength(), bytesMax);
        byte[] bytes =
                TransferDecoding.decode(raw, part.bodyOffset(), length, part.encoding()).bytes();
        int whole =
                length < part.bodyLength()
                        ? Octets.withoutCutCharacter(bytes, 0, bytes.length)
                        : bytes.length;
        String text = Charsets.decode(bytes, 0, whole, part.charset()).text();
        return part.subtype().equals("html") ? HtmlText.of(text, charsMax * 8) : text;
    }

    private static String withoutQuotes(String text, int charsMax) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length() && out.length() < charsMax * 8; ) {
            int end = text.indexOf('\n', at);
            int next = end < 0 ? text.length() : end + 1;
            if (text.charAt(at) != '>') out.append(text, at, Math.min(next, at + charsMax * 8));
            at = next;
        }
        return out.toString();
    }

    /// Returns one line: runs of spaces are one; controls and the invisible characters that
    /// newsletters pad with are gone, and so are halves of characters.
    private static String squeezed(String text, int charsMax) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length() && out.length() < charsMax; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') out.append(' ');
            } else if (isVisible(c)) {
                out.appendCodePoint(c);
            }
        }
        return out.toString().strip();
    }

    private static boolean isVisible(int c) {
        int kind = Character.getType(c);
        boolean joins = c == 0x200D; // zero width joiner: keeps emoji of several characters whole
        return joins
                || (kind != Character.CONTROL
                        && kind != Character.FORMAT
                        && kind != Character.SURROGATE
                        && c != 0x34F);
    }
}
