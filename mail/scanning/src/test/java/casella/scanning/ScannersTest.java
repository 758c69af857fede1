package casella.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.scanning.Scanners.Looked;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Proves that scanners which are away, hang, drip or talk garbage cost a bounded time and nothing else.
@Timeout(60)
final class ScannersTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Letter LETTER = new Letter(
            "Subject: x\r\n\r\nx\r\n".getBytes(US_ASCII), "192.0.2.1", "mx.example", "a@b.example",
            List.of("c@d.example"), "");

    /// A server whose behaviour a test says.
    private static final class Odd implements AutoCloseable {
        interface Behaviour {
            void with(Socket socket) throws IOException, InterruptedException;
        }

        final ServerSocket socket;
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final AtomicInteger all = new AtomicInteger();
        volatile Behaviour behaviour;

        Odd(Behaviour behaviour) throws IOException {
            this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
            this.behaviour = behaviour;
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            while (!socket.isClosed()) {
                try {
                    Socket one = socket.accept();
                    all.incrementAndGet();
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    Thread.ofVirtual().start(() -> serve(one));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket one) {
            try (one) {
                behaviour.with(one);
            } catch (IOException | InterruptedException e) {
                return; // it was cut off
            } finally {
                open.decrementAndGet();
            }
        }

        Place place() {
            return new Place.Port("127.0.0.1", socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// Reads all and says nothing, until it is cut off.
    private static void hang(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {}
    }

    private static Rspamd rspamd(Place place, int most) {
        return new Rspamd(place, most, Threshold.parse("add-header").orElseThrow(), Threshold.parse("reject")
                .orElseThrow());
    }

    private static Scanners scanners(Duration time, Scanner... scanners) {
        return new Scanners(List.of(scanners), time, 1_000, Clock.system(), Metrics.none());
    }

    private static Odd.Behaviour says(String reply) {
        return socket -> {
            var _ = socket.getInputStream().read(new byte[10_000]);
            socket.getOutputStream().write(reply.getBytes(US_ASCII));
            socket.shutdownOutput();
            hang(socket);
        };
    }

    private static String rspamdSays(String action) {
        return "HTTP/1.0 200 OK\r\n\r\n{\"action\":\"" + action + "\",\"score\":1}";
    }

    @Test
    void theWorstCounts() throws IOException {
        try (var mild = new Odd(says(rspamdSays("add header")));
                var bad = new Odd(says("stream: X FOUND\0"));
                var both = scanners(Duration.ofSeconds(20), rspamd(mild.place(), 4), new Clamd(bad.place(),
                        4))) {
            assertThat(both.look(LETTER)).isEqualTo(new Looked(new Verdict.Malware("X"), List.of()));
            assertThat(both.look(LETTER, name -> name.equals("rspamd")).worst().word()).isEqualTo("junk");
        }
    }

    @Test
    void whoIsAskedHearsWhoSentItAndNothingElse() throws Exception {
        var heard = new ConcurrentLinkedQueue<String>();
        try (var odd = new Odd(socket -> {
            byte[] request = new byte[10_000];
            int length = socket.getInputStream().read(request);
            heard.add(new String(request, 0, length, US_ASCII));
            socket.getOutputStream().write(rspamdSays("no action").getBytes(US_ASCII));
        });
                var rspamd = rspamd(odd.place(), 4)) {
            var sly = new Letter(
                    "Subject: x\r\n\r\n".getBytes(US_ASCII), "192.0.2.1", "mx\r\nUser: root", "",
                            List.of("c@d.example"), "");
            assertThat(rspamd.scan(sly, Duration.ofSeconds(20))).isEqualTo(new Verdict.Clean());
        }
        assertThat(heard.poll()).startsWith("POST /checkv2 HTTP/1.0\r\n")
                .contains("\r\nIP: 192.0.2.1\r\nFrom: <>\r\nRcpt: <c@d.example>\r\n\r\n")
                .doesNotContain("root");
    }

    @Test
    void whoeverHangsOrDripsOrTalksGarbageIsPassedOver() throws Exception {
        List<Odd.Behaviour> odds = List.of(
                ScannersTest::hang,
                socket -> {
                    while (true) {
                        socket.getOutputStream().write('a');
                        var _ = new CountDownLatch(1).await(SHORT.toMillis() / 10, TimeUnit.MILLISECONDS);
                    }
                },
                says("\u0001\u0002\u0003"),
                says(""),
                Socket::close,
                socket -> {
                    byte[] much = new byte[64 << 10];
                    while (true) socket.getOutputStream().write(much);
                });
        for (Odd.Behaviour behaviour : odds) {
            try (var odd = new Odd(behaviour);
                    var clean = new Odd(says("stream: OK\0"));
                    var both = scanners(SHORT, rspamd(odd.place(), 4), new Clamd(clean.place(), 4))) {
                long start = System.nanoTime();
                assertThat(both.look(LETTER)).isEqualTo(new Looked(new Verdict.Clean(), List.of("rspamd")));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(10));
            }
        }
    }

    @Test
    void whoReadsNothingIsPassedOverToo(@TempDir Path folder) throws Exception {
        try (var odd = new Odd(_ -> new CountDownLatch(1).await(20, TimeUnit.SECONDS));
                var clamd = new Clamd(odd.place(), 4);
                var absent = new Clamd(new Place.Socket(folder.resolve("none")), 4)) {
            var large = new Letter(new byte[20 << 20], "", "", "", List.of("c@d.example"), "");
            assertThatThrownBy(() -> clamd.scan(large, SHORT)).isInstanceOf(Fault.Unavailable.class);
            assertThatThrownBy(() -> absent.scan(LETTER, SHORT)).isInstanceOf(Fault.Unavailable.class);
        }
    }

    @Test
    void aScannerThatHangsHoldsNoMoreThanItMay() throws Exception {
        try (var odd = new Odd(ScannersTest::hang); var rspamd = rspamd(odd.place(), 3)) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 50; i++) {
                threads.add(Thread.ofVirtual().start(() -> assertThatThrownBy(() -> rspamd.scan(LETTER,
                        SHORT))
                        .isInstanceOfAny(Fault.Unavailable.class, Talks.Busy.class)));
            }
            for (Thread thread : threads) assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
            assertThat(odd.most.get()).isBetween(1, 4); // one that was cut off may still be seen
        }
    }

    @Test
    void afterAFewMailsInVainNoneWaitsBeforeItAnswersAgain() throws Exception {
        try (var odd = new Odd(ScannersTest::hang); var one = scanners(SHORT, rspamd(odd.place(), 4))) {
            for (int i = 0; i < 3; i++) assertThat(one.look(LETTER).silent()).containsExactly("rspamd");
            int before = odd.all.get();
            assertThat(one.look(LETTER).silent()).containsExactly("rspamd");
            assertThat(odd.all.get()).as("it is not asked").isEqualTo(before);
            assertThat(one.probe()).as("down still").isTrue();
            odd.behaviour = says(rspamdSays("reject"));
            assertThat(one.probe()).isFalse();
            assertThat(one.look(LETTER).worst().word()).isEqualTo("spam");
        }
    }

    @Test
    void largeMailIsNotAskedAbout() throws Exception {
        try (var odd = new Odd(says("stream: X FOUND\0")); var one = scanners(SHORT, new Clamd(odd.place(),
                4))) {
            var large = new Letter(new byte[1_001], "", "", "", List.of("c@d.example"), "");
            assertThat(one.look(large)).isEqualTo(new Looked(new Verdict.Clean(), List.of()));
            assertThat(odd.all.get()).isZero();
        }
    }

    @Test
    void theTeacherHearsWhatBecameOfALesson() throws Exception {
        assertThat(taught("HTTP/1.1 200 OK\r\n\r\n{\"success\":true}")).isEqualTo(Teacher.Learned.LEARNED);
        assertThat(taught("HTTP/1.1 404 <1@x> has been already learned as spam, ignore it\r\n\r\n{}"))
                .isEqualTo(Teacher.Learned.KNOWN);
        assertThat(taught("HTTP/1.1 208 x\r\n\r\n{}")).isEqualTo(Teacher.Learned.KNOWN);
        assertThat(taught("HTTP/1.1 401 Unauthorized\r\n\r\n{}")).isEqualTo(Teacher.Learned.REFUSED);
        assertThatThrownBy(() -> taught("HTTP/1.1 503 x\r\n\r\n{}")).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> taught("garbage")).isInstanceOf(Fault.Unavailable.class);
    }

    private static Teacher.Learned taught(String reply) throws IOException {
        try (var odd = new Odd(says(reply)); var teacher = new Teacher(odd.place(), "lesson")) {
            return teacher.learn(true, LETTER.bytes(), Duration.ofSeconds(20));
        }
    }
}
