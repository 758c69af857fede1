package casella.authenticity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.regex.Pattern;

/// The canonicalization that forgives what hops do to spaces. RFC 6376 §3.4.2, §3.4.4.
final class Relaxed {
    private static final Pattern FOLD = Pattern.compile("\r\n(?=[ \t])");
    private static final Pattern SPACES = Pattern.compile("[ \t]+");

    private Relaxed() {}

    /// Returns a header field without its line end. RFC 6376 §3.4.2.
    ///
    /// @param value what follows the colon, its bytes as ISO 8859-1, folds still there
    static String field(String name, String value) {
        String line = SPACES.matcher(FOLD.matcher(value).replaceAll("")).replaceAll(" ");
        int from = line.startsWith(" ") ? 1 : 0;
        int until = line.length() > from && line.endsWith(" ") ? line.length() - 1 : line.length();
        return name.strip().toLowerCase(Locale.ROOT) + ":" + line.substring(from, until);
    }

    /// Returns the body that begins at `from`. RFC 6376 §3.4.4.
    static byte[] body(byte[] raw, int from) {
        var out = new ByteArrayOutputStream(raw.length - from + 2);
        int empty = 0;
        int at = from;
        while (at < raw.length) {
            int end = lineEnd(raw, at);
            byte[] line = line(raw, at, end);
            if (line.length == 0) {
                empty++;
            } else {
                for (; empty > 0; empty--) out.writeBytes(CRLF);
                out.writeBytes(line);
                out.writeBytes(CRLF);
            }
            at = end + 2;
        }
        return out.toByteArray();
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private static int lineEnd(byte[] raw, int from) {
        for (int i = from; i + 1 < raw.length; i++) {
            if (raw[i] == '\r' && raw[i + 1] == '\n') return i;
        }
        return raw.length;
    }

    private static byte[] line(byte[] raw, int from, int until) {
        int end = until;
        while (end > from && space(raw[end - 1])) end--;
        var out = new ByteArrayOutputStream(end - from);
        for (int i = from; i < end; i++) {
            if (!space(raw[i])) out.write(raw[i]);
            else if (!space(raw[i + 1])) out.write(' ');
        }
        return out.toByteArray();
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Returns bytes as characters of the same numbers.
    static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /// Returns what such characters say where their bytes are UTF-8.
    static String utf8(String text) {
        return new String(text.getBytes(ISO_8859_1), UTF_8);
    }
}
