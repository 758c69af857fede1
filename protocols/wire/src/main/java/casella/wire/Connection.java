package casella.wire;

import casella.base.Event;
import casella.base.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One client, as its session sees it: lines and bytes in, bytes out, TLS when asked for.
///
/// All methods are for the session's own thread, except [#wake()], [#stopping()] and the facts that never change.
/// Whatever ends the connection comes as a [Hangup] from the call that noticed. What is written is sent when 8 KiB wait,
/// on [#flush()], and before any read that has to wait for the client: so answers to pipelined commands leave together.
public final class Connection {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int LINGER_MILLIS = 500;
    private static final int LINGER_BYTES_MAX = 256 << 10;

    private final String id = Long.toString(NUMBERS.incrementAndGet(), 36);
    private final Socket plain;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private final Patience patience;
    private final Input input;
    private final Output output;
    private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();
    private volatile @Nullable SSLSocket tls;
    /// nanoTime after which a running handshake is given up, 0 when none runs.
    private volatile long handshakeLate;

    Connection(Socket socket, Patience patience) throws IOException {
        this.plain = socket;
        this.patience = patience;
        this.peer = (InetSocketAddress) socket.getRemoteSocketAddress();
        this.local = (InetSocketAddress) socket.getLocalSocketAddress();
        this.output = new Output(socket, patience.write());
        this.input = new Input(socket, output, patience);
    }

    /// Returns a short name of this connection for logs, unique in this process.
    public String id() {
        return id;
    }

    /// Returns the client's address and port.
    public InetSocketAddress peer() {
        return peer;
    }

    /// Returns our address and port as the client reached it.
    public InetSocketAddress local() {
        return local;
    }

    /// Says whether the client is on this machine.
    public boolean loopback() {
        InetAddress address = peer.getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /// Says whether TLS protects what is read and written.
    public boolean secure() {
        return tls != null;
    }

    /// Returns `TLSv1.3`, `TLSv1.2`; null in plain text.
    public @Nullable String tlsProtocol() {
        SSLSocket secured = tls;
        return secured == null ? null : secured.getSession().getProtocol();
    }

    /// Returns what binds a log-in to this connection, by the names of the types of channel binding there are: empty in
    /// plain text.
    ///
    /// `tls-exporter` with TLS 1.3 (RFC 9266), `tls-server-end-point` with a certificate whose signature has a hash
    /// (RFC 5929).
    public Map<String, byte[]> channelBindings() {
        SSLSocket secured = tls;
        return secured == null ? Map.of() : ChannelBindings.of(secured.getSession());
    }

    /// Waits `time` for the first byte of each line from now on, instead of [Patience#idle()].
    public void idle(Duration time) {
        input.idle(time);
    }

    /// Says whether bytes of the client wait to be read: the next read does not block for its first byte.
    public boolean buffered() {
        return input.buffered();
    }

    /// Reads a line.
    ///
    /// @param bytesMax longest line, its line end not counted; up to 1 MiB more is read and thrown away
    /// @throws Hangup IDLE if nothing came for the idle time, STALLED if the line began and did not end in
    ///     [Patience#line()], STOPPING if the server stops before the line began
    public Line readLine(int bytesMax) throws IOException {
        return translate(() -> input.readLine(bytesMax));
    }

    /// Reads a literal of `count` bytes. Memory grows as bytes come, not as they are announced; the caller limits
    /// `count`.
    ///
    /// @throws Hangup STALLED if it comes slower than [Patience#bytesPerMinuteMin()] or nothing comes for a minute
    public byte[] readExactly(int count) throws IOException {
        return translate(() -> input.readExactly(count));
    }

    /// Copies the next `count` bytes of the client to `out` as they come. Same failures as [#readExactly(int)].
    public void readTo(OutputStream out, long count) throws IOException {
        translate(() -> {
            input.readTo(out, count);
            return count;
        });
    }

    /// Feeds `taker` until it is done. Same failures as [#readExactly(int)].
    public void readTo(Taker taker) throws IOException {
        translate(() -> {
            input.readTo(taker);
            return 0;
        });
    }

    /// Waits for input, an event, the time, or the server's stop, whichever is first: what IMAP's IDLE does.
    ///
    /// Whoever has news calls [#wake()]; calls before the wait are not lost, several count as one.
    public Woken await(Duration time) throws IOException {
        return translate(() -> input.await(time));
    }

    /// Ends the session's [#await] with [Woken#EVENT]. From any thread; does not block.
    public void wake() {
        input.wake();
    }

    /// Says whether the server is stopping. A long command may look and end early.
    public boolean stopping() {
        return input.stopping();
    }

    /// Returns the stream that [#write] writes to, for what writes to streams. Closing it only flushes.
    public OutputStream output() {
        return output;
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    public void write(byte[] bytes, int from, int count) throws IOException {
        translate(() -> {
            output.write(bytes, from, count);
            return count;
        });
    }

    /// Writes `text` as UTF-8.
    public void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends what was written.
    public void flush() throws IOException {
        translate(() -> {
            output.flush();
            return 0;
        });
    }

    /// Sends a last line if the client can still be reached, and keeps quiet if not.
    public void farewell(String text) {
        try {
            write(text);
            flush();
        } catch (IOException _) {
            // The client is told when it can be; the connection ends either way.
        }
    }

    /// Makes the connection secure, as the server. The reply that invites the client must be flushed before.
    ///
    /// Bytes that stand in the buffer were sent in plain text and would be obeyed as if they were protected (command
    /// injection, RFC 3207 §6): they end the connection.
    ///
    /// @throws Hangup TLS_FAILED for those bytes or a failed handshake
    public void startTls(SSLContext context) throws IOException {
        if (tls != null) throw new IllegalStateException("TLS is on");
        if (input.buffered()) throw new Hangup(CloseReason.TLS_FAILED);
        long limit = System.nanoTime() + patience.handshake().toNanos();
        handshakeLate = limit == 0 ? 1 : limit;
        try {
            plain.setSoTimeout((int) patience.handshake().toMillis());
            var secured = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, peer.getHostString(), peer.getPort(), true);
            secured.setUseClientMode(false);
            secured.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"}); // RFC 8314 §4.1, RFC 8996 §4
            secured.startHandshake();
            input.replace(secured);
            output.replace(secured);
            tls = secured;
        } catch (IOException e) {
            throw new Hangup(CloseReason.TLS_FAILED, e);
        } finally {
            handshakeLate = 0;
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T translate(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (Hangup e) {
            throw e;
        } catch (IOException e) {
            CloseReason known = reason.get();
            throw new Hangup(known == null ? CloseReason.LOST : known, e);
        }
    }

    long bytesRead() {
        return input.bytesRead();
    }

    long bytesWritten() {
        return output.bytesWritten();
    }

    CloseReason closeReason() {
        CloseReason known = reason.get();
        return known == null ? CloseReason.DONE : known;
    }

    /// Remembers the first reason.
    void ended(CloseReason why) {
        reason.compareAndSet(null, why);
    }

    /// Closes what takes too long. Called by the listener's watch.
    void watch(long now) {
        long limit = handshakeLate;
        if (limit != 0 && now - limit > 0) abort(CloseReason.TLS_FAILED);
        if (output.late(now)) abort(CloseReason.NOT_READING);
    }

    /// Asks the session to end: a wait between commands ends now with STOPPING, a command is left to end.
    void stop() {
        if (!input.stop()) return;
        try {
            plain.shutdownInput();
        } catch (IOException _) {
            // It is closing by itself.
        }
    }

    /// Closes without a word. From any thread.
    void abort(CloseReason why) {
        ended(why);
        try {
            plain.close();
        } catch (IOException e) {
            Log.event(Event.CONNECTION_CLOSE_FAILED, e, "connection", id);
        }
    }

    /// Sends what is buffered, says the end, and reads what the client still sends for half a second: a socket closed
    /// over unread input is reset, and the reset can overtake the last reply.
    void close() {
        try (plain) {
            output.flush();
            if (reason.get() == CloseReason.CLIENT_LEFT || reason.get() == CloseReason.LOST) return;
            SSLSocket secured = tls;
            if (secured != null) secured.shutdownOutput();
            plain.shutdownOutput();
            linger();
        } catch (IOException _) {
            // The client is gone, which is what was wanted.
        }
    }

    private void linger() throws IOException {
        long end = System.nanoTime() + LINGER_MILLIS * 1_000_000L;
        byte[] rest = new byte[4096];
        for (int thrown = 0; thrown < LINGER_BYTES_MAX; ) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) return;
            plain.setSoTimeout((int) left);
            int read = plain.getInputStream().read(rest);
            if (read < 0) return;
            thrown += read;
        }
    }
}
