package casella.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Encoded words in headers, read and written. RFC 2047, with the language tag of RFC 2231 §5.
public final class Words {
    /// Longest encoded text of one word that is read; RFC 2047 §2 allows 75, many senders do not
    /// care.
    private static final int ENCODED_CHARS_MAX = 4_096;

    private static final int CHARSET_CHARS_MAX = 60;

    /// Longest encoded text of a word we write: 75 less `=?UTF-8?B?` and `?=`. RFC 2047 §2.
    private static final int WRITTEN_CHARS_MAX = 63;

    /// Longest run without a space that is written as it is: a line must be folded before 998.
    private static final int RUN_CHARS_MAX = 900;

    private record Word(String charset, byte[] bytes, int end) {}

    private Words() {}

    /// Returns `text` with its encoded words decoded; what is no proper word stays. Words in one
    /// charset that follow each other are joined before decoding, since some senders cut characters
    /// in two. The result is in normalization form C (RFC 8621 §4.1.2.2).
    public static String decode(String text) {
        int start = text.indexOf("=?");
        if (start < 0) return composed(text);
        StringBuilder out = new StringBuilder(text.length());
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        String charset = null;
        int plain = 0;
        while (start >= 0) {
            Word word = word(text, start);
            if (word == null) {
                start = text.indexOf("=?", start + 1);
                continue;
            }
            String between = text.substring(plain, start);
            boolean joined = charset != null && between.isBlank();
            if (!joined || !word.charset().equalsIgnoreCase(charset)) {
                flush(pending, charset, out);
                if (!joined) out.append(between);
            }
            charset = word.charset();
            pending.writeBytes(word.bytes());
            plain = word.end();
            start = text.indexOf("=?", plain);
        }
        flush(pending, charset, out);
        return composed(out.append(text, plain, text.length()).toString());
    }

    private static String composed(String text) {
        return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static void flush(
            ByteArrayOutputStream pending, @Nullable String charset, StringBuilder out) {
        if (pending.size() == 0) return;
        String text = Charsets.decode(pending.toByteArray(), charset).text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A decoded line end or NUL must not become one of ours.
            if (c != 0) out.append(c == '\r' || c == '\n' ? ' ' : c);
        }
        pending.reset();
    }

    /// Returns the index after the encoded word that starts at `start`, or -1 when none does.
    static int end(String text, int start) {
        Word word = word(text, start);
        return word == null ? -1 : word.end();
    }

    private static @Nullable Word word(String text, int start) {
        int at = start + 2;
        int stop = Math.min(text.length(), at + CHARSET_CHARS_MAX);
        while (at < stop && text.charAt(at) != '?' && text.charAt(at) > ' ') at++;
        if (at >= stop || text.charAt(at) != '?' || at == start + 2) return null;
        String charset = text.substring(start + 2, at);
        int star = charset.indexOf('*');
        if (star >= 0) charset = charset.substring(0, star);
        if (at + 3 > text.length() || text.charAt(at + 2) != '?') return null;
        char encoding = Character.toUpperCase(text.charAt(at + 1));
        int from = at + 3;
        int limit = Math.min(text.length() - 1, from + ENCODED_CHARS_MAX);
        int end = from;
        while (end < limit && !(text.charAt(end) == '?' && text.charAt(end + 1) == '=')) end++;
        if (end >= limit) return null;
        byte[] encoded = text.substring(from, end).getBytes(StandardCharsets.UTF_8);
        if (encoding == 'B') {
            return new Word(
                    charset, TransferDecoding.base64(encoded, 0, encoded.length).bytes(), end + 2);
        }
        return encoding == 'Q' ? new Word(charset, q(encoded), end + 2) : null;
    }

    private static byte[] q(byte[] in) {
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '=' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out[n++] = (byte) (high * 16 + low);
                i += 2;
            } else {
                out[n++] = in[i] == '_' ? (byte) ' ' : in[i];
            }
        }
        return Arrays.copyOf(out, n);
    }

    /// Returns `text` for an unstructured header or a phrase: as it is when ASCII, else encoded
    /// words in UTF-8 with one space between them, each at most 75 characters. Control characters
    /// become spaces.
    public static String encode(String text) {
        String clean = withoutControls(text);
        if (isPlain(clean)) return clean;
        StringBuilder out = new StringBuilder();
        boolean q = qIsShorter(clean);
        int at = 0;
        while (at < clean.length()) {
            int end = at;
            int used = 0;
            while (end < clean.length()) {
                int next = clean.offsetByCodePoints(end, 1);
                int cost = q ? qCost(clean, end, next) : utf8Length(clean, end);
                int room = q ? WRITTEN_CHARS_MAX : WRITTEN_CHARS_MAX / 4 * 3;
                if (used + cost > room) break;
                used += cost;
                end = next;
            }
            if (!out.isEmpty()) out.append(' ');
            byte[] bytes = clean.substring(at, end).getBytes(StandardCharsets.UTF_8);
            out.append("=?UTF-8?").append(q ? "Q?" : "B?");
            out.append(q ? qText(bytes) : Base64.getEncoder().encodeToString(bytes)).append("?=");
            at = end;
        }
        return out.toString();
    }

    /// Returns `text` with each control character, and each half of a character, made a space.
    static String withoutControls(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            boolean bad = c < ' ' || c == 127 || (c >= 0xD800 && c <= 0xDFFF);
                            out.appendCodePoint(bad ? ' ' : c);
                        });
        return out.toString();
    }

    private static boolean isPlain(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            run = c == ' ' ? 0 : run + 1;
            if (c < ' ' || c > 126 || run > RUN_CHARS_MAX) return false;
        }
        return !text.contains("=?");
    }

    private static boolean qIsShorter(String text) {
        int q = 0;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) q += isQSafe(b) || b == ' ' ? 1 : 3;
        return q <= bytes.length * 4 / 3;
    }

    private static int utf8Length(String text, int at) {
        int c = text.codePointAt(at);
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static int qCost(String text, int from, int until) {
        return until - from == 1 && (isQSafe(text.charAt(from)) || text.charAt(from) == ' ')
                ? 1
                : utf8Length(text, from) * 3;
    }

    /// What a word may hold anywhere, in a phrase too. RFC 2047 §5 (3).
    private static boolean isQSafe(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!*+-/".indexOf(c) >= 0;
    }

    private static String qText(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            if (b == ' ') out.append('_');
            else if (isQSafe(b)) out.append((char) b);
            else out.append('=').append(String.format("%02X", b & 0xFF));
        }
        return out.toString();
    }
}
