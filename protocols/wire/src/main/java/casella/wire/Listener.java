package casella.wire;

import casella.base.Deadline;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One address and port: accepts, counts, and gives each client a virtual thread with a session.
///
/// Closing is clean: nothing new is accepted, waiting sessions are told at once (STOPPING), running commands may end
/// until the close time, what is left then is cut.
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final long WATCH_MILLIS = 500;

    private final ListenerConfig config;
    private final Service service;
    private final Metrics metrics;
    private final ServerSocket socket;
    private final Map<Connection, Thread> open = new ConcurrentHashMap<>();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    private Listener(ListenerConfig config, Service service, Metrics metrics, ServerSocket socket) {
        this.config = config;
        this.service = service;
        this.metrics = metrics;
        this.socket = socket;
    }

    /// Binds and begins to accept.
    ///
    /// @throws IOException if the address cannot be bound
    public static Listener open(ListenerConfig config, Service service, Metrics metrics) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(config.address(), config.port()), BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var listener = new Listener(config, service, metrics, socket);
        metrics.gauge(Metric.WIRE_CONNECTIONS_OPEN, listener.open::size, config.name());
        Thread.ofVirtual().name(config.name() + "-accept").start(listener::accept);
        Thread.ofVirtual().name(config.name() + "-watch").start(listener::watch);
        Log.event(Event.LISTENER_OPENED, "listener", config.name(), "port", listener.port());
        return listener;
    }

    /// Returns the port, also when the configuration said "any".
    public int port() {
        return socket.getLocalPort();
    }

    public InetAddress address() {
        return socket.getInetAddress();
    }

    /// Returns how many connections are open.
    public int connections() {
        return open.size();
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void accept() {
        while (!closed()) {
            try {
                admit(socket.accept());
            } catch (IOException e) {
                if (closed()) return;
                // Out of file descriptors, or the client was quicker than we: neither ends the listener.
                Log.event(Event.ACCEPT_FAILED, e, "listener", config.name());
                pause(100);
            }
        }
    }

    private void admit(Socket client) throws IOException {
        try {
            client.setTcpNoDelay(true);
            String source = source(client.getInetAddress());
            InetAddress peer = client.getInetAddress();
            if (peer != null && config.conduct().banned(peer).isPresent()) {
                refuse(client, Service.Refusal.BANNED, "banned");
            } else if (open.size() >= config.connectionsMax()) {
                refuse(client, Service.Refusal.TOO_MANY, "too-many");
            } else if (!enter(source)) {
                refuse(client, Service.Refusal.TOO_MANY_FROM_ADDRESS, "too-many-from-address");
            } else {
                start(client, source);
            }
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private void start(Socket client, String source) throws IOException {
        Connection connection;
        try {
            connection = new Connection(client, config.patience());
        } catch (IOException e) {
            leave(source);
            throw e;
        }
        Thread thread = Thread.ofVirtual()
                .name(config.name() + "-" + connection.id())
                .unstarted(() -> serve(connection, source));
        open.put(connection, thread);
        metrics.add(Metric.WIRE_CONNECTIONS, 1, config.name(), "accepted");
        thread.start();
        if (closed()) connection.stop();
    }

    private void refuse(Socket client, Service.Refusal why, String outcome) throws IOException {
        try (client) {
            if (config.tls() == null) client.getOutputStream().write(service.refusal(why));
        }
        metrics.add(Metric.WIRE_CONNECTIONS, 1, config.name(), outcome);
        Log.event(Event.CONNECTION_REFUSED, "listener", config.name(), "why", outcome);
    }

    private void serve(Connection connection, String source) {
        long start = System.nanoTime();
        Log.event(
                Event.CONNECTION_OPENED,
                "listener", config.name(),
                "connection", connection.id(),
                "peer", connection.peer().getAddress().getHostAddress());
        try {
            TlsContext tls = config.tls();
            if (tls != null) connection.startTls(tls.get());
            service.serve(connection);
            connection.ended(CloseReason.DONE);
        } catch (Hangup e) {
            connection.ended(e.reason());
        } catch (IOException e) {
            connection.ended(CloseReason.LOST);
        } catch (RuntimeException | Error e) {
            connection.ended(CloseReason.FAILED);
            Log.event(Event.SESSION_FAILED, e, "listener", config.name(), "connection", connection.id());
        } finally {
            connection.close();
            open.remove(connection);
            leave(source);
            Log.event(
                    Event.CONNECTION_CLOSED,
                    "listener", config.name(),
                    "connection", connection.id(),
                    "why", connection.closeReason().label(),
                    "read", connection.bytesRead(),
                    "written", connection.bytesWritten(),
                    "ms", Duration.ofNanos(System.nanoTime() - start).toMillis());
        }
    }

    /// Returns what connections are counted by: the IPv4 address, the /64 of an IPv6 address (one customer has at
    /// least that many), or nothing for exempt addresses.
    private String source(@Nullable InetAddress address) {
        if (address == null || (config.loopbackExempt() && address.isLoopbackAddress())) return "";
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    private boolean enter(String source) {
        if (source.isEmpty()) return true;
        int most = config.connectionsPerAddressMax();
        boolean[] entered = {false};
        byAddress.compute(source, (_, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < most;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    private void leave(String source) {
        if (!source.isEmpty()) byAddress.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }

    private void watch() {
        // Once closing, the close time is the only deadline.
        while (!pause(WATCH_MILLIS)) {
            long now = System.nanoTime();
            for (Connection connection : open.keySet()) connection.watch(now);
        }
    }

    /// Waits `millis`, or until closing; says whether it is closing.
    private boolean pause(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            Log.event(Event.ACCEPT_FAILED, e, "listener", config.name());
        }
        for (Connection connection : open.keySet()) connection.stop();
        join(Deadline.in(config.closeTime()));
        for (Connection connection : open.keySet()) connection.abort(CloseReason.STOPPING);
        join(Deadline.in(Duration.ofSeconds(1)));
        Log.event(Event.LISTENER_CLOSED, "listener", config.name(), "left", open.size());
    }

    private void join(Deadline deadline) {
        try {
            for (Thread thread : open.values()) thread.join(Duration.ofNanos(deadline.remainingNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
