package casella.incident;

import java.util.List;

/// Rows of a table as a file: RFC 4180 §2, and nothing in them that a table program would compute.
public final class Csv {
    private Csv() {}

    /// Returns one row with its line end. A field that begins as a formula would gets an apostrophe before it.
    public static String row(List<String> fields) {
        return String.join(",", fields.stream().map(Csv::field).toList()) + "\r\n";
    }

    private static String field(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r\n|".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
