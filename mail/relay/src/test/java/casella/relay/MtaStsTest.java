package casella.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Metrics;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
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
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that mail for a domain that insists on TLS goes to its servers by TLS or not at all, and that nobody undoes that by
/// keeping us from asking.
final class MtaStsTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String ZONE = """
            $ORIGIN example.
            x MX 10 mx.x
            _mta-sts.x TXT "v=STSv1; id=%s;"
            mta-sts.x A 127.0.0.1
            mx.x A 127.0.0.1
            mx2.x A 127.0.0.1
            y MX 10 mx2.x
            _mta-sts.y TXT "v=STSv1; id=1"
            mta-sts.y A 127.0.0.1
            z MX 10 mx.x
            _mta-sts.z TXT "v=STSv1; id=1"
            mta-sts.z A 127.0.0.1
            """;

    @TempDir
    Path folder;

    private HttpsServer web;
    private Sink sink;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Handler answer = policy("enforce", "mx.x.example", 86_400);
    private volatile String id = "1";
    private volatile Duration past = Duration.ZERO;
    private final Clock clock = new Clock() {
        @Override
        public Instant now() {
            return NOON.plus(past);
        }

        @Override
        public long nanos() {
            return past.toNanos();
        }
    };

    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static String text(String mode, String mx, long age) {
        return "version: STSv1\r\nmode: " + mode + "\r\nmx: " + mx + "\r\nmax_age: " + age + "\r\n";
    }

    private static Handler policy(String mode, String mx, long age) {
        return says(200, "text/plain; charset=utf-8", text(mode, mx, age));
    }

    private static Handler says(int status, String type, String text) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            byte[] body = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length % 2 == 0 ? body.length : 0);
            exchange.getResponseBody().write(body);
        };
    }

    private static SSLContext identity() throws Exception {
        try (InputStream in = MtaStsTest.class.getResourceAsStream("sts.p12")) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "casella".toCharArray());
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, "casella".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
    }

    @BeforeEach
    void open() throws Exception {
        try (InputStream in = MtaStsTest.class.getResourceAsStream("sts.crt")) {
            Files.write(folder.resolve("trusted.crt"), in.readAllBytes());
        }
        sink = new Sink("127.0.0.1", 0);
        web = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setHttpsConfigurator(new HttpsConfigurator(identity()));
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/", exchange -> {
            try (exchange) {
                asked.incrementAndGet();
                if (exchange.getRequestURI().getPath()
                        .equals("/.well-known/mta-sts.txt")) answer.handle(exchange);
                else policy("enforce", "mx.x.example", 86_400).handle(exchange);
            }
        });
        web.start();
    }

    @AfterEach
    void close() throws IOException {
        web.stop(0);
        sink.close();
    }

    private Resolver dns() {
        return ZoneFile.of(ZONE.formatted(id));
    }

    private MtaSts known(Resolver resolver) {
        return new MtaSts(folder.resolve("sts"), resolver, _ -> true, clock, web.getAddress().getPort(),
                Duration.ofSeconds(5), Optional.of(folder.resolve("trusted.crt")));
    }

    private RelayConfig config() {
        return new RelayConfig("mx.posta.example", sink.port(), 20, 5, 100, Duration.ofSeconds(5), true,
                Optional.empty());
    }

    /// Sends one mail; returns what is left of it in the queue.
    private List<Outgoing> sent(String address) throws Exception {
        var times = new SmtpClient.Times(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20),
                        Duration.ofSeconds(60));
        try (LocalQueue queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, clock,
                Metrics.none());
                Relay relay = new Relay(queue, dns(), config(), times, (_, _, _) -> { }, clock,
                        Metrics.none(), new Random(1))
                        .policies(known(dns()))) {
            var item = new RemoteItem(new Arrivals(Clock.system()).next(), address, Notify.UNSAID);
            queue.keep(new QueuedMessage(QueueId.random(), Priority.PERSONAL, clock.now(),
                    "anna@posta.example", List.of(),
                    List.of(item), MailOptions.NONE, new AccountId(7),
                            "Subject: s\r\n\r\nhello\r\n".getBytes(UTF_8)),
                    Duration.ofSeconds(20));
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (true) {
                relay.round();
                List<Outgoing> left = queue.remote().list(new RemoteQueue.Which.All(), null, 10);
                boolean waits = left.stream().anyMatch(one -> one.standing() == Outgoing.Standing.UNDER_WAY
                        || one.why().isEmpty());
                if (!waits) return left;
                assertThat(System.nanoTime()).as("in time; waiting: %s", left).isLessThan(end);
                new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Test
    void mailGoesByTlsToAServerThatIsNamed() throws Exception {
        sink.tls = identity();
        sink.extensions = List.of("STARTTLS");
        assertThat(sent("a@x.example")).isEmpty();
        assertThat(sink.got).hasSize(1);
        assertThat(sink.commands).contains("STARTTLS");
    }

    @Test
    void withoutTlsItWaits() throws Exception {
        assertThat(sent("a@x.example")).singleElement().satisfies(one -> assertThat(one.why())
                .contains("4.7.4"));
        assertThat(sink.commands).noneMatch(line -> line.startsWith("MAIL"));
        assertThat(sink.got).isEmpty();
    }

    @Test
    void aServerThatIsNotNamedGetsNothing() throws Exception {
        assertThat(sent("a@y.example")).singleElement().satisfies(one -> assertThat(one.why())
                .contains("4.7.5"));
        assertThat(sink.connections).hasValue(0);
    }

    @Test
    void aCertificateForAnotherNameIsNone() throws Exception {
        answer = policy("enforce", "*.x.example", 86_400);
        sink.tls = identity();
        sink.extensions = List.of("STARTTLS");
        assertThat(sent("a@y.example")).singleElement().satisfies(one -> assertThat(one.why())
                .contains("4.7.5"));
        assertThat(sink.commands).contains("STARTTLS").noneMatch(line -> line.startsWith("MAIL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"testing", "none"})
    void whoOnlyTriesGetsMailAsEver(String mode) throws Exception {
        answer = policy(mode, "other.example", 86_400);
        assertThat(sent("a@x.example")).isEmpty();
        assertThat(sink.got).hasSize(1);
    }

    @Test
    void whatWasReadHoldsWhateverIsSaidLater() {
        try (MtaSts known = known(dns())) {
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            assertThat(known.of("x.example").names("mx.x.example")).isTrue();
        }
        assertThat(asked).hasValue(1);
        answer = says(404, "text/plain", "gone");
        id = "2";
        for (Resolver resolver : List.of(dns(), ZoneFile.of("x.example. A 127.0.0.1\n"),
                ZoneFile.of("; casella: servfail _mta-sts.x.example\n"))) {
            try (MtaSts known = known(resolver)) {
                assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            }
        }
        try (MtaSts known = known(dns())) {
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            past = Duration.ofDays(1);
            assertThat(known.of("x.example").mode()).as("when it ended").isEqualTo(StsPolicy.Mode.NONE);
        }
    }

    @Test
    void itIsReadAgainForAnotherIdAndOnceADayAndNotWhileItFails() {
        answer = policy("enforce", "mx.x.example", 864_000);
        try (MtaSts known = known(dns())) {
            for (int i = 0; i < 3; i++) known.of("x.example");
            assertThat(asked).hasValue(1);
        }
        id = "2";
        answer = says(500, "text/plain", "oh");
        try (MtaSts known = known(dns())) {
            for (int i = 0; i < 3; i++) known.of("x.example");
            assertThat(asked).hasValue(2);
            past = Duration.ofMinutes(6);
            answer = policy("testing", "mx.x.example", 864_000);
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.TESTING);
            assertThat(asked).hasValue(3);
            past = Duration.ofHours(25);
            known.of("x.example");
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void whatIsNoPolicyCountsForNothing() {
        String good = text("enforce", "mx.x.example", 86_400);
        List<Handler> wrong = List.of(
                says(302, "text/plain", good),
                says(200, "text/html", good),
                says(200, "text/plain", good + "x: " + "y".repeat(64 << 10) + "\r\n"),
                says(200, "text/plain", good + "x: " + "y".repeat(64 << 10) + "z\r\n"),
                says(200, "text/plain", good.replace("STSv1", "STSv2")));
        int number = 0;
        for (Handler one : wrong) {
            answer = one;
            id = "1".repeat(++number + 1);
            try (MtaSts known = known(dns())) {
                assertThat(known.of("x.example")).isEqualTo(StsPolicy.NOTHING);
            }
        }
        assertThat(asked).hasValue(wrong.size());
        answer = policy("enforce", "mx.x.example", 86_400);
        try (MtaSts known = known(dns())) {
            assertThat(known.of("z.example")).as("a certificate for another name")
                    .isEqualTo(StsPolicy.NOTHING);
            assertThat(known.of("x.example")).isNotEqualTo(StsPolicy.NOTHING);
        }
    }

    @Test
    void whoDripsIsCutOff() {
        var over = new CountDownLatch(1);
        answer = exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            try {
                while (!over.await(50, TimeUnit.MILLISECONDS)) {
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        long from = System.nanoTime();
        try (MtaSts known = new MtaSts(folder.resolve("sts"), dns(), _ -> true, clock, web.getAddress()
                .getPort(),
                Duration.ofMillis(500), Optional.of(folder.resolve("trusted.crt")))) {
            assertThat(known.of("x.example")).isEqualTo(StsPolicy.NOTHING);
        } finally {
            over.countDown();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aFileThatWasCutOffIsReadAsFarAsItGoes() throws IOException {
        try (MtaSts known = known(dns())) {
            known.of("x.example");
        }
        Path file = folder.resolve("sts");
        assertThat(Files.readString(file))
                .startsWith("Casella MTA-STS policies, format 1\nx.example 1 2026-11-22T12:00:00Z 2026-11-23T12:00:00Z ");
        Files.writeString(file, Files.readString(file) + "y.example 1 2026-11-22T12:00:00Z 2026-11-23T12");
        web.stop(0);
        try (MtaSts known = known(dns())) {
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            assertThat(known.of("y.example")).isEqualTo(StsPolicy.NOTHING);
        }
        String newer = Files.readString(file).replace("format 1", "format 2");
        Files.writeString(file, newer);
        try (MtaSts known = known(dns())) {
            assertThat(known.of("x.example")).isEqualTo(StsPolicy.NOTHING);
        }
        assertThat(Files.readString(file)).isEqualTo(newer);
    }

    /// RFC 8461, its section 2: "senders who implement MTA-STS validation MUST NOT allow MTA-STS Policy validation to override a
    /// failing DANE validation".
    @Test
    void whatTheServersOwnRecordsSayGoesFirst() {
        String tlsa =
                "_%d._tcp.mx.x.example. TLSA 3 1 1 %s\n; casella: secure example\n".formatted(sink.port(),
                "ab".repeat(32));
        Resolver resolver = ZoneFile.of(ZONE.formatted(id) + tlsa);
        try (MtaSts known = known(resolver)) {
            var routes = new Routes(resolver, config(), new Random(1));
            routes.policies(known);
            assertThat(((Routes.Route.To) routes.find("x.example")).hosts()).allMatch(host ->
                    host.policy() instanceof TlsPolicy.Dane);
        }
        assertThat(asked).hasValue(0);
    }

    /// RFC 8461, its section 3.1.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {"v=STSv1; id=1|1", "v=STSv1 ; a=b;id=1 ;|1",
            "v=STSv1;; id=1|1", "v=STSv1; a=b|0", "v=STSv1; id=|0", "v=STSv1; id=a-b; id=1|0",
                    "v=STSv10; id=1|0",
            "v=STSv1; id=123456789012345678901234567890123|0"})
    void aRecordThatIsOneHasThePolicyRead(String record, int times) {
        try (MtaSts known = known(says(record))) {
            known.of("x.example");
        }
        assertThat(asked).hasValue(times);
    }

    @Test
    @Timeout(20)
    void aStrangersRecordCostsNothing() {
        for (String record : List.of("v=STSv1" + "; ".repeat(124) + "x", "v=STSv1; " + ";".repeat(64 << 10),
                "v=STSv1" + "; ".repeat(32 << 10) + "x", "v=STSv1" + " ".repeat(64 << 10) + "x",
                "v=STSv1; id=" + "1".repeat(64 << 10))) {
            try (MtaSts known = known(says(record))) {
                assertThat(known.of("x.example")).isEqualTo(StsPolicy.NOTHING);
            }
        }
        assertThat(asked).hasValue(0);
    }

    /// Has its own say of texts, and counts who asks for them.
    private record Texts(Resolver rest, AtomicInteger times, UnaryOperator<Answer<String>> say)
            implements Resolver {
        @Override
        public <T> Answer<T> ask(String name, Kind<T> kind) {
            return rest.ask(name, kind);
        }

        @Override
        public Answer<String> txt(String name) {
            times.incrementAndGet();
            return say.apply(rest.txt(name));
        }
    }

    private Resolver says(String record) {
        return new Texts(dns(), new AtomicInteger(), _ -> new Answer.Found<>("", List.of(record),
                Duration.ofMinutes(1), false));
    }

    @Test
    void aDomainIsAskedOnceInFiveMinutesWhateverItSays() throws IOException {
        answer = policy("enforce", "mx.x.example", 0);
        try (MtaSts known = known(dns())) {
            for (int i = 0; i < 3; i++) assertThat(known.of("x.example")).isEqualTo(StsPolicy.NOTHING);
            assertThat(asked).hasValue(1);
            past = Duration.ofMinutes(5);
            answer = policy("enforce", "mx.x.example", 86_400);
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            assertThat(asked).hasValue(2);
        }
        assertThat(Files.readAllLines(folder.resolve("sts"))).as("what ends at once is not kept").hasSize(2);
    }

    @Test
    void aDomainIsAskedOnceForAllItsServers() throws Exception {
        answer = policy("enforce", "mx.x.example", 0);
        String more = """
                $ORIGIN example.
                a MX 5 mx2.x
                a MX 10 mx.x
                a MX 20 mx3.x
                mx3.x A 127.0.0.1
                _mta-sts.a TXT "v=STSv1; id=1"
                mta-sts.a A 127.0.0.1
                """;
        Resolver resolver = ZoneFile.of(ZONE.formatted(id) + more);
        var texts = new AtomicInteger();
        try (MtaSts known = known(new Texts(resolver, texts, told -> told))) {
            var routes = new Routes(resolver, config(), new Random(1));
            routes.policies(known);
            assertThat(((Routes.Route.To) routes.find("a.example")).hosts()).hasSize(3);
        }
        assertThat(texts).hasValue(1);
    }

    /// Unusable TLSA records ask for TLS, and not for whose: the domain's policy does.
    @Test
    void whatDaneCannotUseDoesNotGoBeforeThePolicy() {
        String tlsa =
                "_%d._tcp.mx.x.example. TLSA 1 1 1 %s\n; casella: secure example\n".formatted(sink.port(),
                "ab".repeat(32));
        Resolver resolver = ZoneFile.of(ZONE.formatted(id) + tlsa);
        try (MtaSts known = known(resolver)) {
            var routes = new Routes(resolver, config(), new Random(1));
            routes.policies(known);
            assertThat(((Routes.Route.To) routes.find("x.example")).hosts()).allMatch(host ->
                    host.policy() instanceof TlsPolicy.Verified);
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void aFolderThatCannotBeUsedIsTriedAgain() throws IOException {
        Path away = Files.writeString(folder.resolve("away"), "a file, where a folder is to be");
        try (MtaSts known = new MtaSts(away.resolve("sts"), dns(), _ -> true, clock, web.getAddress()
                .getPort(),
                Duration.ofSeconds(5), Optional.of(folder.resolve("trusted.crt")))) {
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.ENFORCE);
            Files.delete(away);
            known.of("y.example");
            assertThat(away).as("within a minute").doesNotExist();
            past = Duration.ofHours(24);
            answer = policy("testing", "mx.x.example", 86_400);
            assertThat(known.of("x.example").mode()).isEqualTo(StsPolicy.Mode.TESTING);
            assertThat(Files.readAllLines(away.resolve("sts"))).hasSize(2);
        }
    }
}
