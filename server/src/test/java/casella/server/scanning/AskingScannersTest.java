package casella.server.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Metrics;
import casella.delivery.Disposition;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Scanning.Scan;
import casella.delivery.Scanning.Unscanned;
import casella.delivery.Trace;
import casella.message.envelope.MailOptions;
import casella.scanning.Scanners;
import casella.scanning.Verdict;
import casella.testkit.SteppedClock;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Proves what becomes of mail by what scanners say of it, and that no mail waits longer for them than it may.
@Timeout(120)
final class AskingScannersTest {
    private static final byte[] MAIL = "Subject: x\r\n\r\nx\r\n".getBytes(US_ASCII);

    @TempDir
    private Path folder;

    private final ScannerByCommand rspamd = new ScannerByCommand("rspamd");
    private final ScannerByCommand clamd = new ScannerByCommand("clamd");
    private final AtomicInteger news = new AtomicInteger();
    private ScanList list;

    @BeforeEach
    void open() {
        list = ScanList.open(folder, new SteppedClock());
    }

    @AfterEach
    void close() {
        list.close();
    }

    private AskingScanners asking(Duration time, boolean refuseMalware, boolean submissions) {
        var scanners = new Scanners(List.of(rspamd, clamd), time, 1 << 20, Clock.system(), Metrics.none());
        return new AskingScanners(scanners, list, news::incrementAndGet, refuseMalware, submissions);
    }

    private AskingScanners asking() {
        return asking(Duration.ofSeconds(60), true, true);
    }

    private static Envelope envelope(@Nullable AccountId account) throws Exception {
        var trace = new Trace("mail.virgola.example", InetAddress.getByName("192.0.2.7"), "mx.posta.example",
                "ESMTPS",
                "5k-1", Instant.EPOCH, account != null);
        var anna = new Recipient.Local("anna@posta.example", new AccountId(7), "", 1 << 20);
        return new Envelope("bruno@virgola.example", List.of(anna), MailOptions.NONE, account, trace);
    }

    private static Disposition disposition(Scan scan) {
        return ((Scan.Done) scan).disposition();
    }

    private static String word(Scan scan) {
        return disposition(scan).word();
    }

    @Test
    void whatTheySayDecides() throws Exception {
        assertThat(word(asking().scan(envelope(null), MAIL, () -> false))).isEqualTo("inbox");
        rspamd.verdict = new Verdict.Junk("add header 7");
        assertThat(word(asking().scan(envelope(null), MAIL, () -> false))).isEqualTo("junk (add header 7)");
        rspamd.verdict = new Verdict.Spam("reject 15");
        assertThat(word(asking().scan(envelope(null), MAIL, () -> false))).isEqualTo("refuse (550 5.7.1)");
        rspamd.verdict = new Verdict.Clean();
        clamd.verdict = new Verdict.Malware("X");
        assertThat(disposition(asking().scan(envelope(null), MAIL, () -> false)))
                .isEqualTo(new Disposition.Refuse(550, "5.7.1", "Malware was found in this message"));
        assertThat(word(asking(Duration.ofSeconds(60), false, true).scan(envelope(null), MAIL, () -> false)))
                .isEqualTo("junk (malware X)");
        assertThat(rspamd.asked.getFirst().peer()).isEqualTo("192.0.2.7");
        assertThat(rspamd.asked.getFirst().recipients()).containsExactly("anna@posta.example");
    }

    @Test
    void ofOwnMailOnlyWhetherItIsMalwareIsAskedIfAnything() throws Exception {
        rspamd.verdict = new Verdict.Spam("reject 15");
        clamd.verdict = new Verdict.Malware("X");
        var carlo = new AccountId(8);
        assertThat(word(asking(Duration.ofSeconds(60), true, false).scan(envelope(carlo), MAIL, () -> false)))
                .isEqualTo("inbox");
        assertThat(word(asking().scan(envelope(carlo), MAIL, () -> false))).isEqualTo("refuse (550 5.7.1)");
        assertThat(rspamd.asked).isEmpty();
        assertThat(clamd.asked).singleElement().satisfies(letter -> assertThat(letter.peer()).isEmpty());
    }

    @Test
    void ofWhomNothingIsHeardIsAskedLater() throws Exception {
        clamd.away = true;
        var asking = asking();
        assertThat(asking.scan(envelope(null), MAIL, () -> false)).isInstanceOf(Scan.NotYet.class);
        rspamd.verdict = new Verdict.Junk("add header 7");
        assertThat(word(asking.scan(envelope(null), MAIL, () -> false))).as("Junk is Junk")
                .startsWith("junk");
        asking.later(List.of(new Unscanned(new AccountId(7), new ArrivalId(1, 1))));
        assertThat(list.due(10)).hasSize(1);
        assertThat(news).hasValue(1);
    }

    @Test
    void urgentMailDoesNotWaitForOneThatHangs() throws Exception {
        rspamd.hangs = true;
        long start = System.nanoTime();
        Scan scan = asking().scan(envelope(null), MAIL, () -> true);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(scan).isInstanceOf(Scan.NotYet.class);
        assertThat(rspamd.hanging.getCount()).as("it hangs still").isEqualTo(1);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        rspamd.hanging.countDown();
    }

    @Test
    void otherMailWaitsAsLongAsItMayAndNoLonger() throws Exception {
        rspamd.hangs = true;
        var time = Duration.ofMillis(1_500);
        long start = System.nanoTime();
        assertThat(asking(time, true, true).scan(envelope(null), MAIL, () -> false))
                .isInstanceOf(Scan.NotYet.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(time, time.multipliedBy(5));
    }

    @Test
    void urgentMailIsRefusedAsAnyOtherWhereAllAnswer() throws Exception {
        clamd.verdict = new Verdict.Malware("X");
        assertThat(word(asking().scan(envelope(null), MAIL, () -> true))).isEqualTo("refuse (550 5.7.1)");
    }
}
