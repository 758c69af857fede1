package casella.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Stands before a server and cuts connections off after so many bytes, counted both ways.
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int to;
    private final LongSupplier lengths;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    final AtomicInteger cuts = new AtomicInteger();

    /// @param to the server's port on this machine
    /// @param lengths after how many bytes each next connection is cut off
    CuttingProxy(int to, LongSupplier lengths) throws IOException {
        this.to = to;
        this.lengths = lengths;
        listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.add(client);
                sockets.add(server);
                var left = new AtomicLong(lengths.getAsLong());
                Thread.ofVirtual().start(() -> pass(client, server, left));
                Thread.ofVirtual().start(() -> pass(server, client, left));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(Socket from, Socket into, AtomicLong left) {
        try (from; into) {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            byte[] bytes = new byte[512];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                long rest = left.addAndGet(-n);
                if (rest <= 0) {
                    if (rest + n > 0) {
                        out.write(bytes, 0, (int) (rest + n));
                        out.flush();
                        cuts.incrementAndGet();
                    }
                    return;
                }
                out.write(bytes, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            return; // one side went
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) socket.close();
    }
}
