package casella.imap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads one command, left to right. Throws [Syntax] at the first byte that does not fit. RFC 9051 §9.
///
/// Pure: bytes in, values out. Every method either takes what it names and moves on, or throws.
final class Arguments {
    private static final int NUMBER_DIGITS_MAX = 19;

    private final String text;
    private final List<byte[]> literals;
    private final Dialect dialect;
    private int at;
    private int literalAt;

    Arguments(CommandText command, Dialect dialect) {
        this.text = command.text();
        this.literals = command.literals();
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /// `tag`: astring characters without `+`.
    String tag() {
        int from = at;
        while (at < text.length() && isAstringChar(text.charAt(at)) && text.charAt(at) != '+') at++;
        if (from == at) throw expected("a tag");
        return text.substring(from, at);
    }

    String atom() {
        int from = at;
        while (at < text.length() && isAtomChar(text.charAt(at))) at++;
        if (from == at) throw expected("an atom");
        return text.substring(from, at);
    }

    /// An atom in upper case: names of commands, keys and items have no case.
    String word() {
        return atom().toUpperCase(Locale.ROOT);
    }

    /// Letters, digits, `.`, `-` and `_` in upper case: a name that may be followed by `[`, which atoms may hold.
    String name() {
        int from = at;
        while (at < text.length() && isNameChar(text.charAt(at))) at++;
        if (from == at) throw expected("a name");
        return text.substring(from, at).toUpperCase(Locale.ROOT);
    }

    void space() {
        take(' ', "a space");
    }

    void open() {
        take('(', "(");
    }

    void close() {
        take(')', ")");
    }

    void take(char c) {
        take(c, String.valueOf(c));
    }

    private void take(char c, String what) {
        if (!next(c)) throw expected(what);
        at++;
    }

    /// Says whether `c` comes next; takes nothing.
    boolean next(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /// Takes `c` if it comes next, and says whether it did.
    boolean skip(char c) {
        if (!next(c)) return false;
        at++;
        return true;
    }

    /// Takes `words`, written just so, if they come next, and says whether it did.
    boolean skip(String words) {
        if (!text.startsWith(words, at)) return false;
        at += words.length();
        return true;
    }

    /// Says whether `word` comes next in any case, followed by no atom character; takes nothing.
    boolean nextWord(String word) {
        int end = at + word.length();
        return text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !isAtomChar(text.charAt(end)));
    }

    boolean atEnd() {
        return at == text.length();
    }

    void end() {
        if (!atEnd()) throw new Syntax("unexpected text at column " + (at + 1));
    }

    /// `number`: 0 to 2^32 - 1.
    long number() {
        long number = number64();
        if (number > 0xFFFF_FFFFL) throw new Syntax("number too large at column " + (at + 1));
        return number;
    }

    /// `nz-number`: 1 to 2^32 - 1.
    long positive() {
        long number = number();
        if (number == 0) throw new Syntax("number must not be 0 at column " + at);
        return number;
    }

    /// `number64`: 0 to 2^63 - 1.
    long number64() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        if (from == at) throw expected("a number");
        if (at - from > NUMBER_DIGITS_MAX) throw new Syntax("number too large at column " + (from + 1));
        try {
            return Long.parseLong(text.substring(from, at));
        } catch (NumberFormatException e) {
            throw new Syntax("number too large at column " + (from + 1));
        }
    }

    boolean nextDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /// `sequence-set`.
    SequenceSet sequenceSet() {
        if (skip('$')) return new SequenceSet.Saved();
        var ranges = new ArrayList<SequenceSet.Range>();
        do {
            long from = sequenceNumber();
            ranges.add(new SequenceSet.Range(from, skip(':') ? sequenceNumber() : from));
        } while (skip(','));
        return new SequenceSet.Listed(ranges);
    }

    private long sequenceNumber() {
        return skip('*') ? SequenceSet.Range.STAR : positive();
    }

    /// `string`: quoted or literal, its bytes.
    byte[] stringBytes() {
        if (next('"')) return quoted();
        if (next('{') || next('~')) return literal();
        throw expected("a string");
    }

    /// `string` as UTF-8.
    String string() {
        return MailboxName.utf8(stringBytes());
    }

    /// `nstring` as UTF-8: null for NIL.
    @Nullable String nstring() {
        if (nextWord("NIL")) {
            at += 3;
            return null;
        }
        return string();
    }

    /// `astring`, its bytes.
    byte[] astringBytes() {
        if (next('"') || next('{')) return stringBytes();
        int from = at;
        while (at < text.length() && isAstringChar(text.charAt(at))) at++;
        if (from == at) throw expected("a string");
        return text.substring(from, at).getBytes(StandardCharsets.ISO_8859_1);
    }

    /// `astring` as UTF-8.
    String astring() {
        return MailboxName.utf8(astringBytes());
    }

    /// `mailbox`, decoded to Unicode.
    String mailboxName() {
        return MailboxName.decode(astringBytes(), dialect);
    }

    /// `list-mailbox`: an astring that may hold the wildcards `%` and `*`, decoded to Unicode.
    String listMailbox() {
        if (next('"') || next('{')) return MailboxName.decode(stringBytes(), dialect);
        int from = at;
        while (at < text.length() && (isAstringChar(text.charAt(at)) || text.charAt(at) == '%' || text.charAt(at) == '*')) {
            at++;
        }
        if (from == at) throw expected("a mailbox pattern");
        return MailboxName.decode(text.substring(from, at).getBytes(StandardCharsets.ISO_8859_1), dialect);
    }

    private byte[] quoted() {
        at++;
        var out = new ByteArrayOutputStream();
        while (true) {
            if (at >= text.length() || text.charAt(at) == '\n') throw expected("a closing quote");
            char c = text.charAt(at++);
            if (c == '"') return out.toByteArray();
            if (c == '\\') {
                if (!next('"') && !next('\\')) throw expected("\" or \\ after \\");
                c = text.charAt(at++);
            }
            if (c == '\r' || c == 0) throw new Syntax("character not allowed in quotes at column " + at);
            out.write(c);
        }
    }

    /// `literal` or `literal8`; the bytes were read before the grammar was looked at.
    byte[] literal() {
        skip('~');
        take('{');
        number64();
        skip('+');
        take('}');
        if (!next('\n') || literalAt >= literals.size()) throw expected("a literal");
        at++;
        return literals.get(literalAt++);
    }

    /// `flag`: `\Seen` or a keyword, as written.
    String flag() {
        if (skip('\\')) return "\\" + atom();
        return atom();
    }

    /// `flag-list`: `(\Seen $Junk)`.
    List<String> flagList() {
        var flags = new ArrayList<String>();
        open();
        if (skip(')')) return flags;
        do flags.add(flag()); while (skip(' '));
        close();
        return flags;
    }

    /// The rest of the line, untouched: for what is not ours to read.
    String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    Syntax expected(String what) {
        return new Syntax("expected " + what + " at column " + (at + 1));
    }

    private static boolean isNameChar(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }

    /// `ATOM-CHAR`. Bytes above ASCII pass: a client that sends UTF-8 unquoted is understood.
    private static boolean isAtomChar(char c) {
        return c > ' ' && c != 0x7F && "(){%*\"\\]".indexOf(c) < 0;
    }

    private static boolean isAstringChar(char c) {
        return isAtomChar(c) || c == ']';
    }

    /// The client's line does not follow the grammar; becomes BAD.
    static final class Syntax extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Syntax(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
