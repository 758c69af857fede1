package casella.smtp;

/// Reads a path. RFC 5321 §4.1.2, with the letters of RFC 6531 §3.3.
///
/// ```text
/// Path           = "<" [ A-d-l ":" ] Mailbox ">"
/// Mailbox        = Local-part "@" ( Domain / address-literal )
/// Local-part     = Dot-string / Quoted-string
/// ```
/// A source route is read and forgotten (RFC 5321 §3.6.1, Appendix C). Wider than the grammar, because real senders
/// are: dots anywhere in a local part, `_` in a domain, local parts over 64 bytes (those of bounces are long).
final class PathReader {
    private static final int LOCAL_CHARS_MAX = 255;
    private static final int DOMAIN_CHARS_MAX = 255;

    private final String line;
    private final String enhanced;
    private int at;

    PathReader(String line, int at, String enhanced) {
        this.line = line;
        this.at = at;
        this.enhanced = enhanced;
    }

    /// Returns the index after `>`.
    int end() {
        return at;
    }

    Path path() {
        take('<');
        if (peek() == '>') {
            at++;
            return Path.NULL;
        }
        if (peek() == '@') route();
        String local = peek() == '"' ? quoted() : dotString();
        if (local.length() > LOCAL_CHARS_MAX) throw wrong("the part before @ is too long");
        String domain = "";
        if (peek() == '@') {
            at++;
            domain = peek() == '[' ? literal() : domain();
            if (domain.length() > DOMAIN_CHARS_MAX) throw wrong("the domain is too long");
        } else if (!local.equalsIgnoreCase("postmaster")) {
            throw wrong("it has no domain");
        }
        take('>');
        return new Path(local, domain);
    }

    private Refusal wrong(String why) {
        return new Refusal(501, enhanced, "Not an address: " + why);
    }

    /// Returns the next character, NUL at the end: NUL is in no address.
    private char peek() {
        return at < line.length() ? line.charAt(at) : 0;
    }

    private void take(char wanted) {
        if (peek() != wanted) throw wrong("'" + wanted + "' is missing");
        at++;
    }

    private void route() {
        while (peek() == '@') {
            at++;
            domain();
            if (peek() == ',') at++;
        }
        take(':');
    }

    private String dotString() {
        int from = at;
        while (atext(peek()) || peek() == '.') at++;
        if (at == from) throw wrong("the part before @ is empty or has a character that must be quoted");
        return line.substring(from, at);
    }

    private String quoted() {
        int from = at++;
        for (; peek() != '"'; at++) {
            if (peek() == '\\') at++;
            if (peek() < ' ' || peek() == 0x7F) throw wrong("a quoted part has no end or a control character");
        }
        at++;
        if (at - from == 2) throw wrong("the part before @ is empty");
        return line.substring(from, at);
    }

    private String domain() {
        int from = at;
        while (letterOrDigit(peek()) || peek() == '-' || peek() == '.' || peek() == '_') at++;
        String domain = line.substring(from, at);
        if (domain.isEmpty() || domain.startsWith(".") || domain.contains("..")) throw wrong("a label is empty");
        return domain;
    }

    /// RFC 5321 §4.1.3; what is inside is not ours to know, it is never looked up.
    private String literal() {
        int from = at++;
        while (letterOrDigit(peek()) || peek() == ':' || peek() == '.' || peek() == '-') at++;
        take(']');
        return line.substring(from, at);
    }

    private static boolean letterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || beyondAscii(c);
    }

    private static boolean atext(char c) {
        return letterOrDigit(c) || (c != 0 && "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0);
    }

    /// Control characters of Latin-1 and line separators are no letters of anything.
    private static boolean beyondAscii(char c) {
        return c >= 0xA0 && c != '\u2028' && c != '\u2029';
    }
}
