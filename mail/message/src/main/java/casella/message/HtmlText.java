package casella.message;

import java.util.Set;
import org.jsoup.parser.Parser;

/// Readable text of HTML in one pass: no tree, so the cost is linear whatever the nesting.
///
/// Leaves out tags, comments, `style`, `script`, `head`'s title; a block or `br` becomes a line
/// end, a cell a space.
final class HtmlText {
    private static final Set<String> SILENT =
            Set.of("style", "script", "title", "noscript", "template", "textarea");
    private static final Set<String> BLOCK =
            Set.of(
                    "p",
                    "div",
                    "br",
                    "tr",
                    "li",
                    "ul",
                    "ol",
                    "table",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "hr",
                    "blockquote",
                    "pre",
                    "section",
                    "article",
                    "header",
                    "footer",
                    "dd",
                    "dt",
                    "center",
                    "body");
    private static final int NAME_CHARS_MAX = 12;

    private final String html;
    private final StringBuilder out;
    private final int max;
    private int at;

    private HtmlText(String html, int max) {
        this.html = html;
        this.max = max;
        this.out = new StringBuilder(Math.min(html.length(), max));
    }

    /// Returns at most about `max` characters of text; spaces in a row are one, outer spaces are
    /// gone.
    static String of(String html, int max) {
        HtmlText reader = new HtmlText(html, max);
        reader.run();
        return reader.out.toString().strip();
    }

    private void run() {
        while (at < html.length() && out.length() < max) {
            int tag = html.indexOf('<', at);
            int stop = tag < 0 ? html.length() : tag;
            if (stop > at) text(html.substring(at, Math.min(stop, at + max)));
            at = stop;
            if (tag >= 0) tag();
        }
    }

    private void text(String piece) {
        String plain = piece.indexOf('&') < 0 ? piece : Parser.unescapeEntities(piece, false);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c <= ' ' || c == '\u00A0') space(' ');
            else out.append(c);
        }
    }

    private void space(char c) {
        int last = out.length() - 1;
        if (last < 0) return;
        char before = out.charAt(last);
        if (before == ' ' && c == '\n') out.setCharAt(last, '\n');
        else if (before != ' ' && before != '\n') out.append(c);
    }

    /// At `<`: skips a tag, a comment, or a silent element with what is in it.
    private void tag() {
        if (html.startsWith("<!--", at)) {
            int end = html.indexOf("-->", at + 4);
            at = end < 0 ? html.length() : end + 3;
            return;
        }
        int from = at + 1;
        boolean closing = from < html.length() && html.charAt(from) == '/';
        if (closing) from++;
        int end = from;
        while (end < html.length() && end - from <= NAME_CHARS_MAX && isNameChar(html.charAt(end)))
            end++;
        if (end == from && (from >= html.length() || "!?".indexOf(html.charAt(from)) < 0)) {
            out.append('<');
            at++;
            return;
        }
        String name = Octets.lower(html.substring(from, end));
        at = afterTag(end);
        if (BLOCK.contains(name)) space('\n');
        else if (name.equals("td") || name.equals("th")) space(' ');
        if (!closing && SILENT.contains(name)) skipTo(name);
    }

    private static boolean isNameChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /// Returns the index after the `>` that ends a tag, one inside quotes not counted; without any,
    /// the end.
    private int afterTag(int from) {
        char quote = 0;
        for (int i = from; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '>') {
                return i + 1;
            } else if ((c == '"' || c == '\'') && i > from && html.charAt(i - 1) == '=') {
                quote = c;
            }
        }
        // A quote never closed hides the rest; then the first bracket ends the tag.
        int bracket = html.indexOf('>', from);
        return quote == 0 || bracket < 0 ? html.length() : bracket + 1;
    }

    private void skipTo(String name) {
        while (at < html.length()) {
            int close = html.indexOf("</", at);
            if (close < 0) {
                at = html.length();
            } else if (html.regionMatches(true, close + 2, name, 0, name.length())) {
                at = close;
                return;
            } else {
                at = close + 2;
            }
        }
    }
}
