package casella.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.dns.StubResolver.Patience;
import casella.dns.StubResolver.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// Proves that servers are asked as they must be, and that whatever they answer is one of four things within its time.
final class StubResolverTest {
    private static final Patience SHORT = new Patience(Duration.ofMillis(150), Duration.ofSeconds(2));
    private static final Patience LONG = new Patience(Duration.ofSeconds(20), Duration.ofSeconds(60));
    private static final String SOA = "example. 600 IN SOA ns.example. root.example. 1 1 1 1 60";

    private static final class Standing implements Clock {
        final AtomicLong nanos = new AtomicLong(5);

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return nanos.get();
        }
    }

    private final Standing clock = new Standing();

    private StubResolver asking(Patience patience, LoopbackServer... servers) {
        var trusted = List.of(servers).stream().map(one -> new Server(one.address(), true)).toList();
        return new StubResolver(trusted, patience, clock);
    }

    private static Message reply(Message question) {
        var reply = new Message(question.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(question.getQuestion(), Section.QUESTION);
        return reply;
    }

    private static Message with(Message reply, int section, String... lines) throws IOException {
        var text = new ByteArrayInputStream(String.join("\n", lines).getBytes(US_ASCII));
        try (var master = new Master(text, Name.root, 300)) {
            Record next;
            while ((next = master.nextRecord()) != null) reply.addRecord(next, section);
        }
        return reply;
    }

    private static LoopbackServer saying(String... lines) throws IOException {
        return new LoopbackServer((question, _) ->
                List.of(with(reply(question), Section.ANSWER, lines).toWire()));
    }

    private static LoopbackServer failing(int code) throws IOException {
        return new LoopbackServer((question, _) -> {
            Message reply = reply(question);
            reply.getHeader().setRcode(code);
            return List.of(reply.toWire());
        });
    }

    @Test
    void recordsAreFoundWithTheShortestTimeThatTheyMayBeKept() throws Exception {
        try (var server = saying("example. 900 IN MX 20 B.example.", "example. 40 IN MX 10 a.example.",
                "other. 5 IN MX 0 evil.")) {
            Answer<Mx> answer = asking(LONG, server).mx("Example.");

            assertThat(answer).isEqualTo(new Answer.Found<>("example",
                    List.of(new Mx(20, "b.example"), new Mx(10, "a.example")), Duration.ofSeconds(40), false));
            Message asked = server.asked.getFirst();
            assertThat(asked.getHeader().getFlag(Flags.RD)).isTrue();
            assertThat(asked.getHeader().getFlag(Flags.AD)).isTrue();
            assertThat(asked.getOPT().getPayloadSize()).isEqualTo(1_232);
        }
    }

    @Test
    void everyKindIsRead() throws Exception {
        try (var server = saying("a.example. IN AAAA ::ffff:192.0.2.1", "a.example. IN A 192.0.2.1",
                "a.example. IN TXT \"one \" \"two\\228\"", "a.example. IN TLSA 3 1 1 00ff",
                "a.example. IN SRV 1 2 465 mx.example.",
                "1.2.0.192.in-addr.arpa. IN PTR a.example.", "b.example. IN MX 0 .")) {
            StubResolver resolver = asking(LONG, server);

            assertThat(resolver.aaaa("a.example").records().getFirst().getAddress()).hasSize(16);
            assertThat(resolver.a("a.example").records()).containsExactly(InetAddress.getByName("192.0.2.1"));
            assertThat(resolver.txt("a.example").records()).containsExactly("one two\u00e4");
            assertThat(resolver.tlsa("a.example").records()).containsExactly(new Tlsa(3, 1, 1, new byte[] {0, -1}));
            assertThat(resolver.srv("a.example").records()).containsExactly(new Srv(1, 2, 465, "mx.example"));
            assertThat(resolver.ptr(InetAddress.getByName("192.0.2.1")).records()).containsExactly("a.example");
            assertThat(resolver.mx("b.example").records()).containsExactly(new Mx(0, ""));
        }
    }

    @Test
    void aliasesAreFollowedWithinTheAnswerAndBeyondIt() throws Exception {
        try (var server = new LoopbackServer((question, _) -> {
            Message reply = reply(question);
            if (question.getQuestion().getName().toString().equals("a.example.")) {
                with(reply, Section.ANSWER, "a.example. 30 IN CNAME b.example.", "b.example. IN CNAME c.example.");
            } else {
                with(reply, Section.ANSWER, "c.example. 60 IN A 192.0.2.7");
            }
            return List.of(reply.toWire());
        })) {
            assertThat(asking(LONG, server).a("a.example")).isEqualTo(new Answer.Found<>("c.example",
                    List.of(InetAddress.getByName("192.0.2.7")), Duration.ofSeconds(30), false));
            assertThat(server.asked).hasSize(2);
            assertThat(asking(LONG, server).cname("a.example").records()).containsExactly("b.example");
        }
    }

    @Test
    void aCircleOfAliasesEnds() throws Exception {
        try (var within = saying("a.example. IN CNAME b.example.", "b.example. IN CNAME a.example.");
                var beyond = new LoopbackServer((question, _) -> {
                    String name = question.getQuestion().getName().toString();
                    return List.of(with(reply(question), Section.ANSWER, name + " IN CNAME x." + name).toWire());
                })) {
            var chain = new ArrayList<String>();
            for (int i = 0; i < 20; i++) chain.add("x" + i + ".example. IN CNAME x" + (i + 1) + ".example.");
            chain.add("x20.example. IN A 192.0.2.1");
            try (var far = saying(chain.toArray(String[]::new))) {
                assertThat(asking(LONG, far).a("x15.example").records()).hasSize(1);
                assertThat(asking(LONG, far).a("x0.example"))
                        .isEqualTo(new Answer.TryLater<>(Answer.Why.MALFORMED));
            }
            assertThat(asking(LONG, within).a("a.example"))
                    .isEqualTo(new Answer.TryLater<>(Answer.Why.MALFORMED));
            assertThat(asking(LONG, beyond).a("a.example"))
                    .isEqualTo(new Answer.TryLater<>(Answer.Why.MALFORMED));
            assertThat(beyond.asked).hasSizeLessThan(12);
        }
    }

    @Test
    void proofIsTakenFromATrustedServerAlone() throws Exception {
        try (var server = new LoopbackServer((question, _) -> {
            Message reply = with(reply(question), Section.ANSWER, "a.example. IN A 192.0.2.7");
            reply.getHeader().setFlag(Flags.AD);
            return List.of(reply.toWire());
        })) {
            var doubted = new StubResolver(List.of(new Server(server.address(), false)), LONG, clock);

            assertThat(asking(LONG, server).a("a.example").secure()).isTrue();
            assertThat(doubted.a("a.example").secure()).isFalse();
        }
    }

    @Test
    void whatDoesNotFitComesByTcp() throws Exception {
        try (var server = new LoopbackServer((question, tcp) -> {
            Message reply = reply(question);
            if (!tcp) reply.getHeader().setFlag(Flags.TC);
            for (int i = 0; tcp && i < 300; i++) with(reply, Section.ANSWER, "a.example. IN TXT " + "x".repeat(200) + i);
            return List.of(reply.toWire());
        })) {
            assertThat(asking(LONG, server).txt("a.example").records()).hasSize(Resolver.RECORDS_MAX);
        }
    }

    @Test
    void theNextServerIsAskedAndStaysTheFirst() throws Exception {
        try (var silent = new LoopbackServer((_, _) -> List.of());
                var broken = failing(Rcode.SERVFAIL);
                var well = saying("a.example. 0 IN A 192.0.2.7")) {
            StubResolver resolver = asking(SHORT, silent, broken, well);

            assertThat(resolver.a("a.example").records()).hasSize(1);
            assertThat(resolver.a("a.example").records()).hasSize(1);

            assertThat(silent.asked).hasSize(1);
            assertThat(broken.asked).hasSize(1);
            assertThat(well.asked).hasSize(2);
        }
    }

    @Test
    void whyNothingIsKnownIsTold() throws Exception {
        try (var silent = new LoopbackServer((_, _) -> List.of());
                var broken = failing(Rcode.SERVFAIL);
                var refusing = failing(Rcode.REFUSED);
                var babbling = new LoopbackServer((question, _) -> {
                    byte[] wire = reply(question).toWire();
                    wire[7] = 9; // nine records, of which there is none
                    return List.of(wire);
                });
                var bogus = new LoopbackServer((question, _) -> {
                    Message reply = reply(question);
                    reply.getHeader().setRcode(Rcode.SERVFAIL);
                    var why = new ExtendedErrorCodeOption(ExtendedErrorCodeOption.DNSSEC_BOGUS);
                    reply.addRecord(new OPTRecord(1_232, 0, 0, 0, why), Section.ADDITIONAL);
                    return List.of(reply.toWire());
                })) {
            assertThat(asking(SHORT, silent).a("a.example")).isEqualTo(new Answer.TryLater<>(Answer.Why.TIME_OUT));
            assertThat(asking(LONG, broken).a("a.example")).isEqualTo(new Answer.TryLater<>(Answer.Why.SERVER_FAILURE));
            assertThat(asking(LONG, refusing).a("a.example")).isEqualTo(new Answer.TryLater<>(Answer.Why.REFUSED));
            assertThat(asking(LONG, babbling).a("a.example")).isEqualTo(new Answer.TryLater<>(Answer.Why.MALFORMED));
            assertThat(asking(LONG, bogus).a("a.example")).isEqualTo(new Answer.TryLater<>(Answer.Why.BOGUS));
        }
    }

    @Test
    void aClosedPortIsNotWaitedFor() throws Exception {
        InetSocketAddress closed;
        try (var server = saying("a.example. IN A 192.0.2.7")) {
            closed = server.address();
        }
        // A machine may keep one of the notices that a port is closed to itself: then 5 or 10 of the 15 seconds pass.
        var patience = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(60));
        var resolver = new StubResolver(List.of(new Server(closed, false)), patience, clock);
        long began = System.nanoTime();

        assertThat(resolver.a("a.example")).isInstanceOf(Answer.TryLater.class);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(14));
    }

    @Test
    void answersToOtherQuestionsAreNotTaken() throws Exception {
        try (var server = new LoopbackServer((question, _) -> {
            Message right = with(reply(question), Section.ANSWER, "a.example. IN A 192.0.2.7");
            byte[] number = with(reply(question), Section.ANSWER, "a.example. IN A 192.0.2.66").toWire();
            number[0] ^= 1;
            Message name = new Message(question.getHeader().getID());
            name.getHeader().setFlag(Flags.QR);
            name.addRecord(question.getQuestion().withName(Name.fromString("b.example.")), Section.QUESTION);
            with(name, Section.ANSWER, "a.example. IN A 192.0.2.66");
            Message echo = with(reply(question), Section.ANSWER, "a.example. IN A 192.0.2.66");
            echo.getHeader().unsetFlag(Flags.QR);
            return List.of(number, name.toWire(), echo.toWire(), new byte[3], right.toWire());
        })) {
            assertThat(asking(LONG, server).a("a.example").records())
                    .containsExactly(InetAddress.getByName("192.0.2.7"));
        }
    }

    @Test
    void aServerThatKnowsNoOptionsIsAskedWithout() throws Exception {
        try (var server = new LoopbackServer((question, _) -> {
            Message reply = reply(question);
            if (question.getOPT() != null) {
                var header = new Header(question.getHeader().getID());
                header.setFlag(Flags.QR);
                header.setRcode(Rcode.FORMERR);
                return List.of(header.toWire());
            }
            return List.of(with(reply, Section.ANSWER, "a.example. IN A 192.0.2.7").toWire());
        })) {
            assertThat(asking(LONG, server).a("a.example").records()).hasSize(1);
        }
    }

    @Test
    void answersAreKeptForAsLongAsTheyHold() throws Exception {
        try (var server = new LoopbackServer((question, _) -> {
            Message reply = reply(question);
            switch (question.getQuestion().getName().toString()) {
                case "a.example." -> with(reply, Section.ANSWER, "a.example. 100 IN A 192.0.2.7");
                case "none.example." -> with(reply, Section.AUTHORITY, SOA);
                default -> {
                    with(reply, Section.AUTHORITY, SOA);
                    reply.getHeader().setRcode(Rcode.NXDOMAIN);
                }
            }
            return List.of(reply.toWire());
        })) {
            StubResolver resolver = asking(LONG, server);
            assertThat(resolver.a("a.example")).isInstanceOf(Answer.Found.class);
            assertThat(resolver.a("none.example")).isEqualTo(new Answer.NoData<>(Duration.ofSeconds(60), false));
            assertThat(resolver.a("no.example")).isEqualTo(new Answer.NoSuchName<>(Duration.ofSeconds(60), false));
            clock.nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
            assertThat(resolver.a("A.example.")).isEqualTo(new Answer.Found<>("a.example",
                    List.of(InetAddress.getByName("192.0.2.7")), Duration.ofSeconds(41), false));
            assertThat(resolver.a("none.example").none()).isTrue();
            assertThat(resolver.a("no.example").none()).isTrue();
            assertThat(server.asked).hasSize(3);

            clock.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            var _ = resolver.a("none.example");
            var _ = resolver.a("no.example");
            assertThat(server.asked).hasSize(5);
            clock.nanos.addAndGet(TimeUnit.SECONDS.toNanos(40));
            var _ = resolver.a("a.example");
            assertThat(server.asked).hasSize(6);
        }
    }

    @Test
    void theCacheIsBounded() throws Exception {
        var cache = new AnswerCache(clock, 10_000);
        for (int i = 0; i < 1_000; i++) {
            var question = new AnswerCache.Question(Name.fromString("x" + i + ".example."), 1);
            cache.keep(question, new Answer.NoData<>(Duration.ofSeconds(60), false));
        }
        assertThat(cache.size()).isBetween(10, 25);
        assertThat(cache.of(new AnswerCache.Question(Name.fromString("x999.example."), 1))).isPresent();
        assertThat(cache.of(new AnswerCache.Question(Name.fromString("x0.example."), 1))).isEmpty();
    }

    @Test
    void equalQuestionsAtATimeAreOne() throws Exception {
        var go = new CountDownLatch(1);
        try (var server = new LoopbackServer((question, _) -> {
            await(go);
            return List.of(with(reply(question), Section.ANSWER, "a.example. IN A 192.0.2.7").toWire());
        }); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StubResolver resolver = asking(LONG, server);
            var begun = new CountDownLatch(50);
            Callable<Answer<InetAddress>> ask = () -> {
                begun.countDown();
                return resolver.a("a.example");
            };
            List<Future<Answer<InetAddress>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) answers.add(threads.submit(ask));
            await(begun);
            go.countDown();
            for (Future<Answer<InetAddress>> answer : answers) assertThat(value(answer).records()).hasSize(1);
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void namesThatCannotBeAreNotAskedFor() throws Exception {
        try (var server = saying("xn--bcher-kva.example. IN A 192.0.2.7")) {
            StubResolver resolver = asking(LONG, server);
            for (String name : List.of("", ".", "a..b", ".a", "x".repeat(64) + ".example",
                    ("x".repeat(49) + ".").repeat(5) + "example", "\u00e4".repeat(2_000))) {
                assertThat(resolver.a(name)).as(name).isEqualTo(new Answer.NoSuchName<>(Duration.ZERO, false));
            }
            assertThat(server.asked).isEmpty();
            assertThat(resolver.a("b\u00fccher.example").records()).hasSize(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T value(Future<T> future) throws InterruptedException, ExecutionException {
        return future.get();
    }
}
