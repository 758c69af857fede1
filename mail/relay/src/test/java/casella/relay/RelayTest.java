package casella.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.dns.ZoneFile;
import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.message.envelope.Ret;
import casella.queue.LocalQueue;
import casella.queue.Outgoing;
import casella.queue.Patience;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueueLimits;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.RemoteQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves that what waits for other servers gets there once, whatever they do, and that senders hear what they should.
final class RelayTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final AccountId ANNA = new AccountId(7);
    private static final SmtpClient.Times TIMES = new SmtpClient.Times(
            Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final String ZONE =
            """
            $ORIGIN example.
            x MX 10 mx.x
            mx.x A 127.0.0.1
            y A 127.0.0.1
            two MX 10 dead.two
            two MX 20 mx.x
            dead.two A 127.0.0.9
            none MX 0 .
            ours MX 10 mx.posta
            ours MX 20 mx.x
            mx.posta A 127.0.0.1
            hang MX 10 mx.hang
            mx.hang A 127.0.0.2
            nowhere TXT "here"
            ; casella: servfail broken.example
            """;

    /// One report that was brought.
    private record Told(String to, String text) {}

    @TempDir
    Path folder;

    private final Arrivals arrivals = new Arrivals(Clock.system());
    private final Map<ArrivalId, Told> told = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean noReports;
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
    private LocalQueue queue;
    private Sink sink;
    private Relay relay;

    @BeforeEach
    void open() throws IOException {
        sink = new Sink("127.0.0.1", 0);
        begin();
    }

    private void begin() {
        queue = LocalQueue.open(folder, QueueLimits.DEFAULT, clock, Metrics.none());
        var config = new RelayConfig(
                "mx.posta.example", sink.port(), 20, 5, 100, Duration.ofSeconds(5), true, Optional.empty());
        relay = new Relay(queue, ZoneFile.of(ZONE), config, TIMES, this::bring, clock, Metrics.none(),
                new Random(1));
    }

    private void bring(String to, ArrivalId id, byte[] report) {
        asked.incrementAndGet();
        if (noReports) throw new Fault.Unavailable("Nothing can be told now", Map.of());
        told.putIfAbsent(id, new Told(to, new String(report, UTF_8)));
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        queue.close();
        sink.close();
    }

    private void keep(String text, String... addresses) {
        keep(text, MailOptions.NONE, Notify.UNSAID, addresses);
    }

    private void keep(String text, MailOptions options, Notify wanted, String... addresses) {
        keep("anna@posta.example", ("Message-ID: <m@posta.example>\r\nSubject: s\r\n\r\n" + text)
                .getBytes(ISO_8859_1),
                options, wanted, addresses);
    }

    private void keep(String sender, byte[] content, MailOptions options, Notify wanted,
            String... addresses) {
        List<RemoteItem> items = new ArrayList<>();
        for (String address : addresses) items.add(new RemoteItem(arrivals.next(), address, wanted));
        queue.keep(
                new QueuedMessage(
                        QueueId.random(), Priority.PERSONAL, clock.now(), sender, List.of(), items, options,
                                ANNA, content),
                Duration.ofSeconds(20));
    }

    private List<Outgoing> waiting() {
        return queue.remote().list(new RemoteQueue.Which.All(), null, 1_000);
    }

    private boolean under() {
        return waiting().stream().anyMatch(one -> one.standing() == Outgoing.Standing.UNDER_WAY);
    }

    /// Has rounds be made until `done`.
    private void until(BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time; waiting: %s", waiting()).isLessThan(end);
            relay.round();
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }

    /// Has rounds be made until nothing happens any more.
    private void settled() throws InterruptedException {
        relay.round();
        until(() -> !under() && waiting().stream().noneMatch(one -> one.standing() == Outgoing.Standing.READY
                && !one.due().isAfter(clock.now())));
    }

    private List<String> contents() {
        return sink.got.stream().map(one -> one.content().split("\r\n\r\n", 2)[1]).toList();
    }

    private List<String> reports(String action) {
        return told.values().stream().map(Told::text).filter(text -> text.contains("Action: " + action))
                .toList();
    }

    @Test
    void aMessageGoesWithAllThatWasSaidOfIt() throws Exception {
        var options = new MailOptions(Body.EIGHT_BIT_MIME, false, Ret.HDRS, "e+2Bv", 0);
        keep(".one\r\n..two\r\nperch\u00e9\r\n", options, Notify.parse("SUCCESS,DELAY").orElseThrow()
                .of("rfc822;b@x.example"),
                "a@x.example", "c@x.example");
        until(() -> waiting().isEmpty());
        Sink.Got got = sink.got.getFirst();
        assertThat(got.mail())
                .isEqualTo("MAIL FROM:<anna@posta.example> SIZE=66 BODY=8BITMIME RET=HDRS ENVID=e+2Bv");
        assertThat(got.rcpts()).containsExactly(
                "RCPT TO:<a@x.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@x.example",
                "RCPT TO:<c@x.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@x.example");
        assertThat(contents()).containsExactly(".one\r\n..two\r\nperch\u00e9\r\n");
        assertThat(told).isEmpty();
    }

    @Test
    void chunksGoWhereTheyAreTaken() throws Exception {
        sink.extensions = List.of("CHUNKING", "8BITMIME");
        keep(".one\r\n", "a@x.example");
        until(() -> waiting().isEmpty());
        assertThat(sink.got.getFirst().chunked()).isTrue();
        assertThat(contents()).containsExactly(".one\r\n");
    }

    /// RFC 5321 §2.3.8: what one server takes for a line end and another does not hides a second message.
    @ParameterizedTest
    @ValueSource(strings = {"CHUNKING", "PIPELINING"})
    void noLineEndStandsAlone(String extension) throws Exception {
        sink.extensions = List.of(extension, "8BITMIME");
        keep("a\n.\r\nMAIL FROM:<x>\rb\r\r\n.\nend", "a@x.example");
        until(() -> waiting().isEmpty());
        String end = extension.equals("CHUNKING") ? "end" : "end\r\n";
        assertThat(contents()).containsExactly("a\r\n.\r\nMAIL FROM:<x>\r\nb\r\n\r\n.\r\n" + end);
    }

    /// Whoever drops a NUL would see an end of data that is none.
    @Test
    void aNulGoesOnlyWhereTheLengthIsSaid() throws Exception {
        keep("a\r\n\0.\r\nMAIL FROM:<x>\r\n", "a@x.example");
        until(() -> waiting().isEmpty());
        assertThat(sink.got).isEmpty();
        assertThat(reports("failed")).singleElement().satisfies(text -> assertThat(text)
                .contains("Status: 5.6.0"));
        sink.extensions = List.of("CHUNKING", "8BITMIME");
        keep("a\r\n\0.\r\nMAIL FROM:<x>\r\n", "b@y.example");
        until(() -> waiting().isEmpty());
        assertThat(contents()).containsExactly("a\r\n\0.\r\nMAIL FROM:<x>\r\n");
    }

    @Test
    void manyMessagesShareAConnection() throws Exception {
        for (int i = 0; i < 50; i++) keep("m" + i, "a@x.example");
        until(() -> waiting().isEmpty());
        assertThat(contents()).hasSize(50).doesNotHaveDuplicates();
        assertThat(sink.connections.get()).isLessThanOrEqualTo(6);
        keep("later", "a@x.example");
        int before = sink.connections.get();
        until(() -> waiting().isEmpty());
        assertThat(sink.connections.get()).as("kept").isEqualTo(before);
    }

    @Test
    void whoIsRefusedIsTold() throws Exception {
        sink.says = command -> command.startsWith("RCPT TO:<BAD@") ? "550-5.1.1 No such\r\n550 5.1.1 user"
                : "";
        keep("text", new MailOptions(Body.SEVEN_BIT, false, Ret.FULL, "env", 0),
                Notify.UNSAID.of("rfc822;old@x.example"), "bad@x.example", "good@x.example");
        until(() -> waiting().isEmpty());
        assertThat(sink.got).singleElement().satisfies(got -> assertThat(got.rcpts()).hasSize(1));
        assertThat(told.values()).singleElement().satisfies(one -> {
            assertThat(one.to()).isEqualTo("anna@posta.example");
            assertThat(one.text()).contains(
                    "Content-Type: multipart/report; report-type=delivery-status",
                            "Auto-Submitted: auto-replied",
                    "In-Reply-To: <m@posta.example>", "Original-Envelope-Id: env",
                            "Reporting-MTA: dns; mx.posta.example",
                    "Original-Recipient: rfc822; old@x.example", "Final-Recipient: rfc822; bad@x.example",
                            "Action: failed",
                    "Status: 5.1.1", "Remote-MTA: dns; mx.x.example",
                            "Diagnostic-Code: smtp; 550 5.1.1 No such / 5.1.1 user",
                    "Content-Type: message/rfc822", "non =C3=A8 stato consegnato");
            assertThat(one.text()).doesNotContain("good@x.example");
        });
    }

    @Test
    void nobodyIsToldWhoAskedForItOrIsNobody() throws Exception {
        sink.says = command -> command.startsWith("RCPT") ? "550 5.1.1 no" : "";
        keep("text", MailOptions.NONE, Notify.parse("NEVER").orElseThrow(), "a@x.example");
        keep("text", MailOptions.NONE, Notify.parse("SUCCESS").orElseThrow(), "b@x.example");
        keep("", "Subject: report\r\n\r\n".getBytes(UTF_8), MailOptions.NONE, Notify.UNSAID, "c@x.example");
        until(() -> waiting().isEmpty());
        assertThat(told).isEmpty();
    }

    /// RFC 3461 §5.2.2
    @Test
    void successIsToldWhereTheNextServerDoesNot() throws Exception {
        sink.extensions = List.of("PIPELINING", "8BITMIME");
        keep("text", MailOptions.NONE, Notify.parse("SUCCESS").orElseThrow(), "a@x.example");
        keep("text", MailOptions.NONE, Notify.UNSAID, "b@x.example");
        until(() -> waiting().isEmpty());
        assertThat(reports("relayed")).singleElement().satisfies(text -> assertThat(text)
                .contains("a@x.example"));
        assertThat(sink.commands).noneMatch(command -> command.contains("NOTIFY"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none.example,5.1.10", "nothing.example,5.1.2", "nowhere.example,5.4.4",
            "[300.1.1.1],5.1.3"})
    void whatIsNowhereComesBackAtOnce(String domainAndStatus) throws Exception {
        String[] parts = domainAndStatus.split(",");
        keep("text", "a@" + parts[0]);
        until(() -> waiting().isEmpty());
        assertThat(reports("failed")).singleElement()
                .satisfies(text -> assertThat(text).contains("Status: " + parts[1] + "\r\n"));
    }

    @Test
    void mailDoesNotGoInCircles() throws Exception {
        keep("text", "a@ours.example");
        until(() -> waiting().isEmpty());
        assertThat(reports("failed")).singleElement().satisfies(text -> assertThat(text)
                .contains("Status: 5.4.6"));
        assertThat(sink.connections.get()).isZero();
    }

    @Test
    void networksOfTheirOwnAreNotSpokenWith() throws Exception {
        relay.close();
        relay = new Relay(queue, ZoneFile.of(ZONE), RelayConfig.usual("mx.posta.example"), TIMES, this::bring,
                clock,
                Metrics.none(), new Random(1));
        keep("text", "a@x.example", "b@[127.0.0.1]");
        until(() -> waiting().isEmpty());
        assertThat(reports("failed")).hasSize(2);
        assertThat(sink.connections.get()).isZero();
    }

    @Test
    void theNextServerIsAskedWhereOneIsAway() throws Exception {
        keep("text", "a@two.example");
        until(() -> waiting().isEmpty());
        assertThat(contents()).containsExactly("text\r\n");
    }

    @Test
    void noMoreGoToADomainInAMinuteThanMay() throws Exception {
        relay.close();
        var config = new RelayConfig("mx.posta.example", sink.port(), 20, 5, 100, Duration.ofSeconds(5), true,
                Optional.empty(), 0, Map.of("x.example", 5));
        relay = new Relay(queue, ZoneFile.of(ZONE), config, TIMES, this::bring, clock, Metrics.none(),
                new Random(1));
        for (int i = 0; i < 12; i++) keep("m" + i, "a@x.example");
        for (int i = 0; i < 12; i++) keep("y" + i, "a@y.example");
        until(() -> waiting().size() <= 7 && !under());
        assertThat(sink.got).filteredOn(one -> one.content().contains("y")).as("others go")
                .hasSizeGreaterThanOrEqualTo(12);
        assertThat(waiting()).hasSize(7).allMatch(one -> one.item().domain().equals("x.example"));
        relay.round();
        assertThat(waiting()).as("it waits").hasSize(7);
        assertThat(queue.remote().destinations(10)).singleElement().satisfies(one ->
                assertThat(one.why()).contains("in a minute"));
        past = Duration.ofMinutes(2);
        until(() -> waiting().size() <= 2 && !under());
        assertThat(waiting()).hasSize(2);
        past = Duration.ofMinutes(4);
        until(() -> waiting().isEmpty());
        assertThat(told).isEmpty();
    }

    @Test
    void whatTheDnsDoesNotSayIsAskedAgain() throws Exception {
        keep("text", "a@broken.example");
        settled();
        assertThat(waiting()).singleElement().satisfies(one -> assertThat(one.why()).contains("4.4.3"));
        assertThat(told).isEmpty();
    }

    @Test
    void whoIsAnsweredLaterIsTriedLaterAloneAndOthersAreNot() throws Exception {
        sink.says = command -> command.startsWith("RCPT TO:<GREY@") ? "450 4.2.0 Greylisted" : "";
        keep("text", "grey@x.example", "good@x.example");
        settled();
        assertThat(sink.got).hasSize(1);
        Outgoing grey = waiting().getFirst();
        assertThat(grey.why()).isEqualTo("4.2.0 450 4.2.0 Greylisted");
        assertThat(Duration.between(NOON, grey.due())).isBetween(Duration.ofSeconds(48),
                Duration.ofSeconds(72));
        sink.says = _ -> "";
        past = Duration.ofSeconds(73);
        until(() -> waiting().isEmpty());
        assertThat(sink.got).hasSize(2);
        assertThat(told).isEmpty();
    }

    /// Whatever is cut where, the message arrives; twice only if it was cut between the end of the message and the answer.
    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "RSET", "QUIT"})
    void whatIsCutArrivesAllTheSame(String stage) throws Exception {
        var cuts = new AtomicInteger(2);
        sink.says = command -> command.startsWith(stage) && cuts.getAndDecrement() > 0 ? Sink.CUT : "";
        for (int i = 0; i < 5; i++) keep("m" + i, "a@x.example", "b@x.example");
        for (int i = 0; i < 6; i++) {
            settled();
            past = past.plus(Duration.ofMinutes(3));
        }
        assertThat(waiting()).isEmpty();
        assertThat(contents()).containsExactlyInAnyOrder("m0\r\n", "m1\r\n", "m2\r\n", "m3\r\n", "m4\r\n");
        assertThat(told).isEmpty();
    }

    @Test
    void aServerThatIsDownForDaysIsTriedAsDocumentedAndSendersAreToldTwice() throws Exception {
        sink.says = command -> command.equals("GREETING") ? "421 4.3.2 closed" : "";
        keep("text", "a@x.example", "b@x.example");
        var attempts = new ArrayList<Duration>();
        int before = 0;
        while (!waiting().isEmpty()) {
            settled();
            if (sink.connections.get() > before) attempts.add(past);
            before = sink.connections.get();
            past = past.plus(Duration.ofSeconds(20));
            if (past.compareTo(Duration.ofHours(9)) > 0) past = past.plus(Duration.ofMinutes(10));
            if (waiting().isEmpty()) break;
        }
        List<Long> minutes = List.of(0L, 1L, 3L, 7L, 15L, 30L, 60L, 120L, 240L, 480L);
        for (int i = 0; i < minutes.size(); i++) {
            assertThat(attempts.get(i).toSeconds()).isBetween(minutes.get(i) * 48, minutes.get(i) * 75 + 30);
        }
        assertThat(attempts.size()).isBetween(35, 45);
        assertThat(past).isBetween(Patience.GIVE_UP, Patience.GIVE_UP.plus(Duration.ofMinutes(20)));
        assertThat(reports("delayed")).singleElement()
                .satisfies(text -> assertThat(text).contains("a@x.example", "b@x.example",
                        "Will-Retry-Until"));
        assertThat(reports("failed")).singleElement()
                .satisfies(text -> assertThat(text).contains("a@x.example", "b@x.example", "Status: 4.4.7",
                        "421 4.3.2 closed"));
        assertThat(told).hasSize(2);
        assertThat(asked.get()).isEqualTo(2);
    }

    /// A kill between telling a sender and writing it down has him told again, under the same id.
    @Test
    void aReportThatIsMadeAgainIsTheSame() throws Exception {
        sink.says = command -> command.startsWith("RCPT") ? "550 5.1.1 no" : "";
        keep("text", "a@x.example");
        Outgoing one = waiting().getFirst();
        until(() -> waiting().isEmpty());
        ArrivalId first = told.keySet().iterator().next();
        queue.keep(
                new QueuedMessage(
                        one.message(), one.priority(), one.received(), one.sender(), List.of(),
                                List.of(one.item()),
                        MailOptions.NONE, ANNA, "Subject: s\r\n\r\n".getBytes(UTF_8)),
                Duration.ofSeconds(20));
        until(() -> waiting().isEmpty());
        assertThat(asked.get()).isEqualTo(2);
        assertThat(told.keySet()).containsExactly(first);
    }

    /// Nobody is forgotten to be told: while that cannot be done the recipient stays, and is tried again later.
    @Test
    void whoCannotBeToldNowIsToldLater() throws Exception {
        sink.says = command -> command.startsWith("RCPT") ? "550 5.1.1 no" : "";
        noReports = true;
        keep("text", "a@x.example");
        settled();
        assertThat(asked.get()).isEqualTo(1);
        assertThat(waiting()).singleElement().satisfies(one -> assertThat(one.why())
                .contains("Trouble here"));
        noReports = false;
        past = Duration.ofMinutes(2);
        until(() -> waiting().isEmpty());
        assertThat(told).hasSize(1);
    }

    /// What was said to be kept, and is damaged here, is not ended in silence.
    @Test
    void whoseMailCannotBeReadAnyMoreIsTold() throws Exception {
        keep("ROTTEN", "a@broken.example");
        settled();
        relay.close();
        queue.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".seg")).toList()) {
                String bytes = Files.readString(file, ISO_8859_1);
                Files.writeString(file, bytes.replace("ROTTEN", "R0TTEN"), ISO_8859_1);
            }
        }
        begin();
        settled();
        assertThat(told).as("not before all was tried").isEmpty();
        past = Patience.GIVE_UP.plusMinutes(1);
        until(() -> waiting().isEmpty());
        assertThat(reports("failed")).singleElement()
                .satisfies(text -> assertThat(text).contains("Status: 5.3.0", "a@broken.example"));
    }

    @Test
    void aDomainThatHangsHoldsOneConnectionAndSlowsNobody() throws Exception {
        try (Sink hanging = new Sink("127.0.0.2", sink.port())) {
            hanging.says = _ -> Sink.HANG;
            for (int i = 0; i < 30; i++) keep("h" + i, "a@hang.example");
            for (int i = 0; i < 300; i++) keep("m" + i, "a@x.example", "b@y.example");
            until(() -> waiting().size() == 30);
            assertThat(sink.got).hasSize(600);
            assertThat(hanging.connections.get()).isEqualTo(1);
            assertThat(sink.most.get()).isLessThanOrEqualTo(10);
        }
    }
}
