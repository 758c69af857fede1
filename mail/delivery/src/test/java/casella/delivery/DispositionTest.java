package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Face;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.queue.Drain;
import casella.queue.LocalQueue;
import casella.queue.Proof;
import casella.queue.QueueLimits;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Role;
import casella.testkit.TestStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that mail goes where whoever looked at it says: to Junk, also by way of the queue, or to nobody; and that what could
/// not be looked into is noted before it is filed.
final class DispositionTest {
    private static final Disposition.Refuse HARM = new Disposition.Refuse(554, "5.7.1", "It does harm");

    @TempDir
    private Path folder;

    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Bulkhead cpu = new Bulkhead("test.disposition", 2, 16);
    private SqliteDirectory directory;
    private LocalQueue queue;
    private Delivery delivery;
    private AccountId anna;

    @BeforeEach
    void open() {
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        directory.registrar().putBrand(new Brand("a", "A", List.of(), "#000000", List.of("it")));
        directory.registrar().addDomain("a", "a.example");
        var wanted = new Registrar.NewAccount(
                "anna@a.example", null, "", null, Password.either("segreto-12345"), List.of(), null);
        if (!(directory.registrar().add(wanted)
                instanceof casella.directory.Answer.Done<casella.directory.Account>(var made))) {
            throw new AssertionError("not entered");
        }
        anna = made.id();
        store.accounts().create(anna, TestStore.MAILBOXES);
        queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, Clock.system(), Metrics.none());
        delivery = new Delivery(directory, store.accounts(), Optional.of(queue), cpu, Clock.system(),
                Metrics.none());
    }

    @AfterEach
    void close() {
        queue.close();
        directory.close();
        store.close();
        cpu.close();
    }

    private List<DeliveryOutcome> deliver(String text) throws Exception {
        var trace = new Trace("mail.b.example", InetAddress.getByName("192.0.2.7"), "mx.a.example", "ESMTPS",
                "5k-1",
                Instant.parse("2026-11-22T12:00:00Z"), false);
        var envelope = new Envelope(
                "b@b.example", List.of(new Recipient.Local("anna@a.example", anna, "", 1 << 30)), trace);
        return delivery.deliver(envelope, Content.of(text.getBytes(UTF_8)));
    }

    private void found(Disposition disposition) {
        delivery.checks((_, mail) -> new Checking.Checked(mail, new byte[0], Proof.NONE, disposition));
    }

    private int in(Role role) {
        return store.accounts().open(anna).read(view -> {
            Mailbox box = view.mailbox(role);
            return box == null ? 0 : view.placements(box.id(), new casella.base.Uid(1), 100).size();
        });
    }

    private static List<String> labels(List<DeliveryOutcome> outcomes) {
        return outcomes.stream().map(DeliveryOutcome::label).toList();
    }

    @Test
    void junkGoesToJunk() throws Exception {
        found(new Disposition.Junk("dmarc"));
        assertThat(labels(deliver("Subject: x\r\n\r\nx"))).containsExactly("kept");
        assertThat(in(Role.JUNK)).isEqualTo(1);
        assertThat(in(Role.INBOX)).isZero();
    }

    @Test
    void whoHasNoJunkGetsItInTheInbox() throws Exception {
        Account account = store.accounts().open(anna);
        Mailbox junk = account.read(view -> view.mailbox(Role.JUNK));
        assertThat(account.deleteMailbox(junk.id(), true))
                .isInstanceOf(casella.store.Outcome.MailboxGone.class);
        found(new Disposition.Junk("dmarc"));
        assertThat(labels(deliver("Subject: x\r\n\r\nx"))).containsExactly("kept");
        assertThat(in(Role.INBOX)).isEqualTo(1);
    }

    @Test
    void junkThatWaitedGoesToJunk() throws Exception {
        Mailbox junk = store.accounts().open(anna).read(view -> view.mailbox(Role.JUNK));
        directory.keepFace(anna, new Face(
                List.of(new Face.Folder(junk.id(), "Junk", 1, "junk", true, 5)), "", 1 << 30));
        found(new Disposition.Junk("dmarc"));
        delivery.holds(anna::equals);
        assertThat(labels(deliver("Subject: x\r\n\r\nx"))).containsExactly("queued");
        try (var drain = new Drain(queue, new AccountFiling(directory, store.accounts()), () -> true, cpu,
                Clock.system(), Metrics.none())) {
            drain.start();
            drain.back();
            until(() -> queue.figures().total() == 0);
        }
        assertThat(in(Role.JUNK)).isEqualTo(1);
        assertThat(in(Role.INBOX)).isZero();
    }

    private static void until(BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void whatIsRefusedNobodyGets() throws Exception {
        found(HARM);
        assertThat(deliver("Subject: x\r\n\r\nx")).containsExactly(new DeliveryOutcome.Refused(HARM));
        assertThat(in(Role.INBOX) + in(Role.JUNK)).isZero();
        assertThat(queue.figures().total()).isZero();
    }

    /// What a scanner says, whether it was asked, and what it was told to look into later.
    private static final class Scanner implements Scanning {
        Scan says = new Scan.NotYet();
        int asked;
        boolean urgent;
        final List<Unscanned> left = new ArrayList<>();

        @Override
        public Scan scan(Envelope envelope, byte[] mail, BooleanSupplier asks) {
            asked++;
            urgent = asks.getAsBoolean();
            return says;
        }

        @Override
        public void later(List<Unscanned> mail) {
            left.addAll(mail);
        }
    }

    @Test
    void theSternerOfTwoHolds() throws Exception {
        var scanner = new Scanner();
        delivery.scans(scanner);
        scanner.says = new Scanning.Scan.Done(new Disposition.Junk("score"));
        deliver("Subject: x\r\n\r\nx");
        assertThat(in(Role.JUNK)).isEqualTo(1);
        scanner.says = new Scanning.Scan.Done(HARM);
        assertThat(labels(deliver("Subject: x\r\n\r\nx"))).containsExactly("refused");
        scanner.says = new Scanning.Scan.Done(new Disposition.Inbox());
        found(new Disposition.Junk("dmarc"));
        deliver("Subject: x\r\n\r\ny");
        assertThat(in(Role.JUNK)).isEqualTo(2);
        found(HARM);
        int before = scanner.asked;
        assertThat(labels(deliver("Subject: x\r\n\r\nz"))).containsExactly("refused");
        assertThat(scanner.asked).as("nobody need look into what nobody gets").isEqualTo(before);
    }

    @Test
    void whatWasNotLookedIntoIsNoted() throws Exception {
        var scanner = new Scanner();
        delivery.scans(scanner);
        deliver("Subject: x\r\n\r\nx");
        List<casella.base.ArrivalId> filed = store.accounts().open(anna).read(view -> view.emails(null, 10));
        assertThat(scanner.left).containsExactly(new Scanning.Unscanned(anna, filed.getFirst()));
        assertThat(scanner.urgent).isFalse();
        delivery.checks((_, mail) -> new Checking.Checked(
                mail, new byte[0], Proof.ALIGNED, new Disposition.Inbox()));
        deliver("From: noreply@b.example\r\nSubject: Il tuo codice di accesso\r\n\r\nIl tuo codice di verifica: 482913\r\n");
        assertThat(scanner.urgent).isTrue();
    }
}
