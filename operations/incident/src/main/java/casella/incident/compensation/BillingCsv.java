package casella.incident.compensation;

import java.util.List;

/// Rows of a table as billing reads them: RFC 4180 §2, and nothing in them that a spreadsheet would compute.
public final class BillingCsv {
    private BillingCsv() {}

    /// Returns one row with its line end. A field that begins as a formula would gets an apostrophe before it.
    public static String row(List<String> fields) {
        return String.join(",", fields.stream().map(BillingCsv::field).toList()) + "\r\n";
    }

    private static String field(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r\n|".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
