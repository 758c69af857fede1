package casella.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Delivers letters over LMTP or SMTP on many connections at once, as fast as they are answered. One delivery is MAIL, RCPT and
/// DATA pipelined, then the letter, until its reply. RFC 2033, RFC 5321, RFC 2920
final class DeliveryLoad {
    /// Which protocol it speaks.
    enum Door {
        LMTP("LHLO"),
        SMTP("EHLO");

        private final String hello;

        Door(String hello) {
            this.hello = hello;
        }
    }

    private final Door door;
    private final int port;
    private final int connections;
    private final int messages;
    private final double secondsMax;
    private final List<String> recipients;
    private final List<byte[]> letters;

    DeliveryLoad(
            Door door,
            int port,
            int connections,
            int messages,
            double secondsMax,
            List<String> recipients,
            List<byte[]> letters) {
        this.door = door;
        this.port = port;
        this.connections = connections;
        this.messages = messages;
        this.secondsMax = secondsMax;
        this.recipients = recipients;
        this.letters = letters.stream().map(DeliveryLoad::stuffed).toList();
    }

    /// Returns the letter as DATA sends it: dots doubled, the end appended. RFC 5321 §4.5.2
    private static byte[] stuffed(byte[] letter) {
        var out = new ByteArrayOutputStream(letter.length + 16);
        boolean start = true;
        for (byte b : letter) {
            if (start && b == '.') out.write('.');
            out.write(b);
            start = b == '\n';
        }
        if (!start) out.writeBytes(new byte[] {'\r', '\n'});
        out.writeBytes(new byte[] {'.', '\r', '\n'});
        return out.toByteArray();
    }

    Measured run() throws InterruptedException {
        var next = new AtomicLong();
        var failed = new AtomicLong();
        var times = new ConcurrentLinkedQueue<Double>();
        var done = new CountDownLatch(connections);
        long start = System.nanoTime();
        long end = start + (long) (secondsMax * 1e9);
        for (int i = 0; i < connections; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                try {
                                    deliver(next, end, failed, times);
                                } catch (IOException e) {
                                    failed.incrementAndGet();
                                } finally {
                                    done.countDown();
                                }
                            });
        }
        done.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        double[] millis = new ArrayList<>(times).stream().mapToDouble(Double::doubleValue).toArray();
        return Measured.of(door.name().toLowerCase(Locale.ROOT) + "-delivery", connections, failed.get(),
                seconds, millis);
    }

    private void deliver(AtomicLong next, long end, AtomicLong failed, ConcurrentLinkedQueue<Double> times)
            throws IOException {
        try (var client = new LineClient(port)) {
            client.line();
            client.send(door.hello + " bench.example");
            client.flush();
            String hello = client.line();
            while (hello.startsWith("250-")) hello = client.line();
            for (long number = next.getAndIncrement();
                    number < messages && System.nanoTime() < end;
                    number = next.getAndIncrement()) {
                long start = System.nanoTime();
                client.send("MAIL FROM:<load@elsewhere.example>");
                client.send("RCPT TO:<" + recipients.get((int) (number % recipients.size())) + ">");
                client.send("DATA");
                client.flush();
                client.line();
                client.line();
                if (!client.line().startsWith("354")) throw new IOException("DATA refused");
                client.send(letters.get((int) (number % letters.size())));
                client.flush();
                if (client.line().startsWith("250")) times.add((System.nanoTime() - start) / 1e6);
                else failed.incrementAndGet();
            }
        }
    }
}
