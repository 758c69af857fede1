package casella.relay;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A mail server that takes what comes, or behaves as a test says: what no real one can be made to do. Real ones are in
/// the server's tests.
final class Sink implements AutoCloseable {
    /// One message it took.
    record Got(String mail, List<String> rcpts, String content, boolean chunked) {}

    /// What it does instead of a reply.
    static final String CUT = "cut";
    static final String HANG = "hang";

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final CountDownLatch over = new CountDownLatch(1);
    final List<Got> got = Collections.synchronizedList(new ArrayList<>());
    final List<String> commands = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    volatile List<String> extensions = List.of("PIPELINING", "8BITMIME", "SIZE 1000000", "DSN", "SMTPUTF8");
    /// Gives the reply to a command in upper case, or to `GREETING`, `CONTENT`; empty for the usual one.
    volatile Function<String, String> says = _ -> "";
    /// With what it goes on after STARTTLS; null for what does not know it.
    volatile @Nullable SSLContext tls;

    Sink(String address, int port) throws IOException {
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Returns how many recipients it took mail for.
    int rcpts() {
        return taken.get();
    }

    /// Returns how many connections are open.
    int open() {
        return now.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try (socket) {
            greet(socket);
        } catch (IOException e) {
            return; // the client went, or was cut off
        } finally {
            now.decrementAndGet();
            sockets.remove(socket);
        }
    }

    private void greet(Socket socket) throws IOException {
        reply(socket.getOutputStream(), "GREETING", "220 sink.example ESMTP");
        if (!talk(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream())) return;
        SSLContext identity = Objects.requireNonNull(tls);
        var secure = (SSLSocket) identity.getSocketFactory().createSocket(socket, "client", socket.getPort(),
                true);
        secure.setUseClientMode(false);
        talk(new BufferedInputStream(secure.getInputStream()), secure.getOutputStream());
    }

    /// Returns whether TLS is to begin.
    private boolean talk(InputStream in, OutputStream out) throws IOException {
        String mail = "";
        List<String> rcpts = new ArrayList<>();
        while (true) {
            String line = line(in);
            commands.add(line);
            String upper = line.toUpperCase(Locale.ROOT);
            String verb = upper.split("[ :]")[0];
            switch (verb) {
                case "EHLO" -> {
                    var lines = new StringBuilder("250-sink.example\r\n");
                    for (String one : extensions) lines.append("250-").append(one).append("\r\n");
                    reply(out, upper, lines + "250 HELP");
                }
                case "STARTTLS" -> {
                    if (tls != null && reply(out, upper, "220 2.0.0 go").startsWith("220")) return true;
                    if (tls == null) reply(out, upper, "500 5.5.1 what");
                }
                case "MAIL" -> {
                    mail = line;
                    reply(out, upper, "250 2.1.0 ok");
                }
                case "RCPT" -> {
                    if (reply(out, upper, "250 2.1.5 ok").startsWith("2")) rcpts.add(line);
                }
                case "DATA" -> {
                    if (!reply(out, upper, rcpts.isEmpty() ? "554 5.5.1 nobody" : "354 go")
                            .startsWith("354")) break;
                    String content = dotted(in);
                    if (reply(out, "CONTENT", "250 2.0.0 taken").startsWith("2")) took(new Got(mail,
                            List.copyOf(rcpts), content, false));
                    rcpts = new ArrayList<>();
                }
                case "BDAT" -> {
                    byte[] bytes = in.readNBytes(Integer.parseInt(line.split(" ")[1]));
                    String content = new String(bytes, StandardCharsets.ISO_8859_1);
                    if (reply(out, "CONTENT", "250 2.0.0 taken").startsWith("2")) took(new Got(mail,
                            List.copyOf(rcpts), content, true));
                    rcpts = new ArrayList<>();
                }
                case "RSET" -> {
                    rcpts = new ArrayList<>();
                    reply(out, upper, "250 2.0.0 ok");
                }
                case "QUIT" -> {
                    reply(out, upper, "221 2.0.0 bye");
                    return false;
                }
                default -> reply(out, upper, "500 5.5.1 what");
            }
        }
    }

    private void took(Got one) {
        got.add(one);
        taken.addAndGet(one.rcpts().size());
    }

    private String reply(OutputStream out, String to, String usual) throws IOException {
        String said = says.apply(to);
        if (said.isEmpty()) said = usual;
        if (said.equals(CUT)) throw new IOException("cut");
        if (said.equals(HANG)) {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("over");
        }
        out.write((said + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return said;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("closed");
            if (c != '\r') line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /// Reads content up to the line of one dot, and takes doubled dots off.
    private static String dotted(InputStream in) throws IOException {
        var all = new StringBuilder();
        while (true) {
            var line = new StringBuilder();
            while (line.length() < 2 || line.charAt(line.length() - 2) != '\r'
                    || line.charAt(line.length() - 1) != '\n') {
                int c = in.read();
                if (c < 0) throw new IOException("closed");
                line.append((char) c);
            }
            if (line.toString().equals(".\r\n")) return all.toString();
            all.append(line.charAt(0) == '.' ? line.substring(1) : line);
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        listener.close();
        for (Socket socket : sockets) socket.close();
    }
}
