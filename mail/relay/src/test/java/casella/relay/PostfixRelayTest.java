package casella.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Metrics;
import casella.dns.ZoneFile;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.queue.LocalQueue;
import casella.queue.Outgoing;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueueLimits;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.RemoteQueue;
import casella.testkit.Postfix;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a real Postfix takes what we send: over TLS, with DANE, large, beyond ASCII, and cut off wherever it may be.
final class PostfixRelayTest {
    private static final Pattern ID = Pattern.compile("X-Number: (\\d+)\r?\n");

    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private static Postfix postfix;

    private final Arrivals arrivals = new Arrivals(Clock.system());
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private volatile Duration past = Duration.ZERO;
    private final Clock clock = new Clock() {
        @Override
        public Instant now() {
            return Instant.parse("2026-11-22T12:00:00Z").plus(past);
        }

        @Override
        public long nanos() {
            return past.toNanos();
        }
    };
    private @Nullable LocalQueue opened;
    private @Nullable Relay started;

    @BeforeAll
    static void start() {
        postfix = Postfix.start(shared.resolve("postfix"), Postfix.freePort(), 9);
    }

    @AfterAll
    static void stop() {
        postfix.close();
    }

    private void begin(int port, String zone) {
        opened = LocalQueue.open(folder, QueueLimits.DEFAULT, clock, Metrics.none());
        var config = new RelayConfig("mx.posta.example", port, 20, 5, 20, Duration.ofSeconds(5), true,
                Optional.empty());
        started = new Relay(queue(), ZoneFile.of(zone), config, SmtpClient.Times.USUAL, this::bring, clock,
                Metrics.none(),
                new Random(1));
    }

    private LocalQueue queue() {
        return Objects.requireNonNull(opened);
    }

    private Relay relay() {
        return Objects.requireNonNull(started);
    }

    private void bring(String to, ArrivalId id, byte[] report) {
        told.add(new String(report, UTF_8));
    }

    @AfterEach
    void close() {
        relay().close();
        queue().close();
    }

    private void keep(String content, String... addresses) {
        var items = new ArrayList<RemoteItem>();
        for (String address : addresses) items.add(new RemoteItem(arrivals.next(), address, Notify.UNSAID));
        queue().keep(
                new QueuedMessage(
                        QueueId.random(), Priority.PERSONAL, clock.now(), "anna@posta.example", List.of(),
                                items,
                        MailOptions.NONE, null, content.getBytes(UTF_8)),
                Duration.ofSeconds(20));
    }

    private List<Outgoing> waiting() {
        return queue().remote().list(new RemoteQueue.Which.All(), null, 1_000);
    }

    private void until(BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time; waiting: %s", waiting()).isLessThan(end);
            relay().round();
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
    }

    private static List<String> numbers() {
        var numbers = new ArrayList<String>();
        for (byte[] mail : postfix.mails()) {
            Matcher found = ID.matcher(new String(mail, ISO_8859_1));
            if (found.find()) numbers.add(found.group(1));
        }
        return numbers;
    }

    private static String mail(String number) {
        return postfix.mails().stream().map(one -> new String(one, UTF_8)).filter(one ->
                one.contains("X-Number: " + number + "\n"))
                .findFirst().orElseThrow();
    }

    private static String zone(String tlsa) {
        return """
                $ORIGIN example.
                remote MX 10 mx.remote
                mx.remote A 127.0.0.1
                """ + tlsa;
    }

    @Test
    void tlsLargeAndBeyondAscii() throws Exception {
        begin(postfix.port(), zone(""));
        String large = "0123456789 abcdefghijklmnopqrstuvwxyz .\r\n".repeat(500_000);
        keep("X-Number: 1\r\nSubject: one\r\n\r\n.\r\n..dots\r\n", "a@remote.example");
        keep("X-Number: 2\r\nSubject: large\r\n\r\n" + large, "a@remote.example");
        keep("X-Number: 3\r\nSubject: perch\u00e9\r\n\r\nperch\u00e9\r\n", "citt\u00e0@remote.example");
        keep("X-Number: 4\r\n\r\n", "refused@remote.example", "later@remote.example", "b@remote.example");
        until(() -> waiting().size() == 1 && waiting().getFirst().standing() == Outgoing.Standing.DEFERRED);
        until(() -> numbers().containsAll(List.of("1", "2", "3", "4")));
        assertThat(waiting()).singleElement().satisfies(one -> assertThat(one.why()).contains("450 4.2.0"));
        assertThat(told).singleElement().satisfies(text -> assertThat(text)
                .contains("Final-Recipient: rfc822; refused@remote.example", "Status: 5.1.1",
                        "Remote-MTA: dns; mx.remote.example"));
        assertThat(mail("1")).contains("with ESMTPS").endsWith("\n\n.\n..dots\n");
        assertThat(mail("2").replace("\n", "\r\n")).endsWith(large);
        assertThat(mail("3")).contains("with UTF8SMTPS", "Subject: perch\u00e9");
    }

    @Test
    void daneLetsNobodyElseTakeIt() throws Exception {
        String right = tlsa();
        String wrong = right.replaceFirst(".{4}$", right.endsWith("0000") ? "1111" : "0000");
        String name = "_" + postfix.port() + "._tcp.mx.remote TLSA 3 1 1 ";
        begin(postfix.port(), zone(name + wrong + "\n; casella: secure example\n"));
        keep("X-Number: 11\r\n\r\n", "a@remote.example");
        until(() -> waiting().getFirst().why().contains("4.7.5"));
        assertThat(numbers()).doesNotContain("11");
        close();

        past = past.plus(Duration.ofHours(1));
        begin(postfix.port(), zone(name + right + "\n; casella: secure example\n"));
        until(() -> waiting().isEmpty());
        until(() -> numbers().contains("11"));
    }

    private static String tlsa() throws Exception {
        try (InputStream in = Files.newInputStream(postfix.certificate())) {
            byte[] key = CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey()
                    .getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        }
    }

    /// RFC 1047: what is cut off between the end of a message and its answer comes twice, and nothing else does.
    @Test
    void whatIsCutOffAnywhereArrives() throws Exception {
        var random = new Random(4);
        int cutMost = 40;
        int[] left = {cutMost};
        try (var proxy = new CuttingProxy(postfix.port(), () -> left[0]-- > 0 ? 20 + random.nextInt(9_000)
                : Long.MAX_VALUE)) {
            begin(proxy.port(), zone(""));
            int messages = 60;
            String text = "0123456789\r\n".repeat(50);
            for (int i = 0; i < messages; i++) keep("X-Number: " + (100 + i) + "\r\n\r\n" + text,
                    "a@remote.example");
            until(() -> {
                past = past.plus(Duration.ofSeconds(20));
                return waiting().isEmpty();
            });
            until(() -> numbers().stream().filter(one -> one.length() == 3).distinct().count() == messages);
            long all = numbers().stream().filter(one -> one.length() == 3).count();
            assertThat(proxy.cuts.get()).isBetween(10, cutMost);
            assertThat(all - messages).as("twice").isBetween(0L, (long) proxy.cuts.get());
            assertThat(told).isEmpty();
        }
    }
}
