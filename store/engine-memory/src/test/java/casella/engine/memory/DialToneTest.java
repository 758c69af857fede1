package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Placement;
import casella.store.View;
import casella.store.continuation.Continuations;
import casella.store.continuation.DialTone;
import casella.store.standby.Claim;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import casella.testkit.WaitingMail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that an account whose engine and journal are away is continued, with folders closed and what waits
/// shown under UIDs that never change; that nothing shown is ever taken for filed; and that it comes back by
/// the engine or by the standby, whichever answers first.
final class DialToneTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final WaitingMail waiting = new WaitingMail();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final FaultyVault first = new FaultyVault(new MemoryVault("one"));
    private final FaultyVault second = new FaultyVault(new MemoryVault("two"));
    private StandbyStore.World world;
    private StandbyStore store;
    private Continuations continuations;
    private DialTone dialTone;
    private Account anna;

    @BeforeEach
    void open() {
        world = new StandbyStore.World(
                new FaultyEngine(new MemoryEngine()), new MemoryJournal(), first, second, new SimulatedDisk(1));
        store = StandbyStore.open(world, Duration.ofSeconds(1));
        anna = store.account();
        file("vecchia");
        waiting.name(anna, "Ricevuti durante il guasto");
        wire();
    }

    private void wire() {
        continuations = Continuations.open(
                world.disk(), Path.of("/continuation"), waiting, waiting, cpu, Clock.system(), Metrics.none());
        store.accounts().continueWith(continuations);
        dialTone = new DialTone(store.accounts(), store.engine(), store.standby(), continuations);
    }

    @AfterEach
    void close() {
        continuations.close();
        store.close();
        world.close();
        cpu.close();
    }

    private void restart() {
        continuations.close();
        store.close();
        store = StandbyStore.open(world, Duration.ofSeconds(1));
        wire();
        anna = store.accounts().open(anna.id());
    }

    private static byte[] mail(String subject) {
        return ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void file(String subject) {
        var _ = anna.add(NewEmail.delivery(mail(subject), NOW, "x@test.example", "anna@posta.example"));
    }

    private ArrivalId comes(String subject) {
        ArrivalId arrival = store.accounts().nextArrival();
        waiting.keep(anna.id(), arrival, NOW, mail(subject));
        if (continuations.came(anna.id())) store.accounts().look(anna.id());
        return arrival;
    }

    private void vaults(Trouble trouble) {
        first.all(trouble);
        second.all(trouble);
    }

    private void everythingAway() {
        store.live().all(Trouble.unavailable());
        vaults(Trouble.unavailable());
    }

    private DialTone.Ended order() {
        return dialTone.open(anna.id(), Claim.Reason.OPERATOR).ended();
    }

    private List<Placement> shown() {
        return anna.read(view -> view.placements(FaceRows.RECEIVED, Uid.FIRST, 100));
    }

    private List<Long> uids() {
        return shown().stream().map(one -> one.uid().value()).toList();
    }

    @Test
    void foldersAreNamedAndClosedAndWhatWaitsIsShownByteForByte() {
        List<String> names = anna.read(View::mailboxes).stream().map(Mailbox::name).toList();
        Mailbox inbox = anna.read(view -> view.mailbox(Mailbox.INBOX));
        ArrivalId old = anna.read(view -> view.emails(null, 1)).getFirst();
        everythingAway();
        ArrivalId first = comes("prima");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(order()).isEqualTo(DialTone.Ended.ALREADY);
        ArrivalId second = comes("seconda");

        var with = new ArrayList<>(names);
        with.add("Ricevuti durante il guasto");
        assertThat(anna.read(View::mailboxes).stream().map(Mailbox::name))
                .containsExactlyInAnyOrderElementsOf(with);
        assertThat(shown()).extracting(Placement::email).containsExactly(first, second);
        assertThat(uids()).containsExactly(1L, 2L);
        Email email = anna.read(view -> view.email(second));
        assertThat(anna.body(email)).isInstanceOfSatisfying(Body.Present.class, body ->
                assertThat(body.bytes()).isEqualTo(mail("seconda")));
        assertThat(anna.body(email, 9, 12)).isInstanceOfSatisfying(Body.Present.class, body ->
                assertThat(body.bytes()).isEqualTo("sec".getBytes(StandardCharsets.US_ASCII)));
        assertThat(inbox).isNotNull();
        for (Runnable asking : List.<Runnable>of(
                () -> anna.read(view -> view.placements(inbox.id(), Uid.FIRST, 1)),
                () -> anna.read(view -> view.placement(inbox.id(), Uid.FIRST)),
                () -> anna.read(view -> view.byReceived(inbox.id(), true, null, 1)),
                () -> anna.read(view -> view.email(old)),
                () -> anna.read(view -> view.summary(old)),
                () -> anna.read(view -> view.emails(null, 10)),
                () -> anna.read(View::usedBytes),
                () -> anna.createMailbox("Nuova", null),
                () -> file("nuova"))) {
            assertThatThrownBy(asking::run).isInstanceOf(Fault.Unavailable.class);
        }
    }

    @Test
    void whatIsShownIsNeverTakenForFiled() {
        everythingAway();
        ArrivalId arrival = comes("attesa");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(uids()).containsExactly(1L);
        var email = NewEmail.delivery(mail("attesa"), NOW, "x@test.example", "anna@posta.example");
        assertThatThrownBy(() -> anna.file(arrival, email)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> anna.knows(arrival)).isInstanceOf(Fault.Unavailable.class);
        store.live().heal();
        vaults(Trouble.none());
        // Also when the engine answers again and nobody has given the order yet.
        assertThatThrownBy(() -> anna.file(arrival, email)).isInstanceOf(Fault.Unavailable.class);
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
        assertThat(waiting.retried(anna.id())).isEqualTo(1);
        assertThat(anna.file(arrival, email)).isTrue();
        assertThat(anna.file(arrival, email)).isFalse();
        assertThat(anna.read(View::emailCount)).isEqualTo(2L);
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.ALREADY);
    }

    @Test
    void numbersStayThroughRestartsAndAreNeverGivenTwice() {
        everythingAway();
        ArrivalId first = comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        comes("due");
        assertThat(uids()).containsExactly(1L, 2L);
        Mailbox before = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        // One that went while nobody looked leaves its number unused.
        waiting.end(first);
        restart();
        store.live().all(Trouble.unavailable());
        assertThat(uids()).containsExactly(2L);
        comes("tre");
        assertThat(uids()).containsExactly(2L, 3L);
        Mailbox after = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        assertThat(before).isNotNull();
        assertThat(after).isNotNull();
        assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
        assertThat(after.modseq().after(before.modseq())).isTrue();
    }

    @Test
    void aVaultThatAnswersAgainIsEnough() {
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        vaults(Trouble.none());
        assertThat(order()).isEqualTo(DialTone.Ended.OPENED);
        assertThat(anna.read(View::emailCount)).isEqualTo(1L);
        file("dalla copia");
        // And away once more: what the standby served is continued, and comes back.
        store.live().heal();
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
        assertThat(anna.read(View::emailCount)).isEqualTo(2L);
    }

    @Test
    void anEngineThatAnswersIsNeverContinuedOver() {
        vaults(Trouble.unavailable());
        assertThatThrownBy(this::order).isInstanceOf(Fault.Unavailable.class);
        assertThat(continuations.has(anna.id())).isFalse();
        assertThat(anna.read(View::emailCount)).isEqualTo(1L);
    }

    @Test
    void anEngineThatIsAwayIsNotReturnedTo() {
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThatThrownBy(() -> dialTone.giveBack(anna.id())).isInstanceOf(Fault.Unavailable.class);
        assertThat(continuations.has(anna.id())).isTrue();
    }

    @Test
    void noTwoContinuationsShareANumber() {
        var validities = new HashSet<Long>();
        var states = new HashSet<Long>();
        for (int i = 0; i < 2; i++) {
            everythingAway();
            comes("volta " + i);
            assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
            states.add(anna.read(View::modseq).value());
            assertThat(anna.read(View::modseq).value()).isGreaterThan(500_000_000_000_000_000L);
            Mailbox received = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
            if (received == null) throw new AssertionError("no folder");
            validities.add(received.uidValidity());
            store.live().heal();
            vaults(Trouble.none());
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
        }
        assertThat(states).hasSize(2);
        assertThat(validities).hasSize(2).allMatch(validity -> validity > Integer.MAX_VALUE);
    }

    @Test
    void moreThanTheLogQueuesIsNumberedToo() {
        everythingAway();
        for (int i = 0; i < 9_000; i++) waiting.keep(anna.id(), store.accounts().nextArrival(), NOW, mail("una"));
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(shown()).hasSize(100);
        Mailbox received = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        assertThat(received).extracting(Mailbox::count).isEqualTo(9_000);
    }

    @Test
    void aDamagedRecordOfNumbersBeginsANewUidValidity() throws IOException {
        everythingAway();
        for (int i = 0; i < 5; i++) comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(uids()).containsExactly(1L, 2L, 3L, 4L, 5L);
        Mailbox before = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        continuations.close();
        var disk = (SimulatedDisk) world.disk();
        Path file = disk.files().stream()
                .filter(one -> one.startsWith("/continuation"))
                .findFirst()
                .orElseThrow();
        disk.flip(file, disk.size(file) / 2, 1);
        wire();
        Mailbox after = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        continuations.close();
        wire();
        Mailbox later = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        if (before == null || after == null || later == null) throw new AssertionError("no folder");
        assertThat(after.uidValidity()).isGreaterThan(before.uidValidity());
        assertThat(later.uidValidity()).isEqualTo(after.uidValidity());
        assertThat(uids()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void anEndIsToldAlsoWhereWhatWaitsCannotBeTriedNow() {
        var woken = new ArrayList<String>();
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        try (var _ = anna.watch(() -> woken.add("!"))) {
            store.live().heal();
            vaults(Trouble.none());
            waiting.away(true);
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            assertThat(woken).isNotEmpty();
        }
    }

    @Test
    void aQueueThatDoesNotAnswerShowsNothingRatherThanLess() {
        everythingAway();
        comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        waiting.away(true);
        assertThatThrownBy(this::uids).isInstanceOf(Fault.Unavailable.class);
        waiting.away(false);
        assertThat(uids()).containsExactly(1L);
    }

    @Test
    void whoWatchesIsWokenByWhatComesAndByEverySwitch() {
        var woken = new ArrayList<String>();
        try (var _ = anna.watch(() -> woken.add("!"))) {
            everythingAway();
            assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
            int opened = woken.size();
            assertThat(opened).isPositive();
            comes("una");
            assertThat(woken).hasSizeGreaterThan(opened);
            int came = woken.size();
            store.live().heal();
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            assertThat(woken).hasSizeGreaterThan(came);
        }
    }
}
