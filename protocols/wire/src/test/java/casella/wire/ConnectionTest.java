package casella.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Metrics;
import casella.testkit.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

/// A session reads lines, literals and events with limits on size and time, in plain text and over TLS.
class ConnectionTest {
    private static final Patience QUICK = new Patience(
            Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(600), 4096);

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Connection> session = new AtomicReference<>();
    private @Nullable Listener listener;

    @AfterEach
    void close() {
        if (listener != null) listener.close();
    }

    private Socket connect(Patience patience, Session serve) throws IOException {
        var config = ListenerConfig.plain("test", InetAddress.getLoopbackAddress(), 0)
                .withPatience(patience)
                .withCloseTime(Duration.ofMillis(500));
        Listener opened = Listener.open(config, new Sessions(serve), Metrics.none());
        listener = opened;
        var socket = new Socket(opened.address(), opened.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private interface Session {
        void serve(Connection connection) throws IOException;
    }

    private record Sessions(Session session) implements Service {
        @Override
        public void serve(Connection connection) throws IOException {
            session.serve(connection);
        }

        @Override
        public byte[] refusal(Refusal why) {
            return (why + "\r\n").getBytes(ISO_8859_1);
        }
    }

    /// Reads lines of at most 20 bytes and tells what each was.
    private void tellLines(Connection connection) throws IOException {
        session.set(connection);
        try {
            while (true) {
                Line line = connection.readLine(20);
                heard.add(shown(line));
                if (line instanceof Line.Ended) return;
            }
        } catch (Hangup e) {
            heard.add("hangup " + e.reason().label());
            if (e.canStillSpeak()) connection.farewell("bye\r\n");
            throw e;
        }
    }

    private static String shown(Line line) {
        return switch (line) {
            case Line.Whole(var bytes) -> "whole " + new String(bytes, ISO_8859_1);
            case Line.Flawed(var bytes, var lf, var cr) ->
                "flawed " + new String(bytes, ISO_8859_1).replace('\r', '^') + (lf ? " lf" : "") + (cr ? " cr" : "");
            case Line.TooLong(var start, var ended) -> "long " + start.length + " " + ended;
            case Line.Ended _ -> "ended";
        };
    }

    private void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private String hear() throws InterruptedException {
        String next = heard.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    /// Hears the next thing that is not the passing of time: on a busy machine it passes more often.
    private String hearAfterTime() throws InterruptedException {
        String next = hear();
        while (next.equals("TIME")) next = hear();
        return next;
    }

    private static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @Test
    void linesEndWithCrlfHoweverTheyArrive() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellLines)) {
            say(client, "one\r\ntwo\r\nth");
            assertThat(hear()).isEqualTo("whole one");
            assertThat(hear()).isEqualTo("whole two");
            say(client, "ree\r");
            say(client, "\n\r\n");
            assertThat(hear()).isEqualTo("whole three");
            assertThat(hear()).isEqualTo("whole ");
        }
        assertThat(hear()).isEqualTo("ended");
    }

    @Test
    void aLineEndThatIsNotCrlfIsTold() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellLines)) {
            say(client, "a\nb\rc\r\nd\r\r\n\re\n");
            assertThat(hear()).isEqualTo("flawed a lf");
            assertThat(hear()).isEqualTo("flawed b^c cr");
            assertThat(hear()).isEqualTo("flawed d^ cr");
            assertThat(hear()).isEqualTo("flawed ^e lf cr");
        }
    }

    @Test
    void aLineIsTooLongByOneByteAndTheNextIsWhole() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellLines)) {
            String twenty = "x".repeat(20);
            say(client, twenty + "\r\n" + twenty + "x\r\n" + twenty + "x\n" + "y".repeat(300_000) + "\r\nok\r\n");
            assertThat(hear()).isEqualTo("whole " + twenty);
            assertThat(hear()).isEqualTo("long 21 true");
            assertThat(hear()).isEqualTo("long 21 true");
            assertThat(hear()).isEqualTo("long 21 true");
            assertThat(hear()).isEqualTo("whole ok");
        }
    }

    @Test
    void aLineWithoutEndIsGivenUp() throws Exception {
        Session once = connection -> heard.add(shown(connection.readLine(20)));
        try (Socket client = connect(Patience.usual(), once)) {
            say(client, "z".repeat(1_200_000));
            assertThat(hear()).isEqualTo("long 21 false");
        }
    }

    @Test
    void anUnfinishedLineOfALeavingClientIsDropped() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellLines)) {
            say(client, "DELETE every");
        }
        assertThat(hear()).isEqualTo("ended");
    }

    @Test
    void aSilentClientHearsGoodBye() throws Exception {
        Session brief = connection -> {
            connection.idle(Duration.ofMillis(100));
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), brief)) {
            assertThat(readAll(client)).isEqualTo("bye\r\n");
            assertThat(hear()).isEqualTo("hangup idle");
        }
    }

    @Test
    void aLineDrippingInIsGivenUpAfterTheLineTime() throws Exception {
        try (Socket client = connect(QUICK, this::tellLines)) {
            long start = System.nanoTime();
            var drip = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 15; i++) {
                        say(client, "x");
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                } catch (IOException | InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(hear()).isEqualTo("hangup stalled");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            drip.join();
        }
    }

    @Test
    void aLiteralIsReadExactlyAndTheRestIsALine() throws Exception {
        Session literal = connection -> {
            int count = Integer.parseInt(shown(connection.readLine(20)).substring(6));
            byte[] bytes = connection.readExactly(count);
            heard.add(bytes.length + " " + bytes[0] + " " + bytes[bytes.length - 1]);
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), literal)) {
            say(client, "200000\r\na" + "-".repeat(199_998) + "bnext\r\n");
            assertThat(hear()).isEqualTo("200000 97 98");
            assertThat(hear()).isEqualTo("whole next");
        }
    }

    @Test
    void anAnnouncedLiteralTakesNoMemoryBeforeItComes() throws Exception {
        Session literal = connection -> {
            try {
                heard.add("read " + connection.readExactly(Integer.MAX_VALUE).length);
            } catch (Hangup e) {
                heard.add(e.reason().label());
            }
        };
        try (Socket client = connect(Patience.usual(), literal)) {
            say(client, "abc");
            client.shutdownOutput();
            assertThat(hear()).isEqualTo("client-left");
        }
    }

    @Test
    void bytesStreamToASinkAndToATaker() throws Exception {
        Session stream = connection -> {
            var sink = new ByteArrayOutputStream();
            connection.readTo(sink, 20_000);
            heard.add("sink " + sink.size());
            connection.readTo(new UpToStar());
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), stream)) {
            say(client, "s".repeat(20_000) + "t".repeat(20_000) + "*rest\r\n");
            assertThat(hear()).isEqualTo("sink 20000");
            assertThat(hear()).isEqualTo("whole rest");
        }
    }

    @Test
    void whatFollowsABodyThatCameFastIsReadHoweverMuchItIs() throws Exception {
        Session stream = connection -> {
            connection.readTo(new UpToStar());
            connection.readTo(new UpToStar());
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), stream)) {
            say(client, "t".repeat(300_000) + "*" + "t".repeat(70_000) + "*" + "line\r\n".repeat(5_000) + "end\r\n");
            for (int i = 0; i < 5_000; i++) assertThat(hear()).isEqualTo("whole line");
            assertThat(hear()).isEqualTo("whole end");
        }
    }

    private static final class UpToStar implements Taker {
        private boolean done;

        @Override
        public int take(byte[] bytes, int from, int until) {
            for (int i = from; i < until; i++) {
                if (bytes[i] == '*') {
                    done = true;
                    return i + 1 - from;
                }
            }
            return until - from;
        }

        @Override
        public boolean done() {
            return done;
        }
    }

    /// Waits and tells what woke it, reading a line when there is one.
    private void tellWaking(Connection connection) throws IOException {
        session.set(connection);
        while (true) {
            Woken woken = connection.await(Duration.ofMillis(400));
            heard.add(woken.name());
            if (woken == Woken.STOPPING) return;
            if (woken == Woken.EVENT) {
                connection.write("* news\r\n");
                connection.flush();
            }
            if (woken == Woken.INPUT) {
                String line = shown(connection.readLine(20));
                heard.add(line);
                if (line.equals("ended") || line.equals("whole quit")) return;
            }
        }
    }

    @Test
    void aWaitEndsWithInputEventOrTime() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellWaking)) {
            waitsFor(client);
        }
    }

    @Test
    void aWaitEndsWithInputEventOrTimeOverTlsToo() throws Exception {
        Session secured = connection -> {
            connection.startTls(TestCertificate.context());
            heard.add(connection.secure() + " " + connection.tlsProtocol());
            tellWaking(connection);
        };
        try (Socket plain = connect(Patience.usual(), secured);
                SSLSocket client = handshake(plain)) {
            assertThat(hear()).isEqualTo("true TLSv1.3");
            waitsFor(client);
        }
    }

    private void waitsFor(Socket client) throws Exception {
        assertThat(hear()).isEqualTo("TIME");
        wake();
        assertThat(hearAfterTime()).isEqualTo("EVENT");
        assertThat(new String(client.getInputStream().readNBytes(8), ISO_8859_1)).isEqualTo("* news\r\n");
        say(client, "done\r\nmore\r\n");
        assertThat(hearAfterTime()).isEqualTo("INPUT");
        assertThat(hear()).isEqualTo("whole done");
        assertThat(hear()).isEqualTo("INPUT");
        assertThat(hear()).isEqualTo("whole more");
        wake();
        assertThat(hearAfterTime()).isEqualTo("EVENT");
        say(client, "quit\r\n");
        assertThat(hearAfterTime()).isEqualTo("INPUT");
        assertThat(hear()).isEqualTo("whole quit");
    }

    private void wake() {
        Connection connection = session.get();
        if (connection == null) throw new IllegalStateException("no session yet");
        connection.wake();
    }

    private static SSLSocket handshake(Socket plain) throws IOException {
        var socket = (SSLSocket)
                TestCertificate.context().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    @Test
    void aLineAfterAnUnfinishedWaitIsReadOnce() throws Exception {
        Session mixed = connection -> {
            heard.add(connection.await(Duration.ofMillis(1)).name());
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), mixed)) {
            assertThat(hear()).isEqualTo("TIME");
            say(client, "first\r\nsecond\r\n");
            assertThat(hear()).isEqualTo("whole first");
            assertThat(hear()).isEqualTo("whole second");
        }
    }

    @Test
    void plaintextBeforeTheHandshakeIsNeverObeyed() throws Exception {
        Session upgrade = connection -> {
            heard.add(shown(connection.readLine(20)));
            try {
                connection.startTls(TestCertificate.context());
            } catch (Hangup e) {
                heard.add(e.reason().label());
                throw e;
            }
            tellLines(connection);
        };
        try (Socket client = connect(Patience.usual(), upgrade)) {
            say(client, "STARTTLS\r\nMAIL FROM:<evil>\r\n");
            assertThat(hear()).isEqualTo("whole STARTTLS");
            assertThat(hear()).isEqualTo("tls-failed");
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void aHandshakeThatNeverComesIsGivenUp() throws Exception {
        Session upgrade = connection -> {
            try {
                connection.startTls(TestCertificate.context());
            } catch (Hangup e) {
                heard.add(e.reason().label());
                throw e;
            }
        };
        try (Socket client = connect(QUICK, upgrade)) {
            assertThat(hear()).isEqualTo("tls-failed");
            assertThat(client.getInputStream().readAllBytes().length).isLessThan(100);
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        Session endless = connection -> {
            byte[] much = new byte[1 << 20];
            try {
                for (int i = 0; i < 200; i++) connection.write(much);
            } catch (Hangup e) {
                heard.add(e.reason().label());
                throw e;
            }
        };
        try (Socket client = connect(QUICK, endless)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(hear()).isEqualTo("not-reading");
        }
    }

    @Test
    void theLastReplyArrivesThoughInputIsUnread() throws Exception {
        Session rude = connection -> {
            connection.readLine(20);
            connection.write("enough\r\n");
        };
        try (Socket client = connect(Patience.usual(), rude)) {
            say(client, "first\r\n" + "x".repeat(100_000));
            client.shutdownOutput();
            assertThat(readAll(client)).isEqualTo("enough\r\n");
        }
    }

    @Test
    void stoppingTellsAWaitingSessionAtOnce() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellLines)) {
            say(client, "here\r\n");
            assertThat(hear()).isEqualTo("whole here");
            stopListener();
            assertThat(hear()).isEqualTo("hangup stopping");
            assertThat(readAll(client)).isEqualTo("bye\r\n");
        }
    }

    @Test
    void stoppingTellsASecuredSessionAtOnce() throws Exception {
        Session secured = connection -> {
            connection.startTls(TestCertificate.context());
            tellLines(connection);
        };
        try (Socket plain = connect(Patience.usual(), secured);
                SSLSocket client = handshake(plain)) {
            say(client, "here\r\n");
            assertThat(hear()).isEqualTo("whole here");
            stopListener();
            assertThat(hear()).isEqualTo("hangup stopping");
            assertThat(readAll(client)).isEqualTo("bye\r\n");
        }
    }

    @Test
    void stoppingEndsAnAwait() throws Exception {
        try (Socket client = connect(Patience.usual(), this::tellWaking)) {
            assertThat(hear()).isEqualTo("TIME");
            stopListener();
            assertThat(hearAfterTime()).isEqualTo("STOPPING");
            assertThat(readAll(client)).isEmpty();
        }
    }

    private void stopListener() {
        if (listener == null) throw new IllegalStateException("no listener");
        listener.close();
    }

    @Test
    void aReadThatWaitsSendsWhatWasWrittenFirst() throws Exception {
        Session polite = connection -> {
            for (int i = 0; i < 3; i++) {
                connection.readLine(20);
                connection.write("reply " + i + "\r\n");
            }
            connection.readExactly(10_000);
            connection.write("done\r\n");
        };
        try (Socket client = connect(Patience.usual(), polite)) {
            say(client, "a\r\nb\r\n");
            assertThat(new String(client.getInputStream().readNBytes(18), ISO_8859_1))
                    .isEqualTo("reply 0\r\nreply 1\r\n");
            say(client, "c\r\n");
            assertThat(new String(client.getInputStream().readNBytes(9), ISO_8859_1)).isEqualTo("reply 2\r\n");
            say(client, "x".repeat(10_000));
            assertThat(readAll(client)).isEqualTo("done\r\n");
        }
    }

    @Test
    void patienceHasLimits() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Patience(second, Duration.ZERO, second, second, 1))
                .hasMessage("line: must be more than 0 and at most 1d");
    }

    @Test
    void aStreamToTheClientIsBufferedUntilFlushed() throws Exception {
        Session streaming = connection -> {
            connection.output().write('a');
            connection.output().write("b".repeat(9000).getBytes(ISO_8859_1));
            connection.write("c");
            connection.output().close();
            connection.readLine(20);
        };
        try (Socket client = connect(Patience.usual(), streaming)) {
            InputStream in = client.getInputStream();
            assertThat(new String(in.readNBytes(9002), ISO_8859_1)).isEqualTo("a" + "b".repeat(9000) + "c");
        }
    }
}
