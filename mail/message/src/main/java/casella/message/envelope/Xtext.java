package casella.message.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Text in which everything but printable ASCII stands as `+` and two hexadecimal digits. RFC 3461 §4.
public final class Xtext {
    private static final String HEX = "0123456789ABCDEF";

    private Xtext() {}

    /// Says whether `text` could be xtext, or `utf-8-addr-xtext` (RFC 6533 §3): it has no blank, no control character and
    /// nothing beyond ASCII, so that it can stand in a command as it is.
    public static boolean is(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /// Returns the text xtext says; empty where a `+` has not two hexadecimal digits in upper case behind it.
    public static Optional<String> decode(String xtext) {
        byte[] out = new byte[xtext.length()];
        int length = 0;
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == '=') return Optional.empty();
            if (c == '+') {
                if (i + 2 >= xtext.length()) return Optional.empty();
                int high = HEX.indexOf(xtext.charAt(i + 1));
                int low = HEX.indexOf(xtext.charAt(i + 2));
                if (high < 0 || low < 0) return Optional.empty();
                out[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[length++] = (byte) c;
            }
        }
        return Optional.of(new String(out, 0, length, StandardCharsets.UTF_8));
    }

    /// Returns `text` as xtext.
    public static String encode(String text) {
        var out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7F && b != '+' && b != '=') out.append((char) b);
            else out.append('+').append(HEX.charAt(b >> 4 & 0xF)).append(HEX.charAt(b & 0xF));
        }
        return out.toString();
    }
}
