package casella.incident;

import casella.base.Html;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A text of several paragraphs as operators write it in a plain file: a title, headings, lists, paragraphs. Nothing else in it means
/// anything: what looks like HTML or like a link stays text.
///
/// ```text
/// # Title         the first line
/// ## Heading
/// - item          of a list
/// else            a paragraph; an empty line ends it
/// ```
///
/// @param title one line
/// @param parts at least one
public record Article(String title, List<Part> parts) {
    /// Bytes of it as HTML: with what stands around it the page stays below 50 KB, and both languages go into one order.
    public static final int HTML_BYTES_MAX = 24_000;

    private static final int TITLE_MAX = 200;

    public Article {
        parts = List.copyOf(parts);
    }

    /// A part of it.
    public sealed interface Part {
        record Heading(String text) implements Part {}

        record Items(List<String> texts) implements Part {
            public Items {
                texts = List.copyOf(texts);
            }
        }

        record Paragraph(String text) implements Part {}
    }

    /// Reads a text.
    ///
    /// @throws IllegalArgumentException if it has no title or no other line, has control characters, or is too long
    public static Article of(String text) {
        String plain = text.replace("\r\n", "\n").replace('\r', '\n').replace('\t', ' ').strip();
        // Some editors begin a file with a mark that nobody sees.
        if (plain.startsWith("\ufeff")) plain = plain.substring(1).strip();
        if (plain.length() > HTML_BYTES_MAX) throw tooLong();
        if (plain.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c))) {
            throw new IllegalArgumentException("text: must have no control characters");
        }
        List<String> lines = plain.lines().map(String::strip).toList();
        if (lines.isEmpty() || !lines.getFirst().startsWith("# ")) {
            throw new IllegalArgumentException("text: must begin with a line '# Title'");
        }
        String title = lines.getFirst().substring(2).strip();
        if (title.isEmpty() || title.length() > TITLE_MAX) {
            throw new IllegalArgumentException("title: must be 1 to " + TITLE_MAX + " characters");
        }
        var article = new Article(title, parts(lines.subList(1, lines.size())));
        if (article.parts()
                .isEmpty()) throw new IllegalArgumentException("text: must have more than its title");
        if (article.html().getBytes(StandardCharsets.UTF_8).length > HTML_BYTES_MAX) throw tooLong();
        return article;
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("text: must be at most " + HTML_BYTES_MAX + " bytes as a page");
    }

    private static List<Part> parts(List<String> lines) {
        var parts = new ArrayList<Part>();
        var items = new ArrayList<String>();
        var paragraph = new ArrayList<String>();
        for (String line : lines) {
            boolean item = line.startsWith("- ");
            boolean heading = line.startsWith("## ") || line.startsWith("# ");
            if ((!item || !paragraph.isEmpty()) && !items.isEmpty()) {
                parts.add(new Part.Items(items));
                items.clear();
            }
            if ((item || heading || line.isEmpty()) && !paragraph.isEmpty()) {
                parts.add(new Part.Paragraph(String.join("\n", paragraph)));
                paragraph.clear();
            }
            if (heading) parts.add(new Part.Heading(line.substring(line.indexOf(' ')).strip()));
            else if (item) items.add(line.substring(2).strip());
            else if (!line.isEmpty()) paragraph.add(line);
        }
        if (!items.isEmpty()) parts.add(new Part.Items(items));
        if (!paragraph.isEmpty()) parts.add(new Part.Paragraph(String.join("\n", paragraph)));
        return parts;
    }

    /// Returns all below the title as HTML.
    public String html() {
        var out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Heading(String text) -> out.append("<h2>").append(Html.text(text))
                        .append("</h2>\n");
                case Part.Items(List<String> texts) -> {
                    out.append("<ul>");
                    texts.forEach(text -> out.append("<li>").append(Html.text(text)).append("</li>"));
                    out.append("</ul>\n");
                }
                case Part.Paragraph(String text) -> out.append(Html.paragraphs(text)).append('\n');
            }
        }
        return out.toString();
    }

    /// Returns the first paragraph; empty where there is none.
    public String summary() {
        return parts.stream().filter(Part.Paragraph.class::isInstance)
                .map(part -> ((Part.Paragraph) part).text())
                .findFirst().orElse("");
    }
}
