package casella.server.incoming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.Checking;
import casella.delivery.Content;
import casella.delivery.Disposition;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import casella.dns.ZoneFile;
import casella.message.envelope.MailOptions;
import casella.queue.Proof;
import casella.server.incoming.Strictness.Deed;
import casella.wire.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves what is written down of mail that strangers bring, and that neither a lie of theirs nor a DNS that hangs gets further.
final class PeerChecksTest {
    private static final String MAIL = "From: Bruno <bruno@virgola.example>\r\nSubject: s\r\n\r\ntext\r\n";
    private static final Resolver NAMES = ZoneFile.of("""
            $ORIGIN example.
            virgola TXT "v=spf1 ip4:192.0.2.7 -all"
            _dmarc.virgola TXT "v=DMARC1; p=reject"
            """);
    private static final Strictness USUAL = new Strictness(Deed.REJECT, Deed.JUNK, Deed.REJECT, Set.of());

    private final Set<String> proven = new HashSet<>();
    private final Bulkhead cpu = new Bulkhead("test.checks", 1, 16);

    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void close() {
        never.countDown();
        cpu.close();
    }

    private PeerChecks checks(Resolver names, Duration time) {
        List<Network> own = List.of(Network.parse("10.0.0.0/8").orElseThrow());
        List<Network> trusted = List.of(Network.parse("192.0.2.99").orElseThrow());
        return new PeerChecks(names, cpu, Clock.system(), Metrics.none(), "mx.posta.example", own, trusted,
                USUAL, (peer, domain) -> proven.add(domain + " by " + peer.getHostAddress()), time);
    }

    private static Envelope envelope(String peer, String with, @Nullable AccountId account) {
        return envelope(peer, with, account, "bruno@virgola.example");
    }

    private static Envelope envelope(
            String peer, String with, @Nullable AccountId account, String sender) {
        var trace = new Trace(
                "mail.virgola.example", InetAddress.ofLiteral(peer), "mx.posta.example", with, "1",
                        Instant.EPOCH, account != null);
        var anna = new Recipient.Local("anna@posta.example", new AccountId(1), "", 1_000);
        return new Envelope(sender, List.of(anna), MailOptions.NONE, account, trace);
    }

    private static String text(Checking.Checked checked) {
        byte[] mail = new byte[checked.mail().size()];
        checked.mail().copyTo(mail, 0);
        return new String(mail, UTF_8);
    }

    private Checking.Checked check(String peer, String with, @Nullable AccountId account, String mail) {
        return checks(NAMES, Duration.ofSeconds(30)).check(envelope(peer, with, account),
                Content.of(mail.getBytes(UTF_8)));
    }

    @Test
    void whoIsProvenIsProven() {
        Checking.Checked checked = check("192.0.2.7", "ESMTPS", null, MAIL);
        assertThat(new String(checked.field(), UTF_8)).startsWith("Authentication-Results: mx.posta.example;")
                .contains("spf=pass smtp.mailfrom=bruno@virgola.example", "dmarc=pass").endsWith("\r\n");
        assertThat(checked.proof()).isEqualTo(Proof.ALIGNED);
        assertThat(checked.disposition()).isEqualTo(new Disposition.Inbox());
        assertThat(text(checked)).isEqualTo(MAIL);
        assertThat(proven).containsExactly("virgola.example by 192.0.2.7");
    }

    @Test
    void whoPretendsIsNot() {
        String lie = "Authentication-Results: mx.posta.example; spf=pass; dmarc=pass\r\n";
        Checking.Checked checked = check("192.0.2.8", "ESMTP", null, lie + MAIL);
        assertThat(new String(checked.field(), UTF_8)).contains("spf=fail",
                "dmarc=fail (p=reject dis=reject)");
        assertThat(checked.proof()).isEqualTo(Proof.NONE);
        assertThat(text(checked)).as("its own word of it is gone").isEqualTo(MAIL);
        assertThat(checked.disposition()).isEqualTo(new Disposition.Refuse(550, "5.7.1",
                "Refused by the DMARC policy of virgola.example: neither SPF nor DKIM shows that the message is from there"));
    }

    @Test
    void mailOfNobodyIsRefusedUnlessAPeerIsTrusted() {
        assertThat(check("192.0.2.7", "ESMTP", null, "Subject: s\r\n\r\ntext\r\n").disposition())
                .isEqualTo(new Disposition.Refuse(550, "5.6.0",
                        "The message has no From field (RFC 5322 section 3.6)"));
        assertThat(check("192.0.2.7", "ESMTP", null, MAIL.replace("Subject:", "from:")).disposition())
                .isInstanceOf(Disposition.Refuse.class);
        assertThat(check("192.0.2.99", "ESMTP", null, "Subject: s\r\n\r\ntext\r\n").disposition())
                .isEqualTo(new Disposition.Inbox());
        assertThat(check("192.0.2.99", "ESMTP", null, MAIL).disposition())
                .isEqualTo(new Disposition.Inbox());
    }

    @Test
    void nobodyAsksOfOursOrOfWhatARelayOfOursAsked() {
        String lie = "Authentication-Results: mx.posta.example; spf=pass\r\n";
        for (Checking.Checked one : List.of(
                check("10.1.2.3", "ESMTPS", null, lie + MAIL),
                check("192.0.2.8", "LMTP", null, lie + MAIL),
                check("192.0.2.8", "ESMTPSA", new AccountId(3), lie + MAIL))) {
            assertThat(one.field()).isEmpty();
            assertThat(one.proof()).isEqualTo(Proof.UNASKED);
            assertThat(text(one)).isEqualTo(lie + MAIL);
        }
    }

    private static boolean evil(String name) {
        return name.endsWith("evil.example");
    }

    private static boolean reverse(String name) {
        return name.contains("in-addr.arpa");
    }

    /// Answers as `NAMES` does, but never of those names.
    private Resolver hanging(Predicate<String> silent) {
        return new Resolver() {
            @Override
            public <T> Answer<T> ask(String name, Kind<T> kind) {
                if (!silent.test(name)) return NAMES.ask(name, kind);
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Answer.TryLater<>(Answer.Why.TIME_OUT);
            }
        };
    }

    private Checking.Checked late(String peer, String sender, String mail, Predicate<String> silent) {
        return checks(hanging(silent), Duration.ofMillis(1_500)).check(envelope(peer, "ESMTP", null, sender),
                Content.of(mail.getBytes(UTF_8)));
    }

    private static String signed(String domain) {
        return "DKIM-Signature: v=1; a=rsa-sha256; d=" + domain + "; s=s; h=from; bh=" + "A".repeat(43)
                + "=; b=AAAA\r\n";
    }

    @Test
    void aForgersOwnDnsThatHangsExcusesNothing() {
        Checking.Checked sender = late("192.0.2.8", "x@evil.example", MAIL, PeerChecksTest::evil);
        assertThat(new String(sender.field(), UTF_8)).contains("spf=temperror", "dmarc=fail");
        assertThat(sender.disposition()).isInstanceOf(Disposition.Refuse.class);
        Checking.Checked reverse = late("192.0.2.8", "x@other.example", MAIL, PeerChecksTest::reverse);
        assertThat(new String(reverse.field(), UTF_8)).contains("iprev=temperror", "dmarc=fail");
        assertThat(reverse.disposition()).isInstanceOf(Disposition.Refuse.class);
        String keys = IntStream.range(0, 9).mapToObj(i -> signed(i + ".evil.example"))
                .collect(Collectors.joining());
        Checking.Checked signed = late("192.0.2.8", "x@other.example",
                keys + signed("virgola.example") + MAIL, PeerChecksTest::evil);
        assertThat(new String(signed.field(), UTF_8)).contains("dkim=temperror", "dmarc=fail");
        assertThat(signed.disposition()).isInstanceOf(Disposition.Refuse.class);
        Checking.Checked two = late("192.0.2.8", "x@other.example",
                MAIL.replace("From: ", "From: A <a@a.evil.example>, "), PeerChecksTest::evil);
        assertThat(two.disposition()).isInstanceOf(Disposition.Refuse.class);
    }

    @Test
    void whatTheDomainOfFromDoesNotSayIsHeldAgainstNobody() {
        for (String silent : List.of("_dmarc.virgola.example", "virgola.example")) {
            Checking.Checked checked = late("192.0.2.8", "bruno@virgola.example", MAIL, silent::equals);
            assertThat(new String(checked.field(), UTF_8)).contains("dmarc=temperror");
            assertThat(checked.disposition()).isEqualTo(new Disposition.Inbox());
        }
        Checking.Checked key = late("192.0.2.8", "x@other.example", signed("virgola.example") + MAIL,
                name -> name.endsWith("_domainkey.virgola.example"));
        assertThat(key.disposition()).isEqualTo(new Disposition.Inbox());
    }

    @Test
    void whoseReverseZoneIsLameKeepsItsProof() {
        Checking.Checked checked =
                late("192.0.2.7", "bruno@virgola.example", MAIL, PeerChecksTest::reverse);
        assertThat(new String(checked.field(), UTF_8)).contains("dmarc=pass", "iprev=temperror");
        assertThat(checked.proof()).isEqualTo(Proof.ALIGNED);
    }

    @Test
    void aDnsThatHangsCostsAMoment() {
        Checking.Checked checked = checks(hanging(_ -> true), Duration.ofMillis(100)).check(
                envelope("192.0.2.7", "ESMTP", null), Content.of(MAIL.getBytes(UTF_8)));
        assertThat(new String(checked.field(), UTF_8)).contains(
                "spf=temperror", "dmarc=temperror", "iprev=temperror");
        assertThat(checked.disposition()).isEqualTo(new Disposition.Inbox());
        assertThat(checked.proof()).isEqualTo(Proof.NONE);
        assertThat(text(checked)).isEqualTo(MAIL);
    }
}
