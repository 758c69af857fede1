package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Text of an SPF record in which parts stand for what is being checked: `%{i}._spf.%{d2}`. RFC 7208 §7.
record SpfMacro(List<Part> parts) {
    /// Letters that stand for something everywhere, and those that do in an explanation alone. RFC 7208 §7.2.
    private static final String LETTERS = "slodiphv";
    private static final String EXPLAINING = "crt";
    private static final String DELIMITERS = ".-+,/_=";
    /// More labels than a name can have.
    private static final int LABELS_MAX = 128;
    /// However long its values are; a name has 253.
    private static final int EXPANDED_CHARS_MAX = 4_096;

    /// A piece of the text.
    sealed interface Part {
        /// Stands for itself.
        record Literal(String text) implements Part {}

        /// `%%`, `%_` and `%-`, as what they stand for: a literal that ends no domain.
        record Escaped(String text) implements Part {}

        /// @param letter in lower case
        /// @param escaped whether the value is written as in a URL
        /// @param labels how many of the last are kept
        /// @param delimiters what the value is cut at
        record Expand(char letter, boolean escaped, int labels, boolean reversed, String delimiters)
                implements Part {}
    }

    /// Returns what `text` says; empty if it is not well-formed.
    ///
    /// @param explanation whether it is one: then it may have spaces, and letters that no domain has
    static Optional<SpfMacro> of(String text, boolean explanation) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%') {
                if (c > '~' || c < ' ' || (c == ' ' && !explanation)) return Optional.empty();
                literal.append(c);
                continue;
            }
            if (!literal.isEmpty()) parts.add(new Part.Literal(literal.toString()));
            literal.setLength(0);
            char next = at < text.length() ? text.charAt(at++) : ' ';
            int end = next == '{' ? text.indexOf('}', at) : at;
            Optional<Part> part = switch (next) {
                case '%' -> Optional.of(new Part.Escaped("%"));
                case '_' -> Optional.of(new Part.Escaped(" "));
                case '-' -> Optional.of(new Part.Escaped("%20"));
                case '{' -> end < 0 ? Optional.empty() : expand(text.substring(at, end), explanation);
                default -> Optional.empty();
            };
            if (part.isEmpty()) return Optional.empty();
            parts.add(part.get());
            if (next == '{') at = end + 1;
        }
        if (!literal.isEmpty()) parts.add(new Part.Literal(literal.toString()));
        return Optional.of(new SpfMacro(parts));
    }

    /// `macro-letter transformers *delimiter`. RFC 7208 §7.1.
    private static Optional<Part> expand(String inner, boolean explanation) {
        if (inner.isEmpty()) return Optional.empty();
        char letter = Character.toLowerCase(inner.charAt(0));
        boolean known = LETTERS.indexOf(letter) >= 0 || (explanation && EXPLAINING.indexOf(letter) >= 0);
        if (!known || inner.charAt(0) > '~') return Optional.empty();
        int at = 1;
        int labels = 0;
        while (at < inner.length() && inner.charAt(at) >= '0' && inner.charAt(at) <= '9') {
            labels = Math.min(labels * 10 + inner.charAt(at++) - '0', LABELS_MAX);
        }
        if (at > 1 && labels == 0) return Optional.empty();
        boolean reversed = at < inner.length() && Character.toLowerCase(inner.charAt(at)) == 'r';
        String delimiters = inner.substring(reversed ? at + 1 : at);
        if (!delimiters.chars().allMatch(c -> DELIMITERS.indexOf(c) >= 0)) return Optional.empty();
        return Optional.of(new Part.Expand(letter, inner.charAt(0) != letter,
                at > 1 ? labels : LABELS_MAX, reversed, delimiters.isEmpty() ? "." : delimiters));
    }

    /// Says whether this can be a domain: it ends in a macro or in a dot and a label that no address has. RFC 7208 §7.1.
    boolean endsAsDomain() {
        if (parts.isEmpty()) return false;
        if (!(parts.getLast() instanceof Part.Literal(String text))) return true;
        String whole = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int dot = whole.lastIndexOf('.');
        return dot >= 0 && topLabel(whole.substring(dot + 1));
    }

    /// RFC 7208 §7.1 `toplabel`: letters, digits and inner hyphens, not digits alone.
    static boolean topLabel(String label) {
        if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) return false;
        boolean only = label.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'));
        return only && label.chars().anyMatch(c -> c < '0' || c > '9');
    }

    /// Returns the text with `values` in the places of its letters.
    String expanded(IntFunction<String> values) {
        var out = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(var text) -> out.append(text);
                case Part.Escaped(var text) -> out.append(text);
                case Part.Expand macro -> out.append(value(macro, values.apply(macro.letter())));
            }
            if (out.length() > EXPANDED_CHARS_MAX) return out.substring(0, EXPANDED_CHARS_MAX);
        }
        return out.toString();
    }

    /// RFC 7208 §7.3.
    private static String value(Part.Expand macro, String value) {
        var labels = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i < value.length() && macro.delimiters().indexOf(value.charAt(i)) < 0) continue;
            labels.add(value.substring(from, i));
            from = i + 1;
        }
        if (macro.reversed()) Collections.reverse(labels);
        List<String> kept = labels.subList(Math.max(0, labels.size() - macro.labels()), labels.size());
        String joined = String.join(".", kept);
        return macro.escaped() ? escaped(joined) : joined;
    }

    /// Returns `text` with all but unreserved characters as `%XX`. RFC 3986 §2.3.
    private static String escaped(String text) {
        var out = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "-._~".indexOf(b) >= 0);
            if (plain) out.append((char) b);
            else out.append(String.format("%%%02X", b & 0xff));
        }
        return out.toString();
    }
}
