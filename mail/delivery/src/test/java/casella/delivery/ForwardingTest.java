package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Uid;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Forward;
import casella.directory.Password;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.message.envelope.Notify.On;
import casella.queue.LocalQueue;
import casella.queue.Outgoing;
import casella.queue.Proof;
import casella.queue.QueueLimits;
import casella.queue.RemoteQueue;
import casella.store.Mailbox;
import casella.store.Role;
import casella.testkit.TestStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that mail for an address that forwards gets to all it goes on to, once, under a sender that finds back.
final class ForwardingTest {
    @TempDir
    private Path folder;

    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Bulkhead cpu = new Bulkhead("test.forwarding", 2, 16);
    private final List<Successes.Success> told = new ArrayList<>();
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
        anna = add("anna");
        queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, Clock.system(), Metrics.none());
        delivery = new Delivery(directory, store.accounts(), Optional.of(queue), cpu, Clock.system(),
                Metrics.none())
                .forwards(new Srs(new byte[32], Clock.system()))
                .tellsOfSuccess((_, _, delivered) -> told.addAll(delivered));
    }

    @AfterEach
    void close() {
        queue.close();
        directory.close();
        store.close();
        cpu.close();
    }

    private AccountId add(String name) {
        var wanted = new Registrar.NewAccount(
                name + "@a.example", null, "", null, Password.either("segreto-12345"), List.of(), null);
        if (directory.registrar().add(wanted)
                instanceof casella.directory.Answer.Done<casella.directory.Account>(var made)) {
            store.accounts().create(made.id(), TestStore.MAILBOXES);
            return made.id();
        }
        throw new AssertionError("not entered");
    }

    private void forward(String address, boolean keeps, String... to) {
        assertThat(directory.registrar().putForward(new Forward(address, List.of(to), keeps)))
                .isInstanceOf(casella.directory.Answer.Done.class);
    }

    private List<String> deliver(String sender, String... addresses) throws Exception {
        return deliver(sender, Notify.UNSAID, addresses);
    }

    private List<String> deliver(String sender, Notify wants, String... addresses) throws Exception {
        var trace = new Trace("mail.b.example", InetAddress.getByName("192.0.2.7"), "mx.a.example", "ESMTPS",
                "5k-1",
                Instant.parse("2026-11-22T12:00:00Z"), false);
        List<Recipient> to = Arrays.stream(addresses).map(this::admitted).map(one -> one.with(wants))
                .toList();
        return delivery.deliver(new Envelope(sender, to, MailOptions.NONE, null, trace),
                Content.of("Subject: x\r\n\r\nx".getBytes(UTF_8))).stream().map(DeliveryOutcome::label)
                        .toList();
    }

    private Recipient admitted(String address) {
        if (delivery.admit(address, 0) instanceof Admission.Admitted(var recipient)) return recipient;
        throw new AssertionError(address + ": " + delivery.admit(address, 0));
    }

    private List<Outgoing> outgoing() {
        return queue.remote().list(new RemoteQueue.Which.All(), null, 100);
    }

    private List<String> going() {
        return outgoing().stream().map(one -> one.item().address()).sorted().toList();
    }

    private int in(AccountId id, Role role) {
        return store.accounts().open(id).read(view -> {
            Mailbox box = view.mailbox(role);
            return box == null ? 0 : view.placements(box.id(), new Uid(1), 100).size();
        });
    }

    @Test
    void itGoesOnUnderASenderThatFindsBack() throws Exception {
        forward("info@a.example", false, "dora@c.example");
        assertThat(deliver("bruno@b.example", "info@a.example")).containsExactly("queued");
        Outgoing one = outgoing().getFirst();
        assertThat(one.item().address()).isEqualTo("dora@c.example");
        assertThat(one.sender()).startsWith("SRS0=").endsWith("=b.example=bruno@a.example");
        String mail = new String(queue.remote().message(one).content(), UTF_8);
        assertThat(mail).startsWith("Received: ").doesNotContain("Return-Path").endsWith("\r\n\r\nx");

        // A report that comes back goes to whom it is for.
        assertThat(deliver("", one.sender())).containsExactly("queued");
        assertThat(going()).containsExactly("bruno@b.example", "dora@c.example");
        assertThat(outgoing()).filteredOn(back -> back.item().address().startsWith("bruno"))
                .allMatch(back -> back.sender().isEmpty());
        assertThat(delivery.admit(one.sender().replace("bruno", "carlo"), 0))
                .isInstanceOf(DeliveryOutcome.NoSuchRecipient.class);
    }

    @Test
    void aReportOfOursFindsBackToo() throws Exception {
        forward("info@a.example", false, "dora@c.example");
        deliver("bruno@b.example", "info@a.example");
        var trace = new Trace("mx.a.example", InetAddress.getLoopbackAddress(), "mx.a.example", "ESMTP",
                "5k-2",
                Instant.parse("2026-11-22T12:00:00Z"), true);
        delivery.report(outgoing().getFirst().sender(), new ArrivalId(1_795_000_000_000L, 7), trace,
                "Subject: no".getBytes(UTF_8));
        assertThat(going()).containsExactly("bruno@b.example", "dora@c.example");
    }

    @Test
    void theSenderOfOursStaysWhoHeIs() throws Exception {
        forward("info@a.example", false, "dora@c.example");
        deliver("anna@a.example", "info@a.example");
        assertThat(outgoing().getFirst().sender()).isEqualTo("anna@a.example");
    }

    @Test
    void aCopyStays() throws Exception {
        forward("anna@a.example", true, "dora@c.example", "elsa@c.example");
        assertThat(deliver("bruno@b.example", "anna+x@a.example")).containsExactly("kept");
        assertThat(in(anna, Role.INBOX)).isEqualTo(1);
        assertThat(going()).containsExactly("dora@c.example", "elsa@c.example");
    }

    @Test
    void aCatchAllGoesToWhomItWasGiven() throws Exception {
        forward("@a.example", false, "anna@a.example");
        assertThat(deliver("bruno@b.example", "whoever@a.example", "anna@a.example")).containsExactly("kept",
                "kept");
        assertThat(in(anna, Role.INBOX)).as("once").isEqualTo(1);
    }

    @Test
    void circlesEndAndWhoIsNamedTwiceGetsItOnce() throws Exception {
        forward("one@a.example", false, "two@a.example", "dora@c.example");
        forward("two@a.example", false, "one@a.example", "anna@a.example", "dora@c.example");
        assertThat(deliver("bruno@b.example", "one@a.example", "two@a.example")).isSubsetOf("kept", "queued");
        assertThat(in(anna, Role.INBOX)).isEqualTo(1);
        assertThat(going()).containsExactly("dora@c.example");
        forward("three@a.example", false, "three-b@a.example");
        forward("three-b@a.example", false, "three@a.example");
        assertThat(delivery.admit("three@a.example", 0)).isInstanceOf(DeliveryOutcome.NoSuchRecipient.class);
    }

    @Test
    void whoseMailboxIsFullIsToldBeforeAnythingGoesOn() throws Exception {
        forward("anna@a.example", true, "dora@c.example");
        assertThat(delivery.admit("anna@a.example", 2L << 30)).isInstanceOf(DeliveryOutcome.OverQuota.class);
    }

    @Test
    void junkIsKeptAndNotPassedOn() throws Exception {
        forward("anna@a.example", true, "dora@c.example");
        forward("info@a.example", false, "dora@c.example");
        delivery.checks((_, mail) -> new Checking.Checked(mail, new byte[0], Proof.NONE,
                new Disposition.Junk("x")));
        assertThat(deliver("bruno@b.example", "anna@a.example")).containsExactly("kept");
        assertThat(in(anna, Role.JUNK)).isEqualTo(1);
        assertThat(going()).isEmpty();
        assertThat(deliver("bruno@b.example", "info@a.example")).as("nobody here keeps it")
                .containsExactly("queued");
        assertThat(going()).containsExactly("dora@c.example");
    }

    @Test
    void oneThatGoesRoundEndsAtTheAddressThatPassedItOn() throws Exception {
        forward("info@a.example", false, "dora@c.example");
        deliver("bruno@b.example", "info@a.example");
        byte[] mail = queue.remote().message(outgoing().getFirst()).content();
        assertThat(new String(mail, UTF_8)).containsPattern("X-Casella-Passed-On: [0-9a-z]{12}\r\n")
                ;
        assertThat(carried(mail, "info@a.example")).as("all have it").containsExactly("queued");
        assertThat(going()).containsExactly("dora@c.example");
        forward("anna@a.example", true, "elsa@c.example");
        assertThat(carried(mail, "anna@a.example")).as("another address passes it on")
                .containsExactly("kept");
        assertThat(going()).containsExactly("dora@c.example", "elsa@c.example");
    }

    private List<String> carried(byte[] mail, String to) throws Exception {
        var trace = new Trace("mail.c.example", InetAddress.getByName("192.0.2.8"), "mx.a.example", "ESMTPS",
                "5k-3",
                Instant.parse("2026-11-22T12:00:00Z"), false);
        return delivery.deliver(new Envelope("dora@c.example", List.of(admitted(to)), trace),
                Content.of(mail)).stream()
                .map(DeliveryOutcome::label).toList();
    }

    @Test
    void aQuotedSenderIsNobodys() throws Exception {
        forward("info@a.example", false, "dora@c.example");
        deliver("\"a b\"@b.example", "info@a.example");
        assertThat(outgoing().getFirst().sender()).isEmpty();
    }

    @Test
    void whatGoesToTooManyIsToldAndNotLeftOut() {
        for (int i = 0; i < 3; i++) {
            int part = i;
            forward("part" + i + "@a.example", false, java.util.stream.IntStream.range(0, 50)
                    .mapToObj(j -> "p" + part + "-" + j + "@c.example").toArray(String[]::new));
        }
        forward("all@a.example", false, "part0@a.example", "part1@a.example", "part2@a.example");
        assertThat(delivery.admit("all@a.example", 0)).isInstanceOf(DeliveryOutcome.TryLater.class);
    }

    @Test
    void onlyWhoIsProvenHearsOfSuccess() throws Exception {
        var success = new Notify(Set.of(On.SUCCESS), false, "");
        delivery.checks((_, mail) -> new Checking.Checked(mail, new byte[0], Proof.NONE,
                new Disposition.Inbox()));
        deliver("victim@b.example", success, "anna@a.example");
        delivery.checks((_, mail) -> new Checking.Checked(mail, new byte[0], Proof.ALIGNED,
                new Disposition.Junk("x")));
        deliver("victim@b.example", success, "anna@a.example");
        assertThat(told).isEmpty();
        delivery.checks((_, mail) -> new Checking.Checked(mail, new byte[0], Proof.ALIGNED,
                new Disposition.Inbox()));
        deliver("bruno@b.example", success, "anna@a.example");
        assertThat(told).hasSize(1);
        delivery.tellsOfSuccess((_, _, _) -> {
            throw new IllegalStateException("a mistake of ours");
        });
        assertThat(deliver("bruno@b.example", success, "anna@a.example")).as("it is delivered all the same")
                .containsExactly("kept");
    }

    @Test
    void addressesThatFindBackAreToldApart() {
        assertThat(delivery.isWayBack("SRS0=x=y=b.example=c@a.example")).isTrue();
        assertThat(delivery.isWayBack("SRS0=x=y=b.example=c@b.example")).as("another's").isFalse();
        assertThat(delivery.isWayBack("anna@a.example")).isFalse();
        assertThat(delivery.isWayBack("anna")).isFalse();
    }

    @Test
    void sendersHearOfSuccessAsTheyAsked() throws Exception {
        var success = new Notify(Set.of(On.SUCCESS, On.FAILURE), false, "");
        deliver("bruno@b.example", success, "anna@a.example");
        assertThat(told).extracting(one -> one.recipient().address() + " " + one.expanded())
                .containsExactly("anna@a.example false");
        told.clear();
        deliver("bruno@b.example", "anna@a.example");
        deliver("", success, "anna@a.example");
        assertThat(told).isEmpty();
        forward("info@a.example", false, "dora@c.example");
        deliver("bruno@b.example", success, "info@a.example");
        assertThat(told).as("the next server tells").isEmpty();
        assertThat(outgoing().getFirst().item().dsn()).isEqualTo(success);
        forward("anna@a.example", true, "elsa@c.example");
        deliver("bruno@b.example", success, "anna@a.example");
        assertThat(told).extracting(one -> one.recipient().address() + " " + one.expanded())
                .containsExactly("anna@a.example true");
        assertThat(outgoing()).filteredOn(one -> one.item().address().startsWith("elsa"))
                .allMatch(one -> one.item().dsn().equals(new Notify(Set.of(On.FAILURE), false, "")));
    }
}
