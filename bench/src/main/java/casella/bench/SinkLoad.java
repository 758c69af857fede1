package casella.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The server to which mail is relayed: takes all, keeps nothing, and tells how much came from the first message on.
final class SinkLoad {
    private final CountDownLatch wanted;
    private final AtomicLong first = new AtomicLong();
    private final AtomicLong last = new AtomicLong();
    private final ConcurrentLinkedQueue<Double> times = new ConcurrentLinkedQueue<>();

    private SinkLoad(int messages) {
        wanted = new CountDownLatch(messages);
    }

    /// Takes `messages`, or as many as come in `secondsMax`; the rest counts as failed.
    static Measured take(int port, int messages, double secondsMax) throws IOException, InterruptedException {
        var sink = new SinkLoad(messages);
        try (var listening = new ServerSocket(port, 200, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> sink.listen(listening));
            var _ = sink.wanted.await((long) (secondsMax * 1e3), TimeUnit.MILLISECONDS);
        }
        double seconds = (sink.last.get() - sink.first.get()) / 1e9;
        double[] millis = sink.times.stream().mapToDouble(Double::doubleValue).toArray();
        return Measured.of("relayed-out", 1, sink.wanted.getCount(), seconds, millis);
    }

    private void listen(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 65_536);
            OutputStream out = socket.getOutputStream();
            say(out, "220 sink.example ESMTP");
            long start = System.nanoTime();
            for (String line = line(in); line != null; line = line(in)) {
                String verb = line.length() < 4 ? line : line.substring(0, 4);
                switch (verb) {
                    case "EHLO" -> say(out,
                            "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8");
                    case "MAIL" -> {
                        start = System.nanoTime();
                        first.compareAndSet(0, start);
                        say(out, "250 ok");
                    }
                    case "DATA" -> {
                        say(out, "354 go on");
                        while (!".".equals(line)) {
                            line = line(in);
                            if (line == null) return;
                        }
                        say(out, "250 ok");
                        last.set(System.nanoTime());
                        times.add((System.nanoTime() - start) / 1e6);
                        wanted.countDown();
                    }
                    case "QUIT" -> {
                        say(out, "221 bye");
                        return;
                    }
                    default -> say(out, "250 ok");
                }
            }
        } catch (IOException e) {
            // the sender ended it
        }
    }

    private static void say(OutputStream out, String reply) throws IOException {
        out.write((reply + "\r\n").getBytes(ISO_8859_1));
    }

    private static @Nullable String line(BufferedInputStream in) throws IOException {
        var line = new StringBuilder(80);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') return line.toString();
            if (c != '\r') line.append((char) c);
        }
        return null;
    }
}
