package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.Face;
import casella.directory.Identity;
import casella.directory.Plan;
import casella.directory.Resolution;
import casella.engine.memory.MemoryEngine;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.testkit.TestStore;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A message reaches each account once, with its trace fields, and every recipient has an outcome.
class DeliveryTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Bulkhead cpu = new Bulkhead("test.delivery", 2, 16);
    private final Delivery delivery = new Delivery(new Book(), store.accounts(), cpu, Clock.system(),
            Metrics.none());

    @BeforeEach
    void accounts() {
        // Account 2 has no view: whoever delivers to it must try later.
        for (long id : new long[] {1, 3}) make(id);
    }

    @AfterEach
    void close() {
        store.close();
        cpu.close();
    }

    private void make(long id) {
        store.accounts().create(new AccountId(id), TestStore.MAILBOXES);
    }

    private List<ArrivalId> emails(long id) {
        return store.accounts().open(new AccountId(id)).read(view -> view.emails(null, 100));
    }

    private String first(long id) {
        Account account = store.accounts().open(new AccountId(id));
        Email email = account.read(view -> view.email(view.emails(null, 1).getFirst()));
        if (email != null && account.body(email) instanceof Body.Present(var bytes)) return new String(bytes,
                UTF_8);
        throw new AssertionError("no body");
    }

    /// `n@a.example` is account n; `gone@` is disabled, `broken@` a fault.
    private static final class Book implements Directory {
        @Override
        public Resolution resolve(String address) {
            if (!address.endsWith("@a.example")) return new Resolution.NotOurs();
            String local = address.substring(0, address.indexOf('@'));
            if (local.equals("gone")) return new Resolution.Disabled(new AccountId(404));
            if (local.equals("broken")) throw new Fault.Unavailable("Directory away", Map.of());
            String[] parts = local.split("\\+", 2);
            if (!parts[0].matches("[0-9]+")) return new Resolution.Unknown();
            var account = new casella.directory.Account(
                    new AccountId(Long.parseLong(parts[0])),
                    parts[0] + "@a.example",
                    "a",
                    "free",
                    "",
                    casella.directory.Account.State.ACTIVE,
                    NOON,
                    null,
                    "it");
            return new Resolution.Local(account, Plan.FREE, account.address(), parts.length > 1 ? parts[1]
                    : "");
        }

        @Override
        public Optional<casella.directory.Account> account(AccountId id) {
            return Optional.empty();
        }

        @Override
        public Optional<Plan> plan(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Brand> brand(String name) {
            return Optional.empty();
        }

        @Override
        public List<Brand> brands() {
            return List.of();
        }

        @Override
        public Optional<Brand> brandOfHost(String host) {
            return Optional.empty();
        }

        @Override
        public boolean serves(String domain) {
            return domain.equals("a.example");
        }

        @Override
        public List<Identity> identities(AccountId id) {
            return List.of();
        }

        @Override
        public boolean maySendAs(AccountId account, String address) {
            return false;
        }

        @Override
        public Optional<Face> face(AccountId id) {
            return Optional.empty();
        }

        @Override
        public void keepFace(AccountId id, Face face) {}

        @Override
        public Condition condition() {
            return new Condition.Whole();
        }
    }

    private Recipient admitted(String address) {
        if (delivery.admit(address, 0) instanceof Admission.Admitted(var recipient)) return recipient;
        throw new AssertionError(address);
    }

    private Envelope envelope(String... addresses) throws Exception {
        var trace = new Trace(
                "mail.b.example", InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7}), "mx.a.example",
                        "ESMTPS", "5k-1",
                NOON, false);
        return new Envelope("b@b.example", Arrays.stream(addresses).map(this::admitted).toList(), trace);
    }

    private static Content content(String text) {
        return Content.of(text.getBytes(UTF_8));
    }

    private static List<String> labels(List<DeliveryOutcome> outcomes) {
        return outcomes.stream().map(DeliveryOutcome::label).toList();
    }

    @Test
    void traceFieldsStandBeforeWhatWasSent() throws Exception {
        var outcomes = delivery.deliver(envelope("1@a.example"), content("Subject: x\r\n\r\nhello\r\n"));

        assertThat(labels(outcomes)).containsExactly("kept");
        assertThat(first(1))
                .isEqualTo("""
                        Return-Path: <b@b.example>
                        Received: from mail.b.example ([192.0.2.7])
                        \tby mx.a.example with ESMTPS id 5k-1
                        \tfor <1@a.example>;
                        \tSun, 22 Nov 2026 12:00:00 +0000
                        Subject: x

                        hello
                        """.replace("\n", "\r\n"));
    }

    @Test
    void noRecipientLearnsOfAnother() throws Exception {
        delivery.deliver(envelope("1@a.example", "3@a.example"), content("\r\n"));

        for (long account : new long[] {1, 3}) {
            String stored = first(account);
            assertThat(stored).doesNotContain("@a.example").doesNotContain("for ");
        }
    }

    @Test
    void anOwnUsersMachineIsNotNamed() throws Exception {
        var trace = new Trace(
                "annas-laptop", InetAddress.getByName("2001:db8::7"), "mx.a.example", "ESMTPSA", "5k-1", NOON,
                        true);
        delivery.deliver(new Envelope("", List.of(admitted("1@a.example")), trace), content("\r\n"));

        assertThat(first(1))
                .startsWith("Return-Path: <>\r\nReceived: from mx.a.example (authenticated submission)\r\n")
                .doesNotContain("laptop")
                .doesNotContain("2001");
    }

    @Test
    void aStrangeNameOfAClientBecomesUnknown() throws Exception {
        var trace = new Trace("a;b)(", InetAddress.getByName("2001:db8::7"), "mx", "SMTP", "1-1", NOON,
                false);
        delivery.deliver(new Envelope("", List.of(admitted("1@a.example")), trace), content("\r\n"));

        assertThat(first(1))
                .contains("from unknown ([IPv6:2001:db8:0:0:0:0:0:7])");
    }

    @Test
    void nothingCanBeSmuggledIntoATraceField() throws Exception {
        Envelope good = envelope("1@a.example");
        assertThatThrownBy(() -> new Envelope("a\r\nX: y", good.recipients(), good.trace()))
                .hasMessage("sender: must have no control characters");
    }

    @Test
    void admissionSaysWhatTheDirectorySays() {
        assertThat(delivery.admit("1+shop@a.example", 0))
                .isEqualTo(new Admission.Admitted(
                        new Recipient.Local("1+shop@a.example", new AccountId(1), "shop",
                                Plan.FREE.quotaBytes())));
        assertThat(delivery.admit("nobody@a.example", 0)).isInstanceOf(DeliveryOutcome.NoSuchRecipient.class);
        assertThat(delivery.admit("gone@a.example", 0)).isInstanceOf(DeliveryOutcome.Disabled.class);
        assertThat(delivery.admit("x@other.example", 0)).isInstanceOf(Admission.NotOurs.class);
        assertThat(delivery.admit("broken@a.example", 0)).isInstanceOf(DeliveryOutcome.TryLater.class);
        assertThat(delivery.admit("1@a.example", Long.MAX_VALUE))
                .isInstanceOf(DeliveryOutcome.OverQuota.class);
    }

    @Test
    void whatIsKnownOfAnAccountsRoomGrowsWithItsMail() throws Exception {
        long quota = Plan.FREE.quotaBytes();
        assertThat(delivery.admit("1@a.example", 0)).isInstanceOf(Admission.Admitted.class);
        delivery.deliver(envelope("1@a.example"), content("x".repeat(100_000)));

        assertThat(delivery.admit("1@a.example", quota - 50_000))
                .isInstanceOf(DeliveryOutcome.OverQuota.class);
        assertThat(delivery.admit("1@a.example", quota - 200_000)).isInstanceOf(Admission.Admitted.class);
        assertThat(delivery.admit("1@a.example", quota / 2)).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void everyRecipientHasItsOutcomeInOrder() throws Exception {
        Envelope envelope = envelope("1@a.example", "2@a.example", "3@a.example");
        delivery.deliver(envelope("3@a.example"), content("x".repeat(3_000) + "\r\n"));
        store.quota(3_000);

        var outcomes = delivery.deliver(envelope, content("\r\n"));

        assertThat(labels(outcomes)).containsExactly("kept", "try-later", "over-quota");
    }

    @Test
    void twoAddressesOfOneAccountAreOneCopy() throws Exception {
        var outcomes = delivery.deliver(envelope("1@a.example", "1+x@a.example"), content("\r\n"));

        assertThat(labels(outcomes)).containsExactly("kept", "kept");
        assertThat(emails(1)).hasSize(1);
    }

    @Test
    void whoHasItAlreadyDoesNotGetItAgain() throws Exception {
        Envelope envelope = envelope("1@a.example", "2@a.example");
        var first = delivery.deliver(envelope, content("same\r\n"));
        make(2);
        var second = delivery.deliver(envelope, content("same\r\n"));

        assertThat(labels(first)).containsExactly("kept", "try-later");
        assertThat(labels(second)).containsExactly("kept", "kept");
        assertThat(second.getFirst()).isEqualTo(first.getFirst());
        assertThat(emails(1)).hasSize(1);
        assertThat(emails(2)).hasSize(1);
    }

    @Test
    void theSameBytesSentTwiceAreTwoMessages() throws Exception {
        Envelope envelope = envelope("1@a.example", "3@a.example");
        delivery.deliver(envelope, content("same\r\n"));
        delivery.deliver(envelope, content("same\r\n"));

        assertThat(emails(1)).hasSize(2);
    }

    @Test
    void otherBytesAfterAPartialFailureAreAnotherMessage() throws Exception {
        Envelope envelope = envelope("1@a.example", "2@a.example");
        delivery.deliver(envelope, content("same\r\n"));
        delivery.deliver(envelope, content("more\r\n"));

        assertThat(emails(1)).hasSize(2);
    }

    @Test
    void manyRecipientsAreServedSideBySide() throws Exception {
        for (long id = 1; id <= 1000; id++) make(id);
        String[] addresses = IntStream.rangeClosed(1, 1000).mapToObj(n -> n + "@a.example")
                .toArray(String[]::new);

        var outcomes = delivery.deliver(envelope(addresses), content("\r\n"));

        assertThat(outcomes).hasSize(1000).allMatch(DeliveryOutcome.Kept.class::isInstance);
        assertThat(emails(1000)).hasSize(1);
    }

    @Test
    void hopsAreCountedInTheHeaderOnly() {
        var hops = new Hops();
        byte[] header = ("RECEIVED: a\r\n".repeat(100) + "X-Received: b\r\n Received: c\r\n").getBytes(UTF_8);
        hops.see(header, 0, header.length);
        assertThat(hops.tooMany()).isFalse();

        byte[] body = "\r\nReceived: d\r\n".getBytes(UTF_8);
        hops.see(body, 0, body.length);
        assertThat(hops.tooMany()).isFalse();

        var more = new Hops();
        for (byte b : "Received: a\r\n".repeat(101).getBytes(UTF_8)) more.see(new byte[] {b}, 0, 1);
        assertThat(more.tooMany()).isTrue();
    }

    @Test
    void anEnvelopeHasARecipient() throws Exception {
        Trace trace = envelope("1@a.example").trace();
        assertThatThrownBy(() -> new Envelope("", new ArrayList<>(), trace))
                .hasMessage("recipients: must be 1 or more");
    }
}
