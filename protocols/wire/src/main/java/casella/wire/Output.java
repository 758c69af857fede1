package casella.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;

/// The writing half of a connection: one buffer, written by the session's thread, sent by [#flush()].
///
/// A socket has no time limit for writes, so each write of at most 64 KiB sets `late`, and the listener's watch closes
/// a connection that is past it.
final class Output extends OutputStream {
    private static final int BUFFER_BYTES = 8192;
    private static final int PIECE_BYTES = 64 << 10;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Duration patience;
    private OutputStream stream;
    private int used;
    private long bytesWritten;
    /// nanoTime after which the running write is given up, 0 when none runs.
    private volatile long late;

    Output(Socket socket, Duration patience) throws IOException {
        this.stream = socket.getOutputStream();
        this.patience = patience;
    }

    /// Writes to `next` from now on. The caller has flushed.
    void replace(Socket next) throws IOException {
        stream = next.getOutputStream();
    }

    long bytesWritten() {
        return bytesWritten;
    }

    boolean late(long now) {
        long limit = late;
        return limit != 0 && now - limit > 0;
    }

    @Override
    public void write(int b) throws IOException {
        if (used == buffer.length) empty();
        buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (count <= buffer.length - used) {
            System.arraycopy(bytes, from, buffer, used, count);
            used += count;
            return;
        }
        empty();
        if (count < buffer.length) {
            System.arraycopy(bytes, from, buffer, 0, count);
            used = count;
            return;
        }
        for (int at = from, end = from + count; at < end; at += PIECE_BYTES) {
            send(bytes, at, Math.min(PIECE_BYTES, end - at));
        }
    }

    /// Sends what is buffered. The one place where a session waits for its client to read.
    @Override
    public void flush() throws IOException {
        empty();
    }

    private void empty() throws IOException {
        if (used == 0) return;
        int count = used;
        used = 0;
        send(buffer, 0, count);
    }

    private void send(byte[] bytes, int from, int count) throws IOException {
        long limit = System.nanoTime() + patience.toNanos();
        late = limit == 0 ? 1 : limit;
        try {
            stream.write(bytes, from, count);
            bytesWritten += count;
        } finally {
            late = 0;
        }
    }

    /// Closing is the connection's.
    @Override
    public void close() throws IOException {
        flush();
    }
}
