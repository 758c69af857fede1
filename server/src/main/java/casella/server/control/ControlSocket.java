package casella.server.control;

import casella.base.Event;
import casella.base.Log;
import casella.server.health.Audit;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The server's end of `run/control.sock`. docs/formats/control-socket.md is the protocol.
///
/// A connection carries one order: a line of JSON, then the body if it has one, then the client shuts its side; lines of
/// JSON come back. At most [#CONNECTIONS_MAX] at a time; the order's line must come within 10 s.
public final class ControlSocket implements AutoCloseable {
    /// The longest line of an order, in characters.
    public static final int LINE_CHARS_MAX = 65_536;

    static final int CONNECTIONS_MAX = 16;
    private static final Duration LINE_TIME = Duration.ofSeconds(10);

    private final Path path;
    private final Operations operations;
    private final ServerSocketChannel server;
    private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private ControlSocket(Path path, Operations operations, ServerSocketChannel server) {
        this.path = path;
        this.operations = operations;
        this.server = server;
    }

    /// Binds `path`, putting it in the place of one a dead process left. The caller holds the data folder.
    ///
    /// @throws UncheckedIOException if it cannot be bound
    public static ControlSocket open(Path path, Operations operations) {
        try (var near = ShortPath.to(path)) {
            Files.deleteIfExists(path);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(near.path()));
            if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            var socket = new ControlSocket(path, operations, server);
            Thread.ofVirtual().name("control.accept").start(socket::accept);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("The control socket cannot be bound", e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                places.acquire();
                SocketChannel channel = server.accept();
                open.add(channel);
                Thread.ofVirtual().name("control.order").start(() -> serve(channel));
            } catch (IOException e) {
                places.release();
                if (server.isOpen()) Log.event(Event.CONTROL_FAILED, e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel;
                var in = new BufferedReader(new InputStreamReader(
                        Channels.newInputStream(channel), StandardCharsets.UTF_8.newDecoder()));
                var out = new BufferedWriter(new OutputStreamWriter(
                        Channels.newOutputStream(channel), StandardCharsets.UTF_8))) {
            String line = line(channel, in);
            if (line.isEmpty()) return; // a look whether somebody answers here
            answer(line, user(channel), in, out);
        } catch (IOException | UncheckedIOException e) {
            Log.event(Event.CONTROL_FAILED, "why", e.getClass().getSimpleName());
        } finally {
            open.remove(channel);
            places.release();
        }
    }

    /// Reads the order's line; a client that does not send it in time is closed.
    private static String line(SocketChannel channel, BufferedReader in) throws IOException {
        var came = new CountDownLatch(1);
        Thread.ofVirtual().name("control.patience").start(() -> {
            try {
                if (!came.await(LINE_TIME.toMillis(), TimeUnit.MILLISECONDS)) channel.close();
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            var line = new StringBuilder();
            for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
                if (line.length() == LINE_CHARS_MAX) throw new IOException("an order's line is too long");
                line.append((char) c);
            }
            return line.toString();
        } finally {
            came.countDown();
        }
    }

    /// Returns the operating system's user at the other end.
    private static String user(SocketChannel channel) throws IOException {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (UnsupportedOperationException e) {
            return "unknown";
        }
    }

    private void answer(String line, String by, BufferedReader body, Writer out) throws IOException {
        Order order;
        try {
            order = Json.MAPPER.readValue(line, Order.class);
        } catch (JacksonException e) {
            write(out, Json.object().put("refused", "order: is none this server knows"));
            return;
        }
        Outcome outcome = ScopedValue.where(Audit.BY, by).call(() -> operations.perform(order, body,
                new Operations.Output() {
            @Override
            public void row(ObjectNode row) {
                writeUnchecked(out, Json.object().set("row", row));
            }

            @Override
            public void progress(long count) {
                writeUnchecked(out, Json.object().put("progress", count));
            }

            @Override
            public void progress(long done, long total, String unit) {
                writeUnchecked(out, Json.object().put("progress", done).put("of", total).put("unit", unit));
            }
        }));
        write(out, switch (outcome) {
            case Outcome.Done(ObjectNode facts) -> Json.object().set("done", facts);
            case Outcome.Found(ObjectNode facts) -> Json.object().set("found", facts);
            case Outcome.Refused(String message) -> Json.object().put("refused", message);
            case Outcome.NotReachable(String message) -> Json.object().put("refused", message);
        });
    }

    private static void writeUnchecked(Writer out, ObjectNode line) {
        try {
            write(out, line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Writer out, ObjectNode line) throws IOException {
        out.write(line.toString());
        out.write('\n');
        out.flush();
    }

    /// Takes no more orders, closes those under way, removes the socket.
    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel channel : open) channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            Log.event(Event.CONTROL_FAILED, e);
        }
    }
}
