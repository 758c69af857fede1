package casella.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Conduct;
import casella.base.Metrics;
import casella.testkit.TestCertificate;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A listener counts its connections, refuses one too many with a word, and closes cleanly.
class ListenerTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /// Greets, then reads until the client leaves.
    private static class Greeter implements Service {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.write("hello\r\n");
            connection.flush();
            while (!(connection.readLine(100) instanceof Line.Ended)) connection.write("again\r\n");
        }

        @Override
        public byte[] refusal(Refusal why) {
            return ("no " + why + "\r\n").getBytes(ISO_8859_1);
        }
    }

    private static Listener open(ListenerConfig config) throws IOException {
        return Listener.open(config.withCloseTime(Duration.ofMillis(300)), new Greeter(), Metrics.none());
    }

    private static Socket connect(Listener listener) throws IOException {
        var socket = new Socket(listener.address(), listener.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; c = socket.getInputStream()
                .read()) {
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void whoIsShutOutIsToldAndClosed() throws Exception {
        var bans = new Bans(1, Duration.ofMinutes(10), List.of(), true, Clock.system(), Metrics.none());
        try (Listener listener = open(ListenerConfig.plain("test", LOOPBACK, 0).withConduct(bans));
                Socket before = connect(listener)) {
            assertThat(line(before)).isEqualTo("hello");
            bans.offended(LOOPBACK, Conduct.Offence.LOG_IN);
            try (Socket after = connect(listener)) {
                assertThat(line(after)).isEqualTo("no BANNED");
                assertThat(after.getInputStream().read()).isEqualTo(-1);
            }
            bans.lift(Network.around(LOOPBACK));
            try (Socket again = connect(listener)) {
                assertThat(line(again)).isEqualTo("hello");
            }
        }
    }

    @Test
    void oneTooManyIsToldAndClosed() throws Exception {
        ListenerConfig two = ListenerConfig.plain("test", LOOPBACK, 0).withConnections(2, 50, true);
        try (Listener listener = open(two);
                Socket first = connect(listener);
                Socket second = connect(listener);
                Socket third = connect(listener)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(line(second)).isEqualTo("hello");
            assertThat(line(third)).isEqualTo("no TOO_MANY");
            assertThat(line(third)).isEmpty();
        }
    }

    @Test
    void addressesAreCountedUnlessExempt() throws Exception {
        ListenerConfig strict = ListenerConfig.plain("test", LOOPBACK, 0).withConnections(10, 1, false);
        try (Listener listener = open(strict);
                Socket first = connect(listener);
                Socket second = connect(listener)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(line(second)).isEqualTo("no TOO_MANY_FROM_ADDRESS");
        }
        try (Listener listener = open(strict.withConnections(10, 1, true));
                Socket first = connect(listener);
                Socket second = connect(listener)) {
            assertThat(line(first)).isEqualTo("hello");
            assertThat(line(second)).isEqualTo("hello");
        }
    }

    @Test
    void aPlaceIsFreeAgainWhenAClientLeaves() throws Exception {
        ListenerConfig strict = ListenerConfig.plain("test", LOOPBACK, 0).withConnections(10, 1, false);
        try (Listener listener = open(strict)) {
            try (Socket first = connect(listener)) {
                assertThat(line(first)).isEqualTo("hello");
                first.shutdownOutput();
                assertThat(line(first)).isEmpty();
            }
            for (long end = System.nanoTime()
                    + 20_000_000_000L; listener.connections() > 0; Thread.onSpinWait()) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            try (Socket second = connect(listener)) {
                assertThat(line(second)).isEqualTo("hello");
            }
        }
    }

    @Test
    void tlsFromTheFirstByteAndANewCertificateWithoutRestart() throws Exception {
        var tls = new TlsContext(TestCertificate.context());
        ListenerConfig secured = ListenerConfig.plain("test", LOOPBACK, 0).withTls(tls);
        try (Listener listener = open(secured)) {
            var factory = TestCertificate.context().getSocketFactory();
            try (Socket client = factory.createSocket(listener.address(), listener.port())) {
                assertThat(line(client)).isEqualTo("hello");
            }
            var next = TestCertificate.context();
            tls.reload(next);
            assertThat(tls.get()).isSameAs(next);
            try (Socket client = factory.createSocket(listener.address(), listener.port())) {
                assertThat(line(client)).isEqualTo("hello");
            }
            try (Socket plain = connect(listener)) {
                plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1));
                assertThat(line(plain)).doesNotContain("hello");
            }
        }
    }

    @Test
    void aBusySessionIsCutAfterTheCloseTime() throws Exception {
        Service busy = new Greeter() {
            @Override
            public void serve(Connection connection) throws IOException {
                connection.write("busy\r\n");
                connection.flush();
                connection.readTo(connection.output(), Long.MAX_VALUE);
            }
        };
        ListenerConfig config = ListenerConfig.plain("test", LOOPBACK, 0)
                .withCloseTime(Duration.ofMillis(200));
        Listener listener = Listener.open(config, busy, Metrics.none());
        try (Socket client = connect(listener)) {
            assertThat(line(client)).isEqualTo("busy");
            long start = System.nanoTime();
            listener.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(190), Duration.ofSeconds(10));
            assertThat(listener.connections()).isZero();
        }
    }

    @Test
    void aMistakeOfOursEndsOneConnectionOnly() throws Exception {
        Service broken = new Greeter() {
            @Override
            public void serve(Connection connection) throws IOException {
                if (connection.readLine(10) instanceof Line.Whole) throw new IllegalStateException("on purpose");
                super.serve(connection);
            }
        };
        try (Listener listener =
                        Listener.open(ListenerConfig.plain("test", LOOPBACK, 0), broken, Metrics.none());
                Socket first = connect(listener);
                Socket second = connect(listener)) {
            first.getOutputStream().write("x\r\n".getBytes(ISO_8859_1));
            assertThat(line(first)).isEmpty();
            second.getOutputStream().write("x\n".getBytes(ISO_8859_1));
            assertThat(line(second)).isEqualTo("hello");
        }
    }

    @Test
    void aTakenPortIsAnErrorAtOnce() throws Exception {
        try (Listener listener = open(ListenerConfig.plain("test", LOOPBACK, 0))) {
            assertThatThrownBy(() -> open(ListenerConfig.plain("test", LOOPBACK, listener.port())))
                    .isInstanceOf(BindException.class);
        }
    }
}
