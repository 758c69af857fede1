package casella.server.scanning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.delivery.Scanning.Unscanned;
import casella.engine.memory.MemoryEngine;
import casella.scanning.Scanners;
import casella.scanning.Verdict;
import casella.store.Account;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Role;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what becomes of mail that was taken before it could be scanned.
final class LaterScansTest {
    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final ScannerByCommand rspamd = new ScannerByCommand("rspamd");
    private final ScannerByCommand clamd = new ScannerByCommand("clamd");
    private final Scanners scanners =
            new Scanners(List.of(rspamd, clamd), Duration.ofSeconds(5), 1 << 20, Clock.system(),
                    Metrics.none());
    private final Set<ArrivalId> queued = new HashSet<>();
    private TestStore store;
    private ScanList list;
    private LaterScans later;
    private Account anna;

    @BeforeEach
    void open() {
        store = TestStore.over(new MemoryEngine());
        anna = store.account();
        list = ScanList.open(folder, clock);
        later = new LaterScans(scanners, list, store.accounts(), queued::contains, clock, Metrics.none());
    }

    @AfterEach
    void close() {
        later.close();
        list.close();
        store.close();
    }

    private static final String TRACE = """
            Return-Path: <bruno@virgola.example>\r
            Authentication-Results: mx.posta.example; none\r
            Received: from mail.virgola.example ([192.0.2.7])\r
            \tby mx.posta.example with ESMTPS id 5k-1\r
            \tfor <anna@posta.example>;\r
            \tSun, 22 Nov 2026 10:15:00 +0000\r
            """;

    private ArrivalId noted() {
        ArrivalId arrival = store.accounts().nextArrival();
        list.keep(List.of(new Unscanned(anna.id(), arrival)));
        return arrival;
    }

    private void file(ArrivalId arrival, String trace) {
        byte[] mail = (trace + "Subject: x\r\n\r\nx\r\n").getBytes(US_ASCII);
        var _ = anna.add(arrival, NewEmail.delivery(mail, Instant.EPOCH, "bruno@virgola.example",
                "anna@posta.example"));
    }

    private ArrivalId taken() {
        ArrivalId arrival = noted();
        file(arrival, TRACE);
        return arrival;
    }

    /// Where a mail is, and how it is marked.
    private String place(ArrivalId arrival) {
        return anna.read(view -> {
            Email email = view.email(arrival);
            if (email == null) return "nowhere";
            var said = new StringBuilder();
            for (Email.Place place : email.places()) {
                said.append(Objects.requireNonNull(view.mailbox(place.mailbox())).name())
                        .append(view.keywords(email));
            }
            return said.toString();
        });
    }

    private Mailbox mailbox(Role role) {
        return anna.read(view -> view.mailbox(role));
    }

    @Test
    void whatIsCleanStaysAndIsAskedAboutOnce() {
        ArrivalId arrival = taken();
        assertThat(later.step()).isFalse();
        later.step();
        assertThat(place(arrival)).isEqualTo("INBOX[]");
        assertThat(rspamd.asked).singleElement().satisfies(letter -> {
            assertThat(letter.peer()).isEqualTo("192.0.2.7");
            assertThat(letter.helo()).isEqualTo("mail.virgola.example");
            assertThat(letter.sender()).isEqualTo("bruno@virgola.example");
            assertThat(letter.recipients()).containsExactly("anna@posta.example");
            assertThat(new String(letter.bytes(), US_ASCII)).startsWith(TRACE);
        });
        assertThat(clamd.asked).hasSize(1);
        assertThat(list.count()).isZero();
    }

    @Test
    void spamGoesToJunkAndMalwareIsMarked() {
        rspamd.verdict = new Verdict.Spam("reject 15");
        ArrivalId spam = taken();
        later.step();
        assertThat(place(spam)).isEqualTo("Junk[]");
        clamd.verdict = new Verdict.Malware("Casella.Eicar");
        ArrivalId malware = taken();
        later.step();
        assertThat(place(malware)).isEqualTo("Junk[$malware]");
        assertThat(list.count()).isZero();
    }

    @Test
    void whatItsOwnerMovedStaysWhereItIs() {
        rspamd.verdict = new Verdict.Junk("add header 7");
        ArrivalId arrival = taken();
        anna.editEmail(arrival, new Account.EmailEdit(
                List.of(mailbox(Role.ARCHIVE).id()), List.of(mailbox(Role.INBOX).id()),
                new Keywords.Edit.Add(Keywords.NONE)));
        later.step();
        assertThat(place(arrival)).isEqualTo("Archive[]");
        assertThat(list.count()).isZero();
    }

    @Test
    void whileAScannerIsDownNothingIsLostAndItIsAskedWhenItIsBack() {
        rspamd.away = true;
        rspamd.verdict = new Verdict.Junk("add header 7");
        ArrivalId arrival = taken();
        for (int i = 0; i < 10; i++) {
            later.step();
            clock.step(Duration.ofMinutes(20));
        }
        assertThat(place(arrival)).isEqualTo("INBOX[]");
        assertThat(list.oldest()).isEqualTo(Duration.ofMinutes(200));
        rspamd.away = false;
        later.step();
        assertThat(place(arrival)).isEqualTo("Junk[]");
        assertThat(list.count()).isZero();
    }

    @Test
    void oneOfWhichAScannerNeverSaysAnythingIsGivenUp() {
        rspamd.silentAbout = letter -> !letter.sender().isEmpty(); // it answers the probe
        ArrivalId arrival = taken();
        for (int i = 0; i < 20; i++) {
            later.step();
            clock.step(Duration.ofMinutes(20));
        }
        assertThat(list.count()).isEqualTo(1);
        for (int i = 0; i < 20; i++) {
            later.step();
            clock.step(Duration.ofMinutes(20));
        }
        assertThat(place(arrival)).isEqualTo("INBOX[]");
        assertThat(list.count()).isZero();
    }

    @Test
    void mailThatWaitsInTheQueueIsScannedWhenItIsFiled() {
        rspamd.verdict = new Verdict.Junk("add header 7");
        ArrivalId arrival = noted();
        queued.add(arrival);
        for (int i = 0; i < 10; i++) {
            later.step();
            clock.step(Duration.ofMinutes(20));
        }
        assertThat(list.count()).isEqualTo(1);
        queued.clear();
        file(arrival, TRACE);
        later.step();
        assertThat(place(arrival)).isEqualTo("Junk[]");
    }

    @Test
    void mailThatWasNotTakenInTheEndIsLookedForAWhile() {
        noted();
        later.step();
        assertThat(list.count()).isEqualTo(1);
        clock.step(Duration.ofMinutes(11));
        later.step();
        assertThat(list.count()).isZero();
    }

    @Test
    void anAccountThatIsAwayIsTriedAgain() {
        rspamd.verdict = new Verdict.Junk("add header 7");
        ArrivalId arrival = taken();
        store.engine().reads(new Trouble.Failing(() -> new Fault.Unavailable("Away by command of a test",
                Map.of())));
        for (int i = 0; i < 5; i++) {
            later.step();
            clock.step(Duration.ofMinutes(20));
        }
        assertThat(list.count()).isEqualTo(1);
        store.engine().heal();
        later.step();
        assertThat(place(arrival)).isEqualTo("Junk[]");
    }

    @Test
    void ofOwnersMailOnlyWhetherItIsMalwareIsAsked() {
        ArrivalId arrival = noted();
        file(arrival, """
                Return-Path: <carlo@posta.example>\r
                Received: from mx.posta.example (authenticated submission)\r
                \tby mx.posta.example with ESMTPSA id 5k-1;\r
                \tSun, 22 Nov 2026 10:15:00 +0000\r
                """);
        later.step();
        assertThat(rspamd.asked).isEmpty();
        assertThat(clamd.asked).singleElement().satisfies(letter -> {
            assertThat(letter.peer()).isEmpty();
            assertThat(letter.user()).isEqualTo("carlo@posta.example");
        });
    }

    @Test
    void whatTheSenderWroteIsNotTakenForOurTrace() {
        ArrivalId arrival = noted();
        file(arrival, "Subject: y\r\n\r\nReceived: from liar.example ([192.0.2.99])\r\n\tby x;\r\n");
        later.step();
        assertThat(rspamd.asked).singleElement().satisfies(letter -> assertThat(letter.peer()).isEmpty());
    }
}
