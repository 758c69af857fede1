package casella.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The reading half of a connection: one buffer, read by the session's thread.
///
/// To wait for input *or* an event, a second virtual thread, the *filler*, does the blocking read while the session's
/// thread waits on a condition (docs/decisions/0025). An unfinished fill stays until it has something; the next read,
/// of whatever kind, waits for it instead of reading itself, so the stream has one reader at any time. It works with
/// TLS, because reading and writing a TLS socket are independent.
final class Input {
    private static final int BUFFER_BYTES = 8192;
    private static final int BODY_BUFFER_BYTES = 32 << 10;
    private static final int DISCARD_BYTES_MAX = 1 << 20;
    private static final int START_BYTES = 256;
    private static final int FIRST_BYTES = 64 << 10;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private enum Fill {
        NONE,
        RUNNING,
        FINISHED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Patience patience;
    private final Output output;
    /// [#BUFFER_BYTES] long; longer while a body comes fast, and after it as long as more than that waits.
    private byte[] buffer = new byte[BUFFER_BYTES];
    private Socket socket;
    private InputStream stream;
    private Duration idle;
    private int position;
    private int limit;
    private boolean ended;
    private long bytesRead;
    /// Start of the current minute of a body, and what came in it.
    private long minuteStart;
    private long minuteBytes;
    /// True while the session's thread blocks in a read between commands: then, and only then, stopping cuts it short.
    private volatile boolean idling;
    private volatile boolean stopping;
    // Guarded by lock, but for the session's look at `fill` being NONE, which only the session's thread changes.
    private volatile Fill fill = Fill.NONE;
    private int filled;
    private @Nullable IOException fillFailure;
    private boolean woken;

    Input(Socket socket, Output output, Patience patience) throws IOException {
        this.socket = socket;
        this.output = output;
        this.stream = socket.getInputStream();
        this.patience = patience;
        this.idle = patience.idle();
    }

    void idle(Duration time) {
        idle = time;
    }

    long bytesRead() {
        return bytesRead;
    }

    boolean buffered() {
        return position < limit;
    }

    /// Reads from `next` from now on. The caller has made sure that nothing is buffered.
    void replace(Socket next) throws IOException {
        if (buffered() || fill != Fill.NONE) throw new IllegalStateException("plaintext waits before the handshake");
        socket = next;
        stream = next.getInputStream();
    }

    Line readLine(int bytesMax) throws IOException {
        byte[] head = {};
        if (!buffered() && !fillIdle()) return new Line.Ended();
        long start = System.nanoTime();
        while (true) {
            int end = lineFeed();
            int length = head.length + (end < 0 ? limit : end) - position;
            if (length > bytesMax + 1) return discard(head, bytesMax); // one more for the CR
            head = join(head, end < 0 ? limit : end);
            if (end >= 0) {
                position = end + 1;
                return lineOf(head, bytesMax);
            }
            position = limit;
            if (!fill(left(start, patience.line()), CloseReason.STALLED)) return new Line.Ended();
        }
    }

    private static Line lineOf(byte[] bytes, int bytesMax) {
        boolean crlf = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        int length = crlf ? bytes.length - 1 : bytes.length;
        if (length > bytesMax) return new Line.TooLong(Arrays.copyOf(bytes, Math.min(length, START_BYTES)), true);
        boolean crAlone = false;
        for (int i = 0; i < length; i++) crAlone |= bytes[i] == '\r';
        byte[] line = crlf ? Arrays.copyOf(bytes, length) : bytes;
        return crlf && !crAlone ? new Line.Whole(line) : new Line.Flawed(line, !crlf, crAlone);
    }

    private byte[] join(byte[] head, int end) {
        if (head.length == 0) return Arrays.copyOfRange(buffer, position, end);
        byte[] joined = Arrays.copyOf(head, head.length + end - position);
        System.arraycopy(buffer, position, joined, head.length, end - position);
        return joined;
    }

    private Line discard(byte[] head, int bytesMax) throws IOException {
        byte[] start = Arrays.copyOf(join(head, limit), Math.min(START_BYTES, bytesMax + 1));
        long since = System.nanoTime();
        for (long thrown = 0; thrown <= DISCARD_BYTES_MAX; ) {
            int end = lineFeed();
            if (end >= 0) {
                position = end + 1;
                return new Line.TooLong(start, true);
            }
            thrown += limit - position;
            position = limit;
            if (!fill(left(since, patience.line()), CloseReason.STALLED)) return new Line.Ended();
        }
        return new Line.TooLong(start, false);
    }

    private int lineFeed() {
        for (int i = position; i < limit; i++) if (buffer[i] == '\n') return i;
        return -1;
    }

    byte[] readExactly(int count) throws IOException {
        // The announced size is only believed as bytes come.
        byte[] bytes = new byte[Math.min(count, FIRST_BYTES)];
        int have = 0;
        startBody();
        while (have < count) {
            if (have == bytes.length) bytes = Arrays.copyOf(bytes, (int) Math.min(count, bytes.length * 2L));
            have += readBody(bytes, have, bytes.length - have);
        }
        return bytes;
    }

    void readTo(OutputStream out, long count) throws IOException {
        startBody();
        for (long left = count; left > 0; ) {
            if (!buffered()) fillBody();
            int part = (int) Math.min(left, limit - position);
            out.write(buffer, position, part);
            position += part;
            left -= part;
        }
    }

    void readTo(Taker taker) throws IOException {
        startBody();
        while (!taker.done()) {
            if (!buffered()) {
                if (limit == BUFFER_BYTES && fill == Fill.NONE) lengthen();
                fillBody();
            }
            position += taker.take(buffer, position, limit);
        }
        shorten();
    }

    /// Reads more at once when a whole buffer came at once: each read costs more than copying what it reads.
    private void lengthen() {
        if (buffer.length == BUFFER_BYTES) buffer = new byte[BODY_BUFFER_BYTES];
    }

    private void shorten() {
        int rest = limit - position;
        if (buffer.length == BUFFER_BYTES || rest > BUFFER_BYTES) return;
        byte[] usual = new byte[BUFFER_BYTES];
        System.arraycopy(buffer, position, usual, 0, rest);
        buffer = usual;
        position = 0;
        limit = rest;
    }

    private int readBody(byte[] into, int from, int count) throws IOException {
        if (!buffered() && (count < BUFFER_BYTES || fill != Fill.NONE)) fillBody();
        if (buffered()) {
            int part = Math.min(count, limit - position);
            System.arraycopy(buffer, position, into, from, part);
            position += part;
            return part;
        }
        output.flush();
        int read = read(into, from, count, bodyNanos(), CloseReason.STALLED);
        if (read < 0) throw new Hangup(CloseReason.CLIENT_LEFT);
        minuteBytes += read;
        return read;
    }

    private void startBody() {
        minuteStart = System.nanoTime();
        minuteBytes = 0;
    }

    private void fillBody() throws IOException {
        if (!fill(bodyNanos(), CloseReason.STALLED)) throw new Hangup(CloseReason.CLIENT_LEFT);
        minuteBytes += limit - position;
    }

    /// Returns how long the body may be silent; a minute that brought too little ends the connection.
    private long bodyNanos() throws Hangup {
        if (System.nanoTime() - minuteStart >= MINUTE) {
            if (minuteBytes < patience.bytesPerMinuteMin()) throw new Hangup(CloseReason.STALLED);
            startBody();
        }
        return MINUTE;
    }

    private static long left(long start, Duration time) throws Hangup {
        long left = time.toNanos() - (System.nanoTime() - start);
        if (left <= 0) throw new Hangup(CloseReason.STALLED);
        return left;
    }

    /// Waits for the first byte of a line; the one wait that a stopping server cuts short.
    private boolean fillIdle() throws IOException {
        idling = true;
        try {
            if (stopping) throw new Hangup(CloseReason.STOPPING);
            boolean some = fill(idle.toNanos(), CloseReason.IDLE);
            if (!some && stopping) throw new Hangup(CloseReason.STOPPING);
            return some;
        } finally {
            idling = false;
        }
    }

    /// Puts at least one byte in the empty buffer; false if the client closed.
    private boolean fill(long nanos, CloseReason late) throws IOException {
        if (ended) return false;
        output.flush(); // whoever waits for the client has told it all before
        int count;
        if (fill == Fill.NONE) {
            count = read(buffer, 0, buffer.length, nanos, late);
        } else {
            lock.lock();
            try {
                for (long left = nanos; fill == Fill.RUNNING; ) {
                    if (stopping && idling) throw new Hangup(CloseReason.STOPPING);
                    if (left <= 0) throw new Hangup(late);
                    left = changed.awaitNanos(left);
                }
                count = finishFill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Hangup(CloseReason.STOPPING, e);
            } finally {
                lock.unlock();
            }
        }
        take(count);
        return count > 0;
    }

    private void take(int count) {
        position = 0;
        limit = Math.max(count, 0);
        ended = count < 0;
    }

    private int finishFill() throws IOException {
        fill = Fill.NONE;
        if (fillFailure != null) throw fillFailure;
        return filled;
    }

    private int read(byte[] into, int from, int count, long nanos, CloseReason late) throws IOException {
        try {
            socket.setSoTimeout(Math.clamp(nanos / 1_000_000, 1, Integer.MAX_VALUE));
            int read = stream.read(into, from, count);
            if (read > 0) bytesRead += read;
            return read;
        } catch (SocketTimeoutException e) {
            throw new Hangup(late, e);
        }
    }

    Woken await(Duration time) throws IOException {
        if (buffered() || ended) return stopping ? Woken.STOPPING : Woken.INPUT;
        output.flush();
        lock.lock();
        try {
            if (fill == Fill.NONE) {
                fill = Fill.RUNNING;
                Thread.ofVirtual().name("filler").start(this::fillForAwait);
            }
            for (long left = time.toNanos(); ; left = changed.awaitNanos(left)) {
                if (stopping) return Woken.STOPPING;
                if (fill == Fill.FINISHED) {
                    take(finishFill());
                    return Woken.INPUT;
                }
                if (woken) {
                    woken = false;
                    return Woken.EVENT;
                }
                if (left <= 0) return Woken.TIME;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Hangup(CloseReason.STOPPING, e);
        } finally {
            lock.unlock();
        }
    }

    private void fillForAwait() {
        int count = -1;
        @Nullable IOException failure = null;
        try {
            count = read(buffer, 0, buffer.length, Integer.MAX_VALUE * 1_000_000L, CloseReason.IDLE);
        } catch (IOException e) {
            failure = e;
        }
        lock.lock();
        try {
            filled = count;
            fillFailure = failure;
            fill = Fill.FINISHED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the wait between commands, now or when it comes; a command that runs is left to end.
    boolean stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return idling && fill == Fill.NONE;
    }

    boolean stopping() {
        return stopping;
    }
}
