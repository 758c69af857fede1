package casella.directory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads CSV: RFC 4180, with LF for CRLF taken too, `;` for `,` where the first row has no comma, and a BOM ignored.
public final class CsvReader {
    private static final int FIELD_CHARS_MAX = 8_192;
    private static final int FIELDS_MAX = 64;

    private final BufferedReader in;
    private char separator;
    private boolean first = true;
    private int line = 1;

    public CsvReader(Reader in) {
        this.in = in instanceof BufferedReader buffered ? buffered : new BufferedReader(in);
    }

    /// What cannot be read on; names the line.
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1L;

        Malformed(int line, String why) {
            super("line " + line + ": " + why);
        }
    }

    /// A row and the line of the file it begins on, counted from 1.
    public record Row(int line, List<String> fields) {}

    /// Returns the next row that is not empty; null at the end.
    public @Nullable Row next() throws IOException {
        if (first) {
            in.mark(4_096);
            if (in.read() != '\uFEFF') in.reset();
            in.mark(4_096);
            char[] head = new char[4_000];
            int got = Math.max(0, in.read(head));
            in.reset();
            separator = separator(new String(head, 0, got));
            first = false;
        }
        while (true) {
            int at = line;
            List<String> fields = row();
            if (fields == null) return null;
            if (fields.size() > 1 || !fields.getFirst().isBlank()) return new Row(at, fields);
        }
    }

    private static char separator(String head) {
        int end = head.indexOf('\n');
        String row = end < 0 ? head : head.substring(0, end);
        return row.indexOf(',') < 0 && row.indexOf(';') >= 0 ? ';' : ',';
    }

    private @Nullable List<String> row() throws IOException {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        int c = in.read();
        if (c < 0) return null;
        while (true) {
            if (c == '"' && field.isEmpty()) {
                quoted(field);
                c = in.read();
                if (c >= 0 && c != separator && c != '\r' && c != '\n') {
                    throw new Malformed(line, "text after a closing quote");
                }
            }
            if (c < 0 || c == '\n') {
                fields.add(field.toString());
                line++;
                return fields;
            } else if (c == separator) {
                if (fields.size() == FIELDS_MAX) throw new Malformed(line, "more than 64 columns");
                fields.add(field.toString());
                field.setLength(0);
            } else if (c != '\r') {
                if (field.length() == FIELD_CHARS_MAX) throw new Malformed(line,
                        "a field of more than 8192 characters");
                field.append((char) c);
            }
            c = in.read();
        }
    }

    /// Reads up to the closing quote; two quotes are one. RFC 4180 §2.
    private void quoted(StringBuilder field) throws IOException {
        int from = line;
        while (true) {
            int c = in.read();
            if (c < 0) throw new Malformed(from, "a quote that is never closed");
            if (c == '"') {
                in.mark(1);
                if (in.read() != '"') {
                    in.reset();
                    return;
                }
            }
            if (c == '\n') line++;
            if (field.length() == FIELD_CHARS_MAX) throw new Malformed(from,
                    "a field of more than 8192 characters");
            field.append((char) c);
        }
    }
}
