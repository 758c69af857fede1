package casella.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads Content-Type, Content-Disposition and their parameters, whatever state they are in.
/// RFC 2045 §5.1, RFC 2183 §2, RFC 2231.
final class Parameters {
    /// Parameters kept of one field.
    static final int COUNT_MAX = 100;

    /// A media type, lower case, and its parameters.
    record Content(String type, String subtype, List<Parameter> parameters) {
        boolean isMultipart() {
            return type.equals("multipart");
        }

        /// RFC 2046 §5.2.1, RFC 6532 §3.7.
        boolean isMessage() {
            return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
        }

        boolean nests() {
            return isMultipart() || isMessage();
        }
    }

    static final Content TEXT_PLAIN = new Content("text", "plain", List.of());
    static final Content OCTETS = new Content("application", "octet-stream", List.of());
    private static final Content MESSAGE = new Content("message", "rfc822", List.of());

    private Parameters() {}

    /// Returns the media type of a Content-Type value; text/plain where there is none or it makes
    /// no sense (RFC 2045 §5.2), message/rfc822 where there is none in a digest (RFC 2046 §5.1.5).
    static Content content(@Nullable String value, boolean inDigest) {
        if (value == null || value.isBlank()) return inDigest ? MESSAGE : TEXT_PLAIN;
        int end = headEnd(value);
        String head = Octets.lower(value.substring(0, end)).strip();
        int slash = head.indexOf('/');
        if (slash <= 0) return TEXT_PLAIN;
        String type = head.substring(0, slash).strip();
        String subtype = head.substring(slash + 1).strip();
        if (!isToken(type) || !isToken(subtype)) return TEXT_PLAIN;
        return new Content(type, subtype, list(value, end));
    }

    /// Returns the disposition, or null where there is none.
    static @Nullable Disposition disposition(@Nullable String value) {
        if (value == null || value.isBlank()) return null;
        int end = headEnd(value);
        String type = Octets.lower(value.substring(0, end)).strip();
        // What cannot be read says nothing; an unknown type stays, for its reader to take as
        // attachment (RFC 2183 §2.8).
        return isToken(type) ? new Disposition(type, list(value, end)) : null;
    }

    /// Returns the first token of `value` in lower case, or `otherwise` where there is none.
    static String token(@Nullable String value, String otherwise) {
        if (value == null) return otherwise;
        int at = 0;
        while (at < value.length() && isTokenChar(value.charAt(at))) at++;
        return at == 0 ? otherwise : Octets.lower(value.substring(0, at));
    }

    /// Returns the language tags of a Content-Language value. RFC 3282 §2.
    static List<String> tags(@Nullable String value) {
        if (value == null) return List.of();
        List<String> tags = new ArrayList<>();
        for (String tag : value.split("[,\\s]+", COUNT_MAX)) {
            if (isToken(tag)) tags.add(tag);
        }
        return tags;
    }

    /// Returns the value of a parameter with RFC 2231 undone, else with encoded words undone, else
    /// as it is; null where it is absent. The RFC 2231 form wins where both are given.
    static @Nullable String decoded(List<Parameter> parameters, String name) {
        String extended = extended(parameters, name);
        if (extended != null) return extended;
        String plain = plain(parameters, name);
        return plain == null ? null : Words.decode(plain);
    }

    /// Returns the bytes of the boundary, none where there is no boundary.
    static byte[] boundary(List<Parameter> parameters) {
        String plain = plain(parameters, "boundary");
        String value = plain != null ? plain : extended(parameters, "boundary");
        return value == null ? new byte[0] : value.stripTrailing().getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String plain(List<Parameter> parameters, String name) {
        for (Parameter p : parameters) {
            if (p.name().equalsIgnoreCase(name)) return p.value();
        }
        return null;
    }

    private record Segment(String value, boolean percent) {}

    private static @Nullable String extended(List<Parameter> parameters, String name) {
        TreeMap<Integer, Segment> segments = new TreeMap<>();
        for (Parameter p : parameters) {
            String n = p.name();
            if (n.length() <= name.length() || n.charAt(name.length()) != '*') continue;
            if (!n.regionMatches(true, 0, name, 0, name.length())) continue;
            boolean percent = n.endsWith("*");
            int indexEnd = percent ? Math.max(n.length() - 1, name.length() + 1) : n.length();
            String index = n.substring(name.length() + 1, indexEnd);
            if (index.length() > 4 || !index.chars().allMatch(c -> c >= '0' && c <= '9')) continue;
            segments.putIfAbsent(
                    index.isEmpty() ? 0 : Integer.parseInt(index), new Segment(p.value(), percent));
        }
        if (segments.isEmpty() || segments.firstKey() != 0) return null;
        String charset = null;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int expected = 0;
        for (var entry : segments.entrySet()) {
            if (entry.getKey() != expected++) break;
            String value = entry.getValue().value();
            boolean percent = entry.getValue().percent();
            if (percent && entry.getKey() == 0) {
                int first = value.indexOf('\'');
                int second = value.indexOf('\'', first + 1);
                if (first >= 0 && second > first) {
                    charset = value.substring(0, first);
                    value = value.substring(second + 1);
                }
            }
            bytes.writeBytes(
                    percent ? percentDecoded(value) : value.getBytes(StandardCharsets.UTF_8));
        }
        return Charsets.decode(
                        bytes.toByteArray(),
                        charset == null || charset.isEmpty() ? "utf-8" : charset)
                .text();
    }

    private static byte[] percentDecoded(String value) {
        byte[] in = value.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(in[i]);
            }
        }
        return out.toByteArray();
    }

    /// Where the value before the parameters ends: a semicolon may be missing.
    private static int headEnd(String value) {
        int stop = 0;
        while (stop < value.length() && value.charAt(stop) != ';' && value.charAt(stop) != '(')
            stop++;
        int slash = value.indexOf('/');
        int at = skipSpaces(value, slash < 0 || slash >= stop ? 0 : slash + 1);
        while (at < stop && isTokenChar(value.charAt(at))) at++;
        return at;
    }

    private static List<Parameter> list(String value, int from) {
        List<Parameter> parameters = new ArrayList<>();
        int at = from;
        int length = value.length();
        while (at < length && parameters.size() < COUNT_MAX) {
            at = skipBlank(value, at);
            int nameEnd = at;
            while (nameEnd < length && isTokenChar(value.charAt(nameEnd))) nameEnd++;
            int equals = skipSpaces(value, nameEnd);
            if (nameEnd == at || equals >= length || value.charAt(equals) != '=') {
                int semicolon = value.indexOf(';', at);
                if (semicolon < 0) break;
                at = semicolon + 1;
                continue;
            }
            String name = value.substring(at, nameEnd);
            int start = skipSpaces(value, equals + 1);
            if (start < length && value.charAt(start) == '"') {
                StringBuilder text = new StringBuilder();
                at = quoted(value, start + 1, text);
                parameters.add(new Parameter(name, text.toString()));
            } else {
                int semicolon = value.indexOf(';', start);
                at = semicolon < 0 ? length : semicolon;
                parameters.add(new Parameter(name, withoutComment(value.substring(start, at))));
            }
        }
        return parameters;
    }

    private static String withoutComment(String value) {
        int open = value.indexOf(" (");
        return (open > 0 && value.stripTrailing().endsWith(")") ? value.substring(0, open) : value)
                .strip();
    }

    /// Reads a quoted string into `text`; a backslash counts only before a quote or a backslash,
    /// since some senders write Windows paths. Returns the index after the closing quote.
    private static int quoted(String value, int from, StringBuilder text) {
        int at = from;
        while (at < value.length() && value.charAt(at) != '"') {
            char c = value.charAt(at);
            char next = at + 1 < value.length() ? value.charAt(at + 1) : ' ';
            if (c == '\\' && (next == '"' || next == '\\')) {
                c = next;
                at++;
            }
            text.append(c);
            at++;
        }
        return Math.min(at + 1, value.length());
    }

    private static int skipSpaces(String value, int from) {
        int at = from;
        while (at < value.length() && Octets.isSpace(value.charAt(at))) at++;
        return at;
    }

    /// Skips spaces, semicolons and comments.
    private static int skipBlank(String value, int from) {
        int at = from;
        int depth = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '(') depth++;
            else if (c == ')' && depth > 0) depth--;
            else if (depth == 0 && c != ';' && !Octets.isSpace(c)) break;
            at++;
        }
        return at;
    }

    /// Returns whether `text` is `type/subtype` of something that is no container.
    static boolean isMediaType(String text) {
        int slash = text.indexOf('/');
        return slash > 0
                && isToken(text.substring(0, slash))
                && isToken(text.substring(slash + 1))
                && !content(text, false).nests();
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isTokenChar((char) c));
    }

    /// RFC 2045 §5.1.
    private static boolean isTokenChar(char c) {
        return c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
