package casella.imap;

import org.jspecify.annotations.Nullable;

/// The `{310}`, `{310+}` or `~{310}` at the end of a line that says a literal follows. RFC 9051 §4.3, RFC 7888 §3.
///
/// @param size in bytes, 0 to 2^63 - 1
/// @param synchronizing whether the client waits for our `+` before it sends the bytes
record LiteralHead(long size, boolean synchronizing) {
    private static final int DIGITS_MAX = 18;

    /// Returns the head `line` ends with, or null when it ends otherwise.
    static @Nullable LiteralHead endOf(String line) {
        int end = line.length() - 1;
        if (end < 0 || line.charAt(end) != '}') return null;
        boolean synchronizing = true;
        if (end > 0 && line.charAt(end - 1) == '+') {
            synchronizing = false;
            end--;
        }
        int from = end;
        while (from > 0 && isDigit(line.charAt(from - 1))) from--;
        if (from == end || from == 0 || line.charAt(from - 1) != '{') return null;
        // A number nobody can mean still is a literal head: it is refused by its size.
        long size = end - from > DIGITS_MAX ? Long.MAX_VALUE : Long.parseLong(line.substring(from, end));
        return new LiteralHead(size, synchronizing);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
