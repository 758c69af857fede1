package casella.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads address lists as they come, RFC 5322 §3.4 and the faults of RFC 7103 §7.1 included, and
/// writes them.
public final class Addresses {
    /// Addresses kept of one field.
    static final int COUNT_MAX = 4_000;

    private static final int LITERAL_CHARS_MAX = 256;

    private final String in;
    private int at;
    private int count;
    private boolean quotesBroken;
    private boolean anglesBroken;

    private final List<Address> out = new ArrayList<>();
    private @Nullable String groupName;
    private List<Address.Mailbox> members = new ArrayList<>();

    /// The current entry: words without quotes, the same with quotes, what was in angle brackets,
    /// the last comment.
    private final StringBuilder words = new StringBuilder();

    private final StringBuilder spec = new StringBuilder();
    private @Nullable String angle;
    private @Nullable String comment;

    private Addresses(String in) {
        this.in = in;
    }

    /// Returns the addresses in an unfolded value; never throws. Text without an `@` becomes a
    /// mailbox without domain.
    public static List<Address> parse(String value) {
        Addresses parser = new Addresses(value);
        while (parser.at < value.length() && parser.count < COUNT_MAX) parser.step();
        parser.endEntry();
        parser.endGroup();
        return parser.out;
    }

    private void step() {
        char c = in.charAt(at);
        switch (c) {
            case '"' -> quoted();
            case '(' -> comment();
            case '<' -> angle();
            case '[' -> literal();
            case ',' -> {
                endEntry();
                at++;
            }
            case ';' -> {
                endEntry();
                endGroup();
                at++;
            }
            case ':' -> colon();
            case '=' -> encodedWord();
            default -> {
                take(c);
                at++;
            }
        }
    }

    private void take(char c) {
        if (angle != null) return;
        words.append(c);
        spec.append(c);
    }

    private void quoted() {
        int end = quotesBroken ? -1 : closing('"', at + 1);
        if (end < 0) {
            quotesBroken = true;
            at++;
            return;
        }
        // RFC 7103 §7.1.6: the closing quote is missing; the one found opens a later entry.
        if (end + 1 < in.length()
                && Character.isLetterOrDigit(in.charAt(end + 1))
                && in.substring(at, end).contains(">,")) {
            at++;
            return;
        }
        if (angle == null) {
            words.append(unquoted(in.substring(at + 1, end)));
            spec.append(in, at, end + 1);
        }
        at = end + 1;
    }

    private int closing(char close, int from) {
        for (int i = from; i < in.length(); i++) {
            if (in.charAt(i) == '\\') i++;
            else if (in.charAt(i) == close) return i;
        }
        return -1;
    }

    private void comment() {
        int depth = 0;
        int i = at;
        while (i < in.length()) {
            char c = in.charAt(i);
            if (c == '\\') i++;
            else if (c == '(') depth++;
            else if (c == ')' && --depth == 0) break;
            i++;
        }
        int end = Math.min(i, in.length());
        comment = unquoted(in.substring(at + 1, Math.max(end, at + 1))).strip();
        at = end + 1;
        take(' ');
    }

    private void angle() {
        int end = anglesBroken ? -1 : in.indexOf('>', at);
        if (end < 0) {
            // RFC 7103 §7.1.3: the bracket is missing; the address ends with the entry.
            anglesBroken = true;
            int comma = in.indexOf(',', at);
            end = comma < 0 ? in.length() : comma;
            angle = in.substring(at + 1, end).strip();
            at = end;
            return;
        }
        if (angle == null) {
            String inside = in.substring(at + 1, end);
            angle = inside.substring(inside.lastIndexOf('<') + 1).strip();
        }
        at = end + 1;
    }

    private void literal() {
        int stop = Math.min(in.length(), at + LITERAL_CHARS_MAX);
        int end = at;
        while (end < stop && in.charAt(end) != ']' && in.charAt(end) != ',') end++;
        if (end >= stop || in.charAt(end) != ']') end = at;
        for (; at <= end; at++) take(in.charAt(at));
    }

    private void colon() {
        String name = words.toString().strip();
        at++;
        if (groupName != null || angle != null || name.isEmpty()) return;
        if (!name.equalsIgnoreCase("mailto")) groupName = name;
        clear();
    }

    private void encodedWord() {
        int end = in.startsWith("=?", at) ? Words.end(in, at) : -1;
        int stop = end < 0 ? at + 1 : end;
        for (; at < stop; at++) take(in.charAt(at));
    }

    private void endEntry() {
        Address.Mailbox mailbox = mailbox();
        clear();
        if (mailbox == null) return;
        count++;
        if (groupName == null) out.add(mailbox);
        else members.add(mailbox);
    }

    private void endGroup() {
        if (groupName == null) return;
        out.add(new Address.Group(Words.decode(groupName), groupName, members));
        groupName = null;
        members = new ArrayList<>();
        count++;
    }

    private void clear() {
        words.setLength(0);
        spec.setLength(0);
        angle = null;
        comment = null;
    }

    private Address.@Nullable Mailbox mailbox() {
        String name = words.toString().strip();
        String address = angle;
        if (address == null) {
            String bare = closeUp(spec.toString().strip());
            if (bare.isEmpty()) return null;
            int space = lastSpace(bare);
            if (bare.indexOf('@') < 0) {
                return mailbox(comment, bare.startsWith("\"") ? name : bare);
            }
            // RFC 7103 §7.1.3: brackets forgotten, "Anna Verdi anna@posta.example".
            if (space > 0 && bare.indexOf('@', space) > 0) {
                return mailbox(
                        unquoted(bare.substring(0, space).replace("\"", "")).strip(),
                        bare.substring(space + 1));
            }
            return mailbox(comment, bare);
        }
        if (name.isEmpty() && comment != null) name = comment;
        if (address.isEmpty() && name.isEmpty()) return null;
        return mailbox(name, address);
    }

    private static Address.Mailbox mailbox(@Nullable String name, String address) {
        // RFC 5322 §4.4: a route before the address says nothing.
        String spec =
                address.startsWith("@") && address.indexOf(':') > 0
                        ? address.substring(address.indexOf(':') + 1)
                        : address;
        if (spec.regionMatches(true, 0, "mailto:", 0, 7)) spec = spec.substring(7);
        int split = spec.lastIndexOf('@');
        String local = (split < 0 ? spec : spec.substring(0, split)).strip();
        if (local.length() > 1 && local.startsWith("\"") && local.endsWith("\"")) {
            local = unquoted(local.substring(1, local.length() - 1));
        }
        String domain = split < 0 ? "" : spec.substring(split + 1).strip();
        if (name == null || name.isBlank()) return new Address.Mailbox(null, null, local, domain);
        return new Address.Mailbox(Words.decode(name), name, local, domain);
    }

    /// Takes away spaces around `@` and dots (RFC 5322 §4.4) outside quotes.
    private static String closeUp(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inQuotes = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') inQuotes = !inQuotes;
            if (!inQuotes && Octets.isSpace(c)) {
                int next = i;
                while (next < text.length() && Octets.isSpace(text.charAt(next))) next++;
                char before = out.isEmpty() ? ' ' : out.charAt(out.length() - 1);
                char after = next < text.length() ? text.charAt(next) : ' ';
                if (before != '@' && before != '.' && after != '@' && after != '.') out.append(' ');
                i = next - 1;
                continue;
            }
            out.append(c);
        }
        return out.toString();
    }

    private static int lastSpace(String text) {
        boolean inQuotes = false;
        int last = -1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '"') inQuotes = !inQuotes;
            else if (!inQuotes && text.charAt(i) == ' ') last = i;
        }
        return last;
    }

    /// Returns `text` with backslash pairs undone. RFC 5322 §3.2.4.
    static String unquoted(String text) {
        if (text.indexOf('\\') < 0) return text;
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) i++;
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// Returns a display name as a header writes it: as it is, quoted, or as encoded words.
    static String phrase(String name) {
        String clean = Words.withoutControls(name);
        String encoded = Words.encode(clean);
        if (!encoded.equals(clean)) return encoded;
        boolean atoms =
                !clean.isEmpty() && clean.chars().allMatch(c -> c == ' ' || isAtomChar((char) c));
        return atoms ? clean : quoted(clean);
    }

    static boolean isDotAtom(String text) {
        return !text.isEmpty()
                && !text.startsWith(".")
                && !text.endsWith(".")
                && !text.contains("..")
                && text.chars().allMatch(c -> c == '.' || isAtomChar((char) c));
    }

    /// RFC 5322 §3.2.3, and all of Unicode (RFC 6532 §3.2).
    private static boolean isAtomChar(char c) {
        return c > ' ' && c != 127 && "()<>[]:;@\\,.\"".indexOf(c) < 0;
    }
}
