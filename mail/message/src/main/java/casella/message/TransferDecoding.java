package casella.message;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Undoes Content-Transfer-Encoding, whatever state it is in. RFC 2045 §6, RFC 7103 §8.2.
public final class TransferDecoding {
    /// Bytes, and whether they may not be what the sender meant.
    ///
    /// @param problem the encoding is unknown, or some of its characters make no sense
    public record Decoded(byte[] bytes, boolean problem) {}

    private static final byte[] BASE64 = new byte[256];

    static {
        Arrays.fill(BASE64, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < 64; i++) BASE64[alphabet.charAt(i)] = (byte) i;
    }

    private TransferDecoding() {}

    /// Returns the content of a part. Allocates at most the part's encoded length.
    public static Decoded decode(byte[] raw, Part part) {
        return decode(raw, part.bodyOffset(), part.bodyLength(), part.encoding());
    }

    /// Returns `length` bytes from `from` decoded.
    ///
    /// @param encoding in any case; null is 7bit
    public static Decoded decode(byte[] raw, int from, int length, @Nullable String encoding) {
        String name = encoding == null ? "7bit" : Octets.lower(encoding);
        return switch (name) {
            case "base64" -> base64(raw, from, from + length);
            case "quoted-printable" -> quotedPrintable(raw, from, from + length);
            case "7bit", "8bit", "binary", "" ->
                    new Decoded(Arrays.copyOfRange(raw, from, from + length), false);
            case "x-uuencode", "uuencode", "x-uue", "uue" -> uuencode(raw, from, from + length);
            default -> new Decoded(Arrays.copyOfRange(raw, from, from + length), true);
        };
    }

    /// Returns whether decoding changes nothing.
    static boolean isIdentity(String encoding) {
        return switch (encoding) {
            case "base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue" -> false;
            default -> true;
        };
    }

    /// Returns how many bytes [#decode(byte[], Part)] gives.
    static int decodedSize(byte[] raw, int from, int length, String encoding) {
        return switch (encoding) {
            case "base64" -> base64Size(raw, from, from + length);
            case "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue" ->
                    decode(raw, from, length, encoding).bytes().length;
            default -> length;
        };
    }

    private static int base64Size(byte[] raw, int from, int until) {
        long size = 0;
        int have = 0;
        for (int i = from; i < until; i++) {
            if (BASE64[raw[i] & 0xFF] >= 0) {
                have++;
            } else if (raw[i] == '=') {
                size += tail(have & 3);
                size += (have >> 2) * 3L;
                have = 0;
            }
        }
        return (int) (size + (have >> 2) * 3L + tail(have & 3));
    }

    /// Bytes that an incomplete group of `digits` gives.
    private static int tail(int digits) {
        return digits < 2 ? 0 : digits - 1;
    }

    /// Foreign characters are skipped; padding ends a group, and more may follow (pieces stuck
    /// together).
    static Decoded base64(byte[] raw, int from, int until) {
        byte[] out = new byte[(int) ((until - from) * 3L / 4 + 3)];
        int n = 0;
        int bits = 0;
        int have = 0;
        boolean problem = false;
        for (int i = from; i < until; i++) {
            int value = BASE64[raw[i] & 0xFF];
            if (value >= 0) {
                bits = bits << 6 | value;
                if (++have == 4) {
                    out[n++] = (byte) (bits >> 16);
                    out[n++] = (byte) (bits >> 8);
                    out[n++] = (byte) bits;
                    have = 0;
                    bits = 0;
                }
            } else if (raw[i] == '=') {
                n = flush(out, n, bits, have);
                problem |= have == 1;
                have = 0;
                bits = 0;
            } else if (raw[i] != '\r' && raw[i] != '\n' && !Octets.isSpace(raw[i])) {
                problem = true;
            }
        }
        problem |= have != 0;
        n = flush(out, n, bits, have);
        return new Decoded(Arrays.copyOf(out, n), problem);
    }

    private static int flush(byte[] out, int from, int bits, int have) {
        int n = from;
        if (have == 3) {
            out[n++] = (byte) (bits >> 10);
            out[n++] = (byte) (bits >> 2);
        } else if (have == 2) {
            out[n++] = (byte) (bits >> 4);
        }
        return n;
    }

    /// RFC 2045 §6.7: spaces at the end of a line go, `=` at the end of a line joins it with the
    /// next; what is no escape stays as it is.
    static Decoded quotedPrintable(byte[] raw, int from, int until) {
        byte[] out = new byte[until - from];
        int n = 0;
        boolean problem = false;
        int at = from;
        while (at < until) {
            int next = Octets.lineEnd(raw, at, until);
            int text = Octets.textEnd(raw, at, next);
            int end = text;
            while (end > at && Octets.isSpace(raw[end - 1])) end--;
            boolean soft = end > at && raw[end - 1] == '=';
            if (soft) end--;
            for (int i = at; i < end; i++) {
                int high = raw[i] == '=' && i + 2 < end ? Character.digit(raw[i + 1], 16) : -1;
                int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
                if (low >= 0) {
                    out[n++] = (byte) (high * 16 + low);
                    i += 2;
                } else {
                    problem |= raw[i] == '=';
                    out[n++] = raw[i];
                }
            }
            if (!soft) {
                for (int i = text; i < next; i++) out[n++] = raw[i];
            }
            at = next;
        }
        return new Decoded(Arrays.copyOf(out, n), problem);
    }

    private static Decoded uuencode(byte[] raw, int from, int until) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean begun = false;
        boolean ended = false;
        boolean problem = false;
        int at = from;
        while (at < until && !ended) {
            int next = Octets.lineEnd(raw, at, until);
            int text = Octets.textEnd(raw, at, next);
            if (!begun) {
                begun = startsWith(raw, at, text, "begin ");
            } else if (startsWith(raw, at, text, "end")) {
                ended = true;
            } else {
                problem |= !uuLine(raw, at, text, out);
            }
            at = next;
        }
        if (!begun) return new Decoded(Arrays.copyOfRange(raw, from, until), true);
        return new Decoded(out.toByteArray(), problem || !ended);
    }

    private static boolean uuLine(byte[] raw, int at, int text, ByteArrayOutputStream out) {
        if (at == text) return true;
        int left = (raw[at] - ' ') & 0x3F;
        for (int i = at + 1; left > 0; i += 4) {
            if (i >= text) return false;
            int bits = 0;
            for (int k = 0; k < 4; k++)
                bits = bits << 6 | (i + k < text ? (raw[i + k] - ' ') & 0x3F : 0);
            for (int k = 0; k < 3 && left > 0; k++, left--) out.write(bits >> (16 - 8 * k));
        }
        return true;
    }

    private static boolean startsWith(byte[] raw, int at, int text, String prefix) {
        if (text - at < prefix.length()) return false;
        for (int i = 0; i < prefix.length(); i++) {
            if (raw[at + i] != prefix.charAt(i)) return false;
        }
        return true;
    }
}
