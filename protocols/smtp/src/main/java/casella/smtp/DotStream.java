package casella.smtp;

import casella.base.Deadline;
import casella.wire.Taker;

/// Reads message content up to the line of one dot and takes the dots off that were put on. RFC 5321 §4.5.2.
///
/// Only CRLF ends a line, and only CRLF `.` CRLF ends the message (RFC 5321 §4.1.1.4). A CR or LF that stands alone
/// makes the message flawed: it is read to its true end and refused. Taking `LF . CRLF` or the like for the end, or
/// passing it on, is how a second message is smuggled inside a first.
///
/// ```text
/// state       CRLF so far      '.'          CR         LF         other
/// LINE_START  CRLF             DOT          CR         flawed     TEXT
/// DOT         CRLF .           TEXT(.)      DOT_CR     flawed     TEXT(.)   the first dot is dropped
/// DOT_CR      CRLF . CR        flawed       flawed     the end    flawed
/// TEXT                         TEXT         CR         flawed     TEXT
/// CR          CR               flawed       flawed     LINE_START flawed
/// ```
final class DotStream implements Taker {
    private enum State {
        LINE_START,
        DOT,
        DOT_CR,
        TEXT,
        CR,
        END
    }

    private static final byte[] CR_BYTE = {'\r'};

    private final Letter letter;
    private final Deadline deadline;
    private State state = State.LINE_START;
    private boolean flawed;
    private boolean late;

    DotStream(Letter letter, Deadline deadline) {
        this.letter = letter;
        this.deadline = deadline;
    }

    @Override
    public boolean done() {
        return state == State.END || gaveUp();
    }

    /// Says whether reading ended before the message did: too much was thrown away, or it took too long.
    boolean gaveUp() {
        return state != State.END && (late || letter.farTooLarge());
    }

    /// Says whether a CR or LF stood alone.
    boolean flawed() {
        return flawed;
    }

    @Override
    public int take(byte[] bytes, int from, int until) {
        late = deadline.over();
        int copied = from; // up to here it is in the letter
        int i = from;
        while (i < until && state != State.END) {
            byte b = bytes[i];
            switch (state) {
                case TEXT -> {
                    while (b != '\r' && b != '\n' && ++i < until) b = bytes[i];
                    if (i == until) continue;
                    if (b == '\r') state = State.CR;
                    else flawed = true;
                }
                case CR -> {
                    if (b == '\n') {
                        state = State.LINE_START;
                    } else {
                        flawed = true;
                        state = b == '\r' ? State.CR : State.TEXT;
                    }
                }
                case LINE_START -> {
                    if (b == '.') {
                        letter.add(bytes, copied, i);
                        copied = i + 1;
                        state = State.DOT;
                    } else {
                        state = text(b);
                    }
                }
                case DOT -> {
                    if (b == '\r') {
                        copied = i + 1; // held back: it may be the end's
                        state = State.DOT_CR;
                    } else {
                        state = text(b);
                    }
                }
                case DOT_CR -> {
                    if (b == '\n') {
                        copied = i + 1;
                        state = State.END;
                    } else {
                        flawed = true;
                        letter.add(CR_BYTE, 0, 1);
                        state = text(b);
                    }
                }
                case END -> throw new IllegalStateException("read past the end");
            }
            i++;
        }
        if (copied < i) letter.add(bytes, copied, i);
        return i - from;
    }

    /// Returns the state after `b`, which is neither a dot at the start of a line nor after a CR.
    private State text(byte b) {
        if (b == '\r') return State.CR;
        flawed |= b == '\n';
        return State.TEXT;
    }
}
