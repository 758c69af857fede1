package casella.imap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Untagged answers, written as they are made: nothing here holds a mailbox, a page of it at most.
///
/// What is written goes to the connection's buffer; the session flushes after the tagged reply.
final class Output {
    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream out;
    private final Dialect dialect;

    Output(OutputStream out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /// Writes `* line`.
    void untagged(String line) throws IOException {
        text("* ").text(line).end();
    }

    /// Writes `* OK [code] text`.
    void ok(Code code, String text) throws IOException {
        untagged("OK [" + code.text() + "] " + text);
    }

    /// Writes text that needs no quoting: words, numbers, brackets.
    Output text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Output number(long number) throws IOException {
        return text(Long.toString(number));
    }

    /// Writes `nstring`: NIL for null, quoted where it can be, else a literal.
    Output string(@Nullable String text) throws IOException {
        if (text == null) return text("NIL");
        if (Quoted.fits(text, dialect == Dialect.REV2)) return text(Quoted.of(text));
        // NUL stands in no string but a literal8; what a header's NUL was for nobody knows.
        return literal(text.replace('\0', '?').getBytes(StandardCharsets.UTF_8));
    }

    /// Writes a mailbox's name as `astring`, always quoted.
    Output mailbox(String name) throws IOException {
        return text(Quoted.of(MailboxName.encode(name, dialect)));
    }

    /// Writes `{n}` and the bytes, whatever they are. RFC 9051 §4.3.
    Output literal(byte[] bytes) throws IOException {
        return literal("", bytes, 0, bytes.length);
    }

    /// Writes `~{n}` and the bytes if one of them is NUL, else `{n}`. RFC 9051 §9 `literal8`.
    Output literal8(byte[] bytes, int from, int count) throws IOException {
        boolean nul = false;
        for (int i = from; i < from + count && !nul; i++) nul = bytes[i] == 0;
        return literal(nul ? "~" : "", bytes, from, count);
    }

    Output literal(String mark, byte[] bytes, int from, int count) throws IOException {
        text(mark + "{" + count + "}");
        out.write(CRLF);
        out.write(bytes, from, count);
        return this;
    }

    /// Ends the line.
    void end() throws IOException {
        out.write(CRLF);
    }
}
