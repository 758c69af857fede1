package casella.incident.breach;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;

/// Text on pages of A4, from the top down, with one embedded font that has the letters of Latin, Greek and Cyrillic scripts. For one
/// thread.
final class Sheet {
    /// In the library's own jar (SIL Open Font License).
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final float MARGIN = 56;
    private static final float LEADING = 1.35f;
    private static final float BODY = 10;
    private static final int PAGES_MAX = 200;

    private final PDDocument document = new PDDocument();
    private final PDFont font;
    private final String foot;
    private PDPageContentStream page;
    private float y;

    /// @param foot at the bottom of each page, before its number
    Sheet(String title, String language, String foot) throws IOException {
        try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
            if (in == null) throw new IOException("The font is not in the library: " + FONT);
            this.font = PDType0Font.load(document, in);
        }
        this.foot = foot;
        document.getDocumentInformation().setTitle(title);
        document.getDocumentCatalog().setLanguage(language);
        this.page = begin();
    }

    private PDPageContentStream begin() throws IOException {
        var next = new PDPage(PDRectangle.A4);
        if (document.getNumberOfPages() >= PAGES_MAX) throw new IOException("More than " + PAGES_MAX + " pages");
        document.addPage(next);
        y = PDRectangle.A4.getHeight() - MARGIN;
        return new PDPageContentStream(document, next);
    }

    private void room(float height) throws IOException {
        if (y - height > MARGIN + 20) return;
        page.close();
        page = begin();
    }

    /// Writes a line as a title, in `size`.
    void title(String text, float size) throws IOException {
        for (String line : lines(text, size, width())) {
            room(size * LEADING);
            put(line, MARGIN, size, true);
            y -= size * LEADING;
        }
    }

    /// Writes a heading, and keeps it with what follows.
    void heading(String text) throws IOException {
        y -= 8;
        room(60);
        put(text, MARGIN, 12, true);
        y -= 4;
        page.setLineWidth(0.6f);
        page.moveTo(MARGIN, y - 12);
        page.lineTo(MARGIN + width(), y - 12);
        page.stroke();
        y -= 26;
    }

    void paragraph(String text) throws IOException {
        for (String part : text.split("\n", -1)) {
            for (String line : lines(part, BODY, width())) {
                room(BODY * LEADING);
                put(line, MARGIN, BODY, false);
                y -= BODY * LEADING;
            }
        }
        y -= 4;
    }

    /// Writes what something is called, and behind it what it is.
    void pair(String name, String value) throws IOException {
        float column = 170;
        boolean first = true;
        List<String> names = lines(name, BODY, column - 10);
        var values = new ArrayList<String>();
        for (String part : value.split("\n", -1)) values.addAll(lines(part, BODY, width() - column));
        for (int i = 0; i < Math.max(names.size(), values.size()); i++) {
            room(BODY * LEADING * (first ? 2 : 1));
            first = false;
            if (i < names.size()) {
                page.setNonStrokingColor(0.35f);
                put(names.get(i), MARGIN, BODY, false);
                page.setNonStrokingColor(0f);
            }
            if (i < values.size()) put(values.get(i), MARGIN + column, BODY, false);
            y -= BODY * LEADING;
        }
        y -= 3;
    }

    private static float width() {
        return PDRectangle.A4.getWidth() - 2 * MARGIN;
    }

    private void put(String text, float x, float size, boolean bold) throws IOException {
        page.beginText();
        page.setFont(font, size);
        // The library has one weight: a thin outline stands for the other.
        page.setRenderingMode(bold ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        page.setLineWidth(bold ? size / 40 : 0);
        page.newLineAtOffset(x, y - size);
        page.showText(text);
        page.endText();
    }

    /// Returns `text` in lines no wider than `width`; a word that is wider is broken. At least one line.
    private List<String> lines(String text, float size, float width) throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : writable(text).split(" +")) {
            String with = line.isEmpty() ? word : line + " " + word;
            if (wide(with, size) <= width) {
                line.setLength(0);
                line.append(with);
                continue;
            }
            if (!line.isEmpty()) lines.add(line.toString());
            line.setLength(0);
            line.append(broken(word, size, width, lines));
        }
        lines.add(line.toString());
        return lines;
    }

    /// Adds the lines that a too wide word fills, and returns its rest.
    private String broken(String word, float size, float width, List<String> lines) throws IOException {
        int from = 0;
        for (int i = 1; i <= word.length(); i++) {
            if (wide(word.substring(from, i), size) <= width || i - from <= 1) continue;
            lines.add(word.substring(from, i - 1));
            from = i - 1;
        }
        return word.substring(from);
    }

    private float wide(String text, float size) throws IOException {
        return font.getStringWidth(text) / 1_000 * size;
    }

    /// Returns the text with a question mark for each letter that the font has not.
    private String writable(String text) throws IOException {
        var out = new StringBuilder();
        for (int letter : text.codePoints().toArray()) {
            String one = Character.isISOControl(letter) ? " " : Character.toString(letter);
            out.append(has(one) ? one : "?");
        }
        return out.toString();
    }

    private boolean has(String letter) throws IOException {
        try {
            var _ = font.encode(letter);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Returns the document, with the number of each page at its bottom.
    byte[] bytes() throws IOException {
        page.close();
        int pages = document.getNumberOfPages();
        for (int i = 0; i < pages; i++) {
            try (var end = new PDPageContentStream(document, document.getPage(i),
                    PDPageContentStream.AppendMode.APPEND, true, true)) {
                page = end;
                y = MARGIN - 10;
                page.setNonStrokingColor(0.35f);
                put(writable(foot) + "  ·  " + (i + 1) + "/" + pages, MARGIN, 8, false);
            }
        }
        var out = new ByteArrayOutputStream();
        document.save(out);
        return out.toByteArray();
    }

    /// Gives back what the document holds.
    void close() throws IOException {
        document.close();
    }
}
