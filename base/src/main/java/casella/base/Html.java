package casella.base;

/// Writes text into HTML so that it stays text.
public final class Html {
    private Html() {}

    /// Returns `text` for an element's content or a quoted attribute.
    public static String text(String text) {
        var out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    // XML 1.0 §2.2 has no other control characters, and the feed is made of the same text.
                    if (c >= ' ' || c == '\n' || c == '\t') out.append(c);
                }
            }
        }
        return out.toString();
    }

    /// Returns paragraphs: an empty line divides them, a line's end breaks one.
    public static String paragraphs(String text) {
        return "<p>" + text(text).replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>";
    }
}
