package casella.imap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One command as it came over the wire, before its grammar is looked at.
///
/// @param text its lines without their CRLF, joined by LF where a literal stood between them; one char is one byte.
///             A line holds no LF of its own, so the LF marks the literals unmistakably
/// @param literals the bytes of its literals, in order. RFC 9051 §4.3
record CommandText(String text, List<byte[]> literals) {

    /// Returns a command of one line, for tests and seeds.
    static CommandText line(String line) {
        return new CommandText(line, List.of());
    }

    /// Returns the command that `bytes` hold: lines, and after each `{n}` line end, `n` bytes. What is missing at the
    /// end stays missing. For the fuzz target, which has no socket.
    static CommandText of(byte[] bytes) {
        var text = new StringBuilder();
        var literals = new ArrayList<byte[]>();
        int at = 0;
        while (at < bytes.length) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') end++;
            String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
            if (line.endsWith("\r")) line = line.substring(0, line.length() - 1);
            text.append(line);
            at = end + 1;
            LiteralHead head = LiteralHead.endOf(line);
            if (head == null || (at >= bytes.length && head.size() > 0)) break;
            at = Math.min(at, bytes.length);
            int size = (int) Math.min(head.size(), bytes.length - at);
            literals.add(java.util.Arrays.copyOfRange(bytes, at, at + size));
            text.append('\n');
            at += size;
        }
        return new CommandText(text.toString(), List.copyOf(literals));
    }
}
