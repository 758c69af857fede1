package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.queue.Drain;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.queue.LocalQueue;
import casella.queue.Outgoing;
import casella.queue.Priority;
import casella.queue.QueueLimits;
import casella.queue.RemoteQueue;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.testkit.MemoryJournal;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Proves that a message for accounts that cannot be written is queued and filed once, whatever became of the attempt
/// before: with engine and vaults away, hung, full, or reporting a failure of what they did.
final class QueuedDeliveryTest {
    @TempDir
    private Path folder;

    private TestStore store = TestStore.over(new MemoryEngine());
    private final Bulkhead cpu = new Bulkhead("test.delivery", 2, 16);
    private SqliteDirectory directory;
    private LocalQueue queue;
    private Delivery delivery;
    private Drain drain;
    private AccountId anna;
    private AccountId bruno;

    @BeforeEach
    void open() {
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        directory.registrar().putBrand(new casella.directory.Brand("a", "A", List.of(), "#000000",
                List.of("it")));
        directory.registrar().addDomain("a", "a.example");
        anna = add("anna");
        bruno = add("bruno");
        queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, Clock.system(), Metrics.none());
        delivery = new Delivery(directory, store.accounts(), Optional.of(queue), cpu, Clock.system(),
                Metrics.none());
        drain = new Drain(queue, new AccountFiling(directory, store.accounts()), () -> true, cpu,
                Clock.system(), Metrics.none());
    }

    private AccountId add(String name) {
        var wanted = new Registrar.NewAccount(name + "@a.example", null, "", null,
                Password.either("segreto-12345"), List.of(), null);
        if (directory.registrar()
                .add(wanted) instanceof casella.directory.Answer.Done<casella.directory.Account>(var made)) {
            store.accounts().create(made.id(), TestStore.MAILBOXES);
            return made.id();
        }
        throw new AssertionError("not entered: " + name);
    }

    @AfterEach
    void close() {
        drain.close();
        queue.close();
        directory.close();
        store.close();
        cpu.close();
    }

    private List<String> deliver(String text, String... names) throws Exception {
        var trace = new Trace(
                "mail.b.example", InetAddress.getByName("192.0.2.7"), "mx.a.example", "ESMTPS", "5k-1",
                Instant.parse("2026-11-22T12:00:00Z"), false);
        var recipients = new ArrayList<Recipient>();
        for (String name : names) {
            if (delivery.admit(name + "@a.example",
                    0) instanceof Admission.Admitted(var recipient)) recipients.add(recipient);
        }
        var outcomes = delivery.deliver(
                new Envelope("b@b.example", recipients, trace), Content.of(("Subject: x\r\n\r\n" + text)
                        .getBytes(UTF_8)));
        return outcomes.stream().map(DeliveryOutcome::label).toList();
    }

    private List<String> texts(AccountId id) {
        Account account = store.accounts().open(id);
        var texts = new ArrayList<String>();
        List<Email> emails = account.read(view -> view.emails(null, 100).stream().map(view::email).toList());
        for (Email email : emails) {
            if (account.body(email) instanceof Body.Present(var bytes)) {
                String text = new String(bytes, UTF_8);
                texts.add(text.substring(text.indexOf("\r\n\r\n") + 4));
            }
        }
        return texts;
    }

    private void drained() throws InterruptedException {
        drain.start();
        drain.back();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (queue.figures().total() > 0 && System.nanoTime() < end) {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
        assertThat(queue.figures().total()).isZero();
    }

    private List<String> submit(String text, String... addresses) throws Exception {
        var trace = new Trace(
                "localhost", InetAddress.getLoopbackAddress(), "mx.a.example", "ESMTPSA", "5k-2",
                Instant.parse("2026-11-22T12:00:00Z"), true);
        var recipients = new ArrayList<Recipient>();
        for (String address : addresses) {
            if (delivery.admit(address, 0,
                    anna) instanceof Admission.Admitted(var recipient)) recipients.add(recipient);
        }
        var envelope = new Envelope("anna@a.example", recipients, MailOptions.NONE, anna, trace);
        var content = Content.of(("Subject: x\r\n\r\n" + text).getBytes(UTF_8));
        return delivery.deliver(envelope, content).stream().map(DeliveryOutcome::label).toList();
    }

    private List<Outgoing> outgoing() {
        return queue.remote().list(new RemoteQueue.Which.All(), null, 100);
    }

    @Test
    void mailOfOursForElsewhereWaitsToBeSent() throws Exception {
        assertThat(submit("one", "x@b.example", "bruno@a.example", "y@c.example")).containsExactly("queued",
                "kept", "queued");
        assertThat(texts(bruno)).containsExactly("one");
        assertThat(outgoing()).extracting(one -> one.item().address()).containsExactly("x@b.example",
                "y@c.example");
        Outgoing one = outgoing().getFirst();
        assertThat(one.account()).isEqualTo(anna);
        // RFC 5321 §4.4: whoever delivers it writes Return-Path.
        assertThat(new String(queue.remote().message(one).content(), UTF_8))
                .startsWith("Received: from mx.a.example (authenticated submission)")
                .endsWith("Subject: x\r\n\r\none");
    }

    @Test
    void nobodyElseSendsToElsewhere() {
        assertThat(delivery.admit("x@b.example", 0)).isInstanceOf(Admission.NotOurs.class);
        assertThat(delivery.admit("x@", 0, anna)).isInstanceOf(Admission.NotOurs.class);
    }

    /// SMTP has one reply for all: it comes again, and must not be sent twice.
    @Test
    void nothingIsSentWhileARecipientHereFails() throws Exception {
        queue.close();
        // Nothing may wait for an account here.
        var limits = new QueueLimits(100, 1 << 20, 0, 1 << 20, 64 << 20, 0, Duration.ofSeconds(2));
        queue = LocalQueue.open(folder.resolve("queue"), limits, Clock.system(), Metrics.none());
        delivery = new Delivery(directory, store.accounts(), Optional.of(queue), cpu, Clock.system(),
                Metrics.none())
                .holds(bruno::equals);
        var remote = new Recipient.Remote("x@b.example", Notify.UNSAID);
        var local = (Recipient.Local) ((Admission.Admitted) delivery.admit("bruno@a.example", 0)).recipient();
        Fault.ENGINE_AWAY.begin(store);
        assertThat(outcomes(local, remote)).containsExactly("try-later", "try-later");
        assertThat(outgoing()).isEmpty();
        assertThat(outcomes(remote)).as("the queue takes it").containsExactly("queued");
        assertThat(outgoing()).hasSize(1);
    }

    private List<String> outcomes(Recipient... recipients) throws Exception {
        var trace = new Trace(
                "localhost", InetAddress.getLoopbackAddress(), "mx.a.example", "ESMTPSA", "5k-3",
                Instant.parse("2026-11-22T12:00:00Z"), true);
        return delivery.deliver(new Envelope("anna@a.example", List.of(recipients), trace),
                Content.of("\r\n".getBytes(UTF_8)))
                .stream().map(DeliveryOutcome::label).toList();
    }

    @Test
    void mailForWhoIsNotLetInYetWaitsAndIsFiledWhenHeIs() throws Exception {
        var out = ConcurrentHashMap.<AccountId>newKeySet();
        out.add(anna);
        delivery.holds(out::contains);
        drain.holds(out::contains);

        assertThat(deliver("one", "anna", "bruno")).containsExactly("queued", "kept");
        assertThat(texts(bruno)).containsExactly("one");
        assertThat(texts(anna)).isEmpty();

        out.clear();
        assertThat(deliver("two", "anna")).containsExactly("kept");
        drained();
        assertThat(texts(anna)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void whereTheQueueTakesNoMoreHeldMailIsFiledAtOnce() throws Exception {
        delivery.holds(anna::equals);
        queue.close();

        assertThat(deliver("one", "anna")).containsExactly("kept");
        assertThat(texts(anna)).containsExactly("one");
    }

    enum Fault {
        ENGINE_AWAY,
        ENGINE_DAMAGED,
        ENGINE_UNKNOWN,
        VAULTS_AWAY,
        VAULTS_FULL,
        VAULTS_UNKNOWN;

        void begin(TestStore store) {
            switch (this) {
                case ENGINE_AWAY -> store.engine().all(Trouble.unavailable());
                case ENGINE_DAMAGED -> store.engine().all(Trouble.corrupt());
                case ENGINE_UNKNOWN -> store.engine().writes(Trouble.unknownOutcome());
                case VAULTS_AWAY -> vaults(store, Trouble.unavailable());
                case VAULTS_FULL -> vaults(store, Trouble.full());
                case VAULTS_UNKNOWN -> vaults(store, Trouble.unknownOutcome());
            }
        }

        private static void vaults(TestStore store, Trouble trouble) {
            store.firstVault().all(trouble);
            store.secondVault().all(trouble);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whatCannotBeFiledNowIsQueuedAndFiledOnce(Fault fault) throws Exception {
        assertThat(deliver("before", "anna", "bruno")).containsExactly("kept", "kept");
        fault.begin(store);
        assertThat(deliver("one", "anna", "bruno")).containsExactly("queued", "queued");
        assertThat(deliver("two", "anna")).containsExactly("queued");
        store.engine().heal();
        store.firstVault().heal();
        store.secondVault().heal();

        drained();

        assertThat(texts(anna)).containsExactlyInAnyOrder("before", "one", "two");
        assertThat(texts(bruno)).containsExactlyInAnyOrder("before", "one");
    }

    @Test
    void whatAHungEngineDoesNotAnswerIsQueuedAndFiledOnce() throws Exception {
        store.close();
        store = TestStore.impatient(new MemoryEngine(), new MemoryJournal());
        for (AccountId id : List.of(anna, bruno)) store.accounts().create(id, TestStore.MAILBOXES);
        delivery = new Delivery(directory, store.accounts(), Optional.of(queue), cpu, Clock.system(),
                Metrics.none());
        drain = new Drain(
                queue, new AccountFiling(directory, store.accounts()), () -> true, cpu, Clock.system(),
                        Metrics.none());
        store.engine().all(Trouble.hung());
        assertThat(deliver("one", "anna", "bruno")).containsExactly("queued", "queued");
        assertThat(deliver("two", "anna")).containsExactly("queued");
        store.engine().heal();

        drained();

        assertThat(texts(anna)).containsExactlyInAnyOrder("one", "two");
        assertThat(texts(bruno)).containsExactly("one");
    }

    @Test
    void aFullAccountIsNotQueued() throws Exception {
        store.quota(1);
        assertThat(deliver("one", "anna")).containsExactly("over-quota");
        assertThat(queue.figures().total()).isZero();
    }

    @Test
    void aFaultWhileFilingIsTriedAgain() throws Exception {
        store.engine().all(Trouble.unavailable());
        assertThat(deliver("one", "anna")).containsExactly("queued");
        store.engine().heal();
        store.engine().writes(Trouble.unknownOutcome(), 1);

        drained();

        assertThat(texts(anna)).containsExactly("one");
    }

    @Test
    void bytesAreKeptOnceAndUrgentMailIsKnown() throws Exception {
        store.engine().all(Trouble.unavailable());
        deliver("x".repeat(50_000), "anna", "bruno");

        assertThat(queue.figures().total()).isEqualTo(2);
        assertThat(queue.figures().bytes()).isBetween(50_000L, 51_000L);
        assertThat(queue.figures().items()).containsEntry(Priority.PERSONAL, 2);
    }

    @Test
    void mailForAnAccountWipedMeanwhileEnds() throws Exception {
        store.engine().all(Trouble.unavailable());
        assertThat(deliver("one", "anna", "bruno")).containsExactly("queued", "queued");
        directory.registrar().wipe("anna@a.example");
        store.engine().heal();

        drained();

        assertThat(texts(anna)).isEmpty();
        assertThat(texts(bruno)).containsExactly("one");
    }

    @Test
    void aSenderThatTriesAgainDoesNotMakeASecondCopy() throws Exception {
        queue.close();
        store.engine().writes(Trouble.unknownOutcome(), 1);
        assertThat(deliver("one", "anna")).containsExactly("try-later");

        assertThat(deliver("one", "anna")).containsExactly("kept");
        assertThat(deliver("one", "anna")).containsExactly("kept");

        assertThat(texts(anna)).as("and the third is a message of its own").containsExactly("one", "one");
    }
}
