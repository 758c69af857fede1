package casella.message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderMalfunctionError;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bytes to text by the name of a charset, wrong names and wrong bytes included.
public final class Charsets {
    /// Names that mean more in mail than they say, or that the JDK does not know. The first rows
    /// follow the Encoding Standard's labels, as mail programs do.
    private static final Map<String, String> MEANT =
            Map.ofEntries(
                    Map.entry("iso-8859-1", "windows-1252"),
                    Map.entry("latin1", "windows-1252"),
                    Map.entry("iso-8859-9", "windows-1254"),
                    Map.entry("iso-8859-11", "x-windows-874"),
                    Map.entry("tis-620", "x-windows-874"),
                    Map.entry("gb2312", "GB18030"),
                    Map.entry("gbk", "GB18030"),
                    Map.entry("x-gbk", "GB18030"),
                    Map.entry("big5", "Big5-HKSCS"),
                    Map.entry("shift_jis", "windows-31j"),
                    Map.entry("x-sjis", "windows-31j"),
                    Map.entry("ks_c_5601-1987", "x-windows-949"),
                    Map.entry("euc-kr", "x-windows-949"),
                    Map.entry("iso-8859-8-i", "ISO-8859-8"),
                    Map.entry("iso-8859-8-e", "ISO-8859-8"),
                    Map.entry("macintosh", "x-MacRoman"),
                    Map.entry("x-mac-roman", "x-MacRoman"),
                    Map.entry("unicode-1-1-utf-8", "UTF-8"),
                    Map.entry("utf8", "UTF-8"),
                    Map.entry("utf-8mb4", "UTF-8"),
                    Map.entry("cp-850", "IBM850"),
                    Map.entry("win-1251", "windows-1251"));

    /// Text, and whether something had to be guessed or replaced.
    ///
    /// @param problem bytes had no meaning in the charset, or the charset is not known (RFC 8621
    ///     §4.1.4, `isEncodingProblem`)
    public record Text(String text, boolean problem) {}

    private Charsets() {}

    /// Returns `bytes` as text.
    ///
    /// ASCII or no charset, and 8-bit bytes: UTF-8 where they are, else windows-1252 with
    /// `problem`. An unknown charset is treated likewise, always with `problem` unless all is
    /// ASCII. A byte order mark is dropped.
    public static Text decode(byte[] bytes, @Nullable String charset) {
        return decode(bytes, 0, bytes.length, charset);
    }

    /// Returns `length` bytes from `from` as text; see [#decode(byte[], String)].
    public static Text decode(byte[] bytes, int from, int length, @Nullable String charset) {
        String name = charset == null ? "us-ascii" : Octets.lower(charset.strip());
        if (isAsciiName(name)) return guess(bytes, from, length, false);
        if (name.startsWith("utf-16") || name.equals("ucs-2") || name.equals("iso-10646-ucs-2")) {
            return withoutMark(known(bytes, from, length, utf16(bytes, from, length, name)));
        }
        Charset found = find(name);
        if (found == null) return guess(bytes, from, length, true);
        return withoutMark(known(bytes, from, length, found));
    }

    private static boolean isAsciiName(String name) {
        return name.isEmpty()
                || name.equals("us-ascii")
                || name.equals("ascii")
                || name.equals("ansi_x3.4-1968")
                || name.equals("7bit")
                || name.equals("8bit")
                || name.equals("default")
                || name.equals("binary");
    }

    private static Text guess(byte[] bytes, int from, int length, boolean unknown) {
        String utf8 = Octets.strict(bytes, from, length, StandardCharsets.UTF_8);
        if (utf8 != null) return withoutMark(new Text(utf8, unknown && utf8.length() != length));
        return new Text(new String(bytes, from, length, Octets.WINDOWS_1252), true);
    }

    /// UTF-16 by its byte order mark; without one by where the zeros are, since many senders mean
    /// little-endian.
    private static Charset utf16(byte[] bytes, int from, int length, String name) {
        if (name.equals("utf-16le")) return StandardCharsets.UTF_16LE;
        if (name.equals("utf-16be")) return StandardCharsets.UTF_16BE;
        if (length >= 2) {
            int mark = (bytes[from] & 0xFF) << 8 | (bytes[from + 1] & 0xFF);
            if (mark == 0xFEFF) return StandardCharsets.UTF_16BE;
            if (mark == 0xFFFE) return StandardCharsets.UTF_16LE;
        }
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < length && i < 512; i += 2) {
            if (bytes[from + i] == 0) even++;
            if (bytes[from + i + 1] == 0) odd++;
        }
        return odd > even ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }

    private static @Nullable Charset find(String name) {
        String meant = MEANT.getOrDefault(name, name);
        try {
            return Charset.isSupported(meant) ? Charset.forName(meant) : null;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return null;
        }
    }

    private static Text known(byte[] bytes, int from, int length, Charset charset) {
        CharsetDecoder decoder =
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
        CharBuffer out = CharBuffer.allocate(Math.min(length, 65_536) + 16);
        StringBuilder text = new StringBuilder(length);
        boolean problem = false;
        try {
            CoderResult result;
            do {
                result = decoder.decode(in, out, true);
                drain(out, text);
                if (result.isError()) {
                    problem = true;
                    text.append('\uFFFD');
                    in.position(in.position() + result.length());
                }
            } while (!result.isUnderflow());
            do {
                result = decoder.flush(out);
                drain(out, text);
            } while (!result.isUnderflow());
        } catch (CoderMalfunctionError e) {
            return new Text(new String(bytes, from, length, Octets.WINDOWS_1252), true);
        }
        return new Text(text.toString(), problem);
    }

    private static void drain(CharBuffer out, StringBuilder text) {
        out.flip();
        text.append(out);
        out.clear();
    }

    private static Text withoutMark(Text text) {
        return text.text().startsWith("\uFEFF")
                ? new Text(text.text().substring(1), text.problem())
                : text;
    }
}
