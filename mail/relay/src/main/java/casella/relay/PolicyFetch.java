package casella.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/// Reads a policy by HTTPS. RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)", its section 3.3: from a server with a
/// certificate for `mta-sts.DOMAIN`, without following it elsewhere, within a minute, at most 64 KiB.
///
/// A socket of our own and not the JDK's client: that one would ask another resolver than mail does, and go where only we can.
final class PolicyFetch {
    private static final String PATH = "/.well-known/mta-sts.txt";
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final int HEADERS_MAX = 100;
    private static final int LINE_BYTES_MAX = 8_192;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final int port;
    private final Duration time;
    private final Optional<Path> trusted;

    /// @param time for all of it; at most a minute
    /// @param trusted the one certificate that is trusted; empty for those the system trusts
    PolicyFetch(int port, Duration time, Optional<Path> trusted) {
        this.port = port;
        this.time = time;
        this.trusted = trusted;
    }

    /// @param host `mta-sts.DOMAIN`
    /// @throws IOException if there is no policy to be had there; the sentence says why
    String fetch(String host, InetAddress address) throws IOException {
        var over = new CountDownLatch(1);
        try (Socket plain = new Socket()) {
            // Reads have a time each; whoever sends a byte now and then is cut off here.
            Thread.ofVirtual().name("sts-watch").start(() -> cut(plain, over));
            plain.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
            plain.setSoTimeout((int) time.toMillis());
            try (SSLSocket socket = Tls.begin(plain, host, new TlsPolicy.Verified(true, trusted))) {
                socket.getOutputStream().write(("GET " + PATH + " HTTP/1.1\r\nHost: " + host
                        + "\r\nUser-Agent: Casella\r\nAccept: text/plain\r\nConnection: close\r\n\r\n")
                                .getBytes(ISO_8859_1));
                socket.getOutputStream().flush();
                return policy(new BufferedInputStream(socket.getInputStream()));
            }
        } finally {
            over.countDown();
        }
    }

    private void cut(Socket socket, CountDownLatch over) {
        try {
            if (!over.await(time.toMillis(), TimeUnit.MILLISECONDS)) socket.close();
        } catch (IOException e) {
            return; // what cannot be closed is not open
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String policy(InputStream in) throws IOException {
        String status = line(in);
        if (!status.matches("HTTP/1\\.[01] 200( .*)?")) throw new IOException("answered "
                + printable(status));
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1
                    || headers.size() == HEADERS_MAX) throw new IOException("answered with a header that cannot be read");
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        String type = headers.getOrDefault("content-type", "").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("text/plain")) throw new IOException("is of type " + printable(type)
                + ", not text/plain");
        byte[] body = body(in, headers);
        return new String(body, UTF_8);
    }

    /// RFC 9112 "HTTP/1.1", its section 6.3.
    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        var out = new ByteArrayOutputStream();
        String length = headers.getOrDefault("content-length", "");
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                take(in, size, out);
                if (!line(in).isEmpty()) throw new IOException("sends chunks that cannot be read");
            }
        } else if (length.isEmpty()) {
            out.writeBytes(in.readNBytes(BODY_BYTES_MAX + 1));
            if (out.size() > BODY_BYTES_MAX) throw new IOException("is longer than 64 KiB");
        } else {
            if (!length.matches("\\d{1,9}")) throw new IOException("has no length that can be read");
            take(in, Integer.parseInt(length), out);
        }
        return out.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        String size = line(in).split(";", 2)[0].strip();
        if (!size.matches("[0-9A-Fa-f]{1,7}")) throw new IOException("sends chunks that cannot be read");
        return Integer.parseInt(size, 16);
    }

    private static void take(InputStream in, int count, ByteArrayOutputStream out) throws IOException {
        if (out.size() + count > BODY_BYTES_MAX) throw new IOException("is longer than 64 KiB");
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) throw new IOException("broke off");
        out.writeBytes(bytes);
    }

    private static String line(InputStream in) throws IOException {
        var out = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || out.length() == LINE_BYTES_MAX) throw new IOException("broke off");
            if (c != '\r') out.append((char) c);
        }
        return out.toString();
    }

    private static String printable(String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return shown.length() <= 80 ? shown : shown.substring(0, 80);
    }
}
