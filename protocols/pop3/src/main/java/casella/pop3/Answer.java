package casella.pop3;

import casella.wire.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What the client is told: a line, or a line and more lines up to one with a single dot. RFC 1939 §3.
sealed interface Answer {
    Reply reply();

    record Line(Reply reply) implements Answer {}

    /// @param lines how to write what follows the first line, without the final dot
    record Lines(Reply reply, Writer lines) implements Answer {}

    /// Writes the lines of an answer as they are made.
    interface Writer {
        void write(Connection out) throws IOException;
    }

    /// Writes the answer, its final dot too.
    default void send(Connection out) throws IOException {
        out.write(reply().line() + "\r\n");
        if (!(this instanceof Lines(_, Writer lines))) return;
        lines.write(out);
        out.write(".\r\n");
    }

    /// Returns a writer of `bytes` from `from` inclusive to `until` exclusive, with a dot before each line that starts
    /// with one, and a line end after the last line if it has none.
    ///
    /// A line starts after every LF, also a bare one: a client that splits at LF must not see an end too early.
    static Writer stuffed(byte[] bytes, int until) {
        return out -> {
            int start = 0;
            boolean lineStart = true;
            for (int i = 0; i < until; i++) {
                if (lineStart && bytes[i] == '.') {
                    out.write(bytes, start, i - start);
                    out.write(".".getBytes(StandardCharsets.US_ASCII));
                    start = i;
                }
                lineStart = bytes[i] == '\n';
            }
            out.write(bytes, start, until - start);
            boolean ended = until == 0 || (until > 1 && bytes[until - 2] == '\r' && bytes[until - 1] == '\n');
            if (!ended) out.write("\r\n");
        };
    }
}
