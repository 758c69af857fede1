package casella.smtp;

import casella.base.Deadline;
import casella.wire.Taker;
import org.jspecify.annotations.Nullable;

/// A message that comes in chunks, between its first BDAT and its last. RFC 3030 §2.
///
/// The bytes are taken as they come, without dots. Unless the sender said BODY=BINARYMIME they are lines that end with
/// CRLF, also across chunks, and one with a bare CR or LF is refused as in DATA: what is passed on with DATA must never
/// hold one.
final class Chunks implements AutoCloseable {
    private final Letter letter;
    private final Deadline deadline;
    private final boolean binary;
    private boolean afterCr;
    private boolean flawed;
    private boolean late;
    private @Nullable Reply refused;

    /// @param binary whether CR and LF are bytes like all others. RFC 3030 §3
    /// @param deadline for the whole message
    Chunks(Letter letter, boolean binary, Deadline deadline) {
        this.letter = letter;
        this.binary = binary;
        this.deadline = deadline;
    }

    /// One chunk: done when its octets have come.
    final class Chunk implements Taker {
        private long left;

        Chunk(long octets) {
            left = octets;
        }

        @Override
        public boolean done() {
            return left == 0 || late;
        }

        @Override
        public int take(byte[] bytes, int from, int until) {
            late = deadline.over();
            int count = (int) Math.min(left, until - from);
            if (!binary) look(bytes, from, from + count);
            letter.add(bytes, from, from + count);
            left -= count;
            return count;
        }
    }

    private void look(byte[] bytes, int from, int until) {
        for (int i = from; i < until; i++) {
            byte b = bytes[i];
            flawed |= afterCr != (b == '\n');
            afterCr = b == '\r';
        }
    }

    /// Says whether it took too long: octets of a chunk may be left unread.
    boolean late() {
        late |= deadline.over();
        return late;
    }

    /// Says whether a CR or LF stands alone in what came.
    ///
    /// @param last whether no more is to come: a CR at the end stands alone then
    boolean flawed(boolean last) {
        return flawed || (last && afterCr);
    }

    Letter letter() {
        return letter;
    }

    /// Returns why the message is refused, null as long as it is not. What still comes of it is thrown away.
    @Nullable Reply refused() {
        return refused;
    }

    void refuse(Reply why) {
        refused = why;
        letter.close();
    }

    /// Gives the memory back.
    @Override
    public void close() {
        letter.close();
    }
}
