package casella.message;

import java.util.function.IntPredicate;

/// Finds where a header ends and which fields it has, by one rule for everything that reads
/// headers.
///
/// The header ends after the first empty line. Without one, it ends before a boundary line, or
/// where two lines in a row are no fields (the blank line was forgotten). A single line that is no
/// field continues the field before it (RFC 7103 §7.2). A first line that is no field means there
/// is no header; an mbox `From ` line is skipped.
final class HeaderScan {
    /// Longest field name that is looked at; a longer one makes the line no field. RFC 5322 §2.1.1
    /// allows 998.
    static final int NAME_BYTES_MAX = 998;

    /// Is told of each field, in order.
    interface Visitor {
        /// @param name where its name starts; `colon` its colon; `[colon + 1, end)` its value
        ///     without the last line end
        void field(int name, int colon, int end);
    }

    private final byte[] raw;
    private final int until;
    private final IntPredicate boundaryAt;
    private final Visitor visitor;

    private int name = -1;
    private int colon;
    private int end;

    private HeaderScan(byte[] raw, int until, IntPredicate boundaryAt, Visitor visitor) {
        this.raw = raw;
        this.until = until;
        this.boundaryAt = boundaryAt;
        this.visitor = visitor;
    }

    /// Reports the fields from `from` on and returns where the body starts.
    ///
    /// @param boundaryAt says whether the line starting at an index is a boundary of an enclosing
    ///     multipart
    static int scan(byte[] raw, int from, int until, IntPredicate boundaryAt, Visitor visitor) {
        return new HeaderScan(raw, until, boundaryAt, visitor).run(from);
    }

    private int run(int from) {
        int at = from;
        while (at < until) {
            int next = Octets.lineEnd(raw, at, until);
            int text = Octets.textEnd(raw, at, next);
            if (text == at) {
                report();
                return next;
            }
            if (boundaryAt.test(at)) break;
            int c = colon(at, text);
            if (c >= 0) {
                report();
                name = at;
                colon = c;
                end = text;
            } else if (at == from && isMboxLine(at, text)) {
                name = -1;
            } else if (name < 0 || !continues(at, next)) {
                if (at == from || name >= 0) break;
            } else {
                end = text;
            }
            at = next;
        }
        report();
        return at;
    }

    private void report() {
        if (name >= 0) visitor.field(name, colon, end);
        name = -1;
    }

    private boolean continues(int at, int next) {
        if (Octets.isSpace(raw[at])) return true;
        if (next >= until || boundaryAt.test(next)) return false;
        int after = Octets.lineEnd(raw, next, until);
        int text = Octets.textEnd(raw, next, after);
        return text == next || Octets.isSpace(raw[next]) || colon(next, text) >= 0;
    }

    private boolean isMboxLine(int at, int text) {
        int skip = raw[at] == '>' ? 1 : 0;
        return text - at >= skip + 5
                && raw[at + skip] == 'F'
                && raw[at + skip + 1] == 'r'
                && raw[at + skip + 2] == 'o'
                && raw[at + skip + 3] == 'm'
                && raw[at + skip + 4] == ' ';
    }

    /// Returns where the colon of the field in `[at, text)` is, or -1 when the line is no field.
    /// RFC 5322 §2.2, with the spaces before the colon of §4.5.
    private int colon(int at, int text) {
        int stop = Math.min(text, at + NAME_BYTES_MAX + 1);
        int i = at;
        while (i < stop && raw[i] > ' ' && raw[i] != ':' && raw[i] != 127) i++;
        if (i == at) return -1;
        while (i < stop && Octets.isSpace(raw[i])) i++;
        return i < stop && raw[i] == ':' ? i : -1;
    }
}
