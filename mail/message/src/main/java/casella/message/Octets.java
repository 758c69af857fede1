package casella.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Looking at the bytes of a mail: line ends, names, unfolding. A line ends with LF or CR LF; a
/// lone CR is a byte.
final class Octets {
    static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private Octets() {}

    /// Returns the index after the LF that ends the line at `from`, or `until` when none does.
    static int lineEnd(byte[] raw, int from, int until) {
        for (int i = from; i < until; i++) {
            if (raw[i] == '\n') return i + 1;
        }
        return until;
    }

    /// Returns where the text of the line `[from, end)` stops: `end` without its LF or CR LF.
    static int textEnd(byte[] raw, int from, int end) {
        if (end > from && raw[end - 1] == '\n') {
            return end - 1 > from && raw[end - 2] == '\r' ? end - 2 : end - 1;
        }
        return end;
    }

    /// Returns how many LF are in `[from, until)`.
    static int lineFeeds(byte[] raw, int from, int until) {
        int n = 0;
        for (int i = from; i < until; i++) {
            if (raw[i] == '\n') n++;
        }
        return n;
    }

    static boolean isSpace(int b) {
        return b == ' ' || b == '\t';
    }

    /// Returns a header field's value as text: unfolded (RFC 5322 §2.2.3), without NULs and outer
    /// spaces, at most `max` bytes of it. UTF-8 where it is UTF-8, else windows-1252 (RFC 7103
    /// §7.7).
    static String unfolded(byte[] raw, int from, int until, int max) {
        byte[] out = new byte[Math.min(until - from, Math.max(max, 0))];
        int n = 0;
        for (int i = from; i < until && n < out.length; i++) {
            byte b = raw[i];
            if (b == '\r' || b == '\n' || b == 0) {
                if (b != 0
                        && n > 0
                        && !isSpace(out[n - 1])
                        && i + 1 < until
                        && !isBreakOrSpace(raw[i + 1])) {
                    out[n++] = ' '; // a lone CR, or a line taken for a continuation (RFC 7103 §7.2)
                }
                continue;
            }
            out[n++] = b;
        }
        return lenient(out, 0, n).strip();
    }

    private static boolean isBreakOrSpace(int b) {
        return b == '\n' || b == '\r' || isSpace(b);
    }

    /// Returns the bytes as UTF-8 text, or as windows-1252 where they are not UTF-8. A character
    /// cut off by a limit at the very end is dropped.
    static String lenient(byte[] raw, int from, int length) {
        String exact = strict(raw, from, length, StandardCharsets.UTF_8);
        if (exact != null) return exact;
        int whole = withoutCutCharacter(raw, from, length);
        if (whole < length) {
            exact = strict(raw, from, whole, StandardCharsets.UTF_8);
            if (exact != null) return exact;
        }
        return new String(raw, from, length, WINDOWS_1252);
    }

    /// Returns `length` without the bytes of a UTF-8 character whose rest is missing.
    static int withoutCutCharacter(byte[] raw, int from, int length) {
        int back = 0;
        while (back < 4 && back < length && (raw[from + length - 1 - back] & 0xC0) == 0x80) back++;
        if (back >= length || back == 4) return length;
        int lead = raw[from + length - 1 - back] & 0xFF;
        int need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        return lead >= 0xC0 && back < need ? length - 1 - back : length;
    }

    /// Returns the bytes decoded, or null when some byte has no meaning in `charset`.
    static @Nullable String strict(byte[] raw, int from, int length, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(raw, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /// Returns the first `max` UTF-16 units of `text`, never half a character.
    static String cut(String text, int max) {
        if (text.length() <= max) return text;
        int end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, Math.max(end, 0));
    }

    /// Returns `text` with ASCII letters in lower case; others stay.
    static String lower(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                if (out == null) out = new StringBuilder(text);
                out.setCharAt(i, (char) (c + 32));
            }
        }
        return out == null ? text : out.toString();
    }
}
