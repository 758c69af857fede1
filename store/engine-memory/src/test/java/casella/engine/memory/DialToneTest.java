package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Bulkhead;
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
import casella.store.Service;
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
import casella.testkit.SteppedClock;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that an account whose engine and journal are away is continued, with folders closed and what waits
/// shown under UIDs that never change; that nothing shown is ever taken for filed; and that it comes back by
/// the engine or by the standby, whichever answers first.
final class DialToneTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final WaitingMail waiting = new WaitingMail();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final FaultyVault first = new FaultyVault(new MemoryVault("one"));
    private final FaultyVault second = new FaultyVault(new MemoryVault("two"));
    private StandbyStore.World world;
    private StandbyStore store;
    private final SimulatedDisk log = new SimulatedDisk(2);
    private final SteppedClock clock = new SteppedClock();
    private Continuations continuations;
    private DialTone dialTone;
    private Account anna;

    @BeforeEach
    void open() {
        world = new StandbyStore.World(
                new FaultyEngine(new MemoryEngine()), new MemoryJournal(), first, second,
                        new SimulatedDisk(1));
        store = StandbyStore.open(world, PATIENT);
        anna = store.account();
        file("vecchia");
        waiting.name(anna, "Ricevuti durante il guasto");
        wire(PATIENT);
    }

    private void wire() {
        wire(PATIENT);
    }

    /// @param time how long who orders waits for the record of continuations
    private void wire(Duration time) {
        var limits = new Continuations.Limits(1L << 28, time);
        continuations = Continuations.open(
                log, Path.of("/continuation"), waiting, waiting, cpu, clock, Metrics.none(), limits);
        store.accounts().continueWith(continuations);
        dialTone = new DialTone(store.accounts(), store.engine(), store.standby(), continuations);
        store.accounts().service(dialTone::service);
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
        store = StandbyStore.open(world, PATIENT);
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

    private Service.State state() {
        return anna.service().state();
    }

    @Test
    void whatServesItIsKnownWhateverIsAwayAndWhoWatchesIsWoken() {
        var told = new ArrayList<Service.State>();
        try (var _ = anna.watch(() -> told.add(state()))) {
            assertThat(anna.service()).isEqualTo(Service.ALWAYS);
            everythingAway();
            assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
            assertThat(state()).isEqualTo(Service.State.CONTINUATION);
            assertThat(anna.service().reduced()).isTrue();
            assertThat(anna.service().since()).isEqualTo(continuations.list().getFirst().at());
            vaults(Trouble.none());
            assertThat(order()).isEqualTo(DialTone.Ended.OPENED);
            assertThat(state()).isEqualTo(Service.State.STANDBY);
            assertThat(anna.service().reduced()).isFalse();
            assertThatThrownBy(() -> dialTone.giveBack(anna.id())).isInstanceOf(Fault.Unavailable.class);
            // It was on its way, and is not any more.
            assertThat(told).endsWith(Service.State.RETURNING, Service.State.STANDBY);
            store.live().heal();
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            assertThat(anna.service()).isEqualTo(Service.ALWAYS);
            assertThat(told).contains(Service.State.CONTINUATION).endsWith(Service.State.LIVE);
        }
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
    void whoStillLooksAtWhatHasEndedNumbersNothingOfTheNext() throws Exception {
        everythingAway();
        WaitingMail.Held held = waiting.hold(comes("una"));
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        var ended = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                var _ = shown();
            } catch (Fault.Unavailable e) {
                ended.countDown();
            }
        });
        assertThat(held.here().await(30, TimeUnit.SECONDS)).isTrue();
        store.live().heal();
        vaults(Trouble.none());
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        held.go().countDown();
        assertThat(reader.join(Duration.ofSeconds(30))).isTrue();
        comes("due");
        List<Placement> before = shown();
        assertThat(before).hasSize(2);
        continuations.close();
        wire();
        assertThat(shown()).isEqualTo(before);
        assertThat(ended.getCount()).as("who looked is told that it ended").isZero();
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        for (int i = 0; !holds.getAsBoolean(); i++) {
            assertThat(i).as(what).isLessThan(6_000);
            new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        }
    }

    /// The log takes 8,192 records that wait: while its disk takes its time, no more than some are handed
    /// over.
    @Test
    void moreThanTheLogQueuesIsNumberedToo() throws Exception {
        everythingAway();
        for (int i = 0; i < 9_000; i++) waiting.keep(anna.id(), store.accounts().nextArrival(), NOW,
                mail("una"));
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        var found = new CopyOnWriteArrayList<Placement>();
        boolean quick = false;
        // A machine so slow that another file took over says nothing: once more.
        for (int tries = 0; found.isEmpty() && !quick && tries < 5; tries++) {
            CountDownLatch slow = log.hang(SimulatedDisk.Op.SYNC);
            Thread reader = Thread.ofPlatform().start(() -> found.addAll(shown()));
            long began = System.nanoTime();
            until("all that is handed over is", () ->
                    reader.getState() == Thread.State.TIMED_WAITING || !reader.isAlive());
            quick = System.nanoTime() - began < Duration.ofSeconds(1).toNanos();
            slow.countDown();
            assertThat(reader.join(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(found).hasSize(100);
        Mailbox received = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        assertThat(received).extracting(Mailbox::count).isEqualTo(9_000);
    }

    @Test
    void aClockThatGoesBackRepeatsNoUidValidityAlsoWhenOldRecordsWent() {
        var before = new ArrayList<Long>();
        int files = 0;
        while (log.files().size() >= files && before.size() < 20) {
            clock.step(Duration.ofSeconds(10));
            everythingAway();
            assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
            before.add(validity());
            store.live().heal();
            vaults(Trouble.none());
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            files = log.files().size();
            continuations.close();
            wire();
        }
        assertThat(log.files().size()).as("old records went").isLessThan(files);
        continuations.close();
        wire();
        clock.jump(Duration.ofMinutes(-1));
        for (int i = 0; i < 2; i++) {
            everythingAway();
            assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
            assertThat(before).allSatisfy(one -> assertThat(validity()).isGreaterThan(one));
            before.add(validity());
            store.live().heal();
            vaults(Trouble.none());
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            // A clock that says a time before there were continuations.
            clock.jump(Duration.ofDays(-3_000));
        }
    }

    private long validity() {
        Mailbox received = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        if (received == null) throw new AssertionError("no folder");
        return received.uidValidity();
    }

    @Test
    void anEndThatNobodyWaitedForTakesEffectWholeAndMayBeOrderedAgain() throws Exception {
        var woken = new ArrayList<String>();
        everythingAway();
        comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(uids()).containsExactly(1L);
        continuations.close();
        wire(Duration.ofMillis(200));
        store.live().heal();
        vaults(Trouble.none());
        long began = System.nanoTime();
        CountDownLatch slow = log.hang(SimulatedDisk.Op.SYNC);
        assertThatThrownBy(() -> dialTone.giveBack(anna.id()))
                .isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("not known");
        assertThat(continuations.has(anna.id())).isTrue();
        assertThat(uids()).containsExactly(1L);
        try (var _ = anna.watch(() -> woken.add("!"))) {
            // On a machine so slow that another file took over nobody is told: it is ordered again.
            boolean quick = System.nanoTime() - began < Duration.ofSeconds(1).toNanos();
            slow.countDown();
            if (!quick) until("ended by another order", this::givenBack);
            until("ended after all", () -> waiting.retried(anna.id()) == 1 && !woken.isEmpty());
        }
        assertThat(continuations.has(anna.id())).isFalse();
        assertThat(anna.read(View::emailCount)).isEqualTo(1L);
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.ALREADY);
        continuations.close();
        wire();
        assertThat(continuations.has(anna.id())).isFalse();
    }

    private boolean givenBack() {
        try {
            return dialTone.giveBack(anna.id()).account().equals(anna.id());
        } catch (Fault.Unavailable e) {
            return false;
        }
    }

    @Test
    void anEndWhoseFileHangsIsWrittenToAnother() throws Exception {
        everythingAway();
        comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(uids()).containsExactly(1L);
        store.live().heal();
        vaults(Trouble.none());
        CountDownLatch hangs = log.hang(SimulatedDisk.Op.SYNC);
        try {
            assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
            assertThat(continuations.has(anna.id())).isFalse();
            assertThat(waiting.retried(anna.id())).isEqualTo(1);
        } finally {
            hangs.countDown();
        }
        continuations.close();
        wire();
        assertThat(continuations.has(anna.id())).isFalse();
    }

    @Test
    void anEndThatFailsLeavesItAsItWasAndIsOrderedAgain() {
        everythingAway();
        comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        store.live().heal();
        vaults(Trouble.none());
        log.fail(SimulatedDisk.Op.APPEND, 0, 1_000).fail(SimulatedDisk.Op.CREATE, 0, 1_000);
        assertThatThrownBy(() -> dialTone.giveBack(anna.id())).isInstanceOf(Fault.Unavailable.class);
        assertThat(continuations.has(anna.id())).isTrue();
        assertThat(waiting.retried(anna.id())).isZero();
        log.fail(SimulatedDisk.Op.APPEND, 0, 0).fail(SimulatedDisk.Op.CREATE, 0, 0);
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.RETURNED);
        assertThat(waiting.retried(anna.id())).isEqualTo(1);
        assertThat(anna.read(View::emailCount)).isEqualTo(1L);
    }

    @Test
    void anEngineThatAnswersAgainIsReturnedToByTheOrderThatOpens() {
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        store.live().heal();
        assertThat(order()).isEqualTo(DialTone.Ended.RETURNED);
        assertThat(continuations.has(anna.id())).isFalse();
        assertThat(anna.read(View::emailCount)).isEqualTo(1L);
        // Nothing was opened, so there is nothing to give back; and with the vaults away nothing to open.
        assertThat(dialTone.giveBack(anna.id()).ended()).isEqualTo(DialTone.Ended.ALREADY);
        assertThatThrownBy(this::order).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void whatTheStandbyServedIsContinuedAndComesBackWithIt() {
        store.live().all(Trouble.unavailable());
        assertThat(order()).isEqualTo(DialTone.Ended.OPENED);
        file("dalla copia");
        restart();
        everythingAway();
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        comes("nel buio");
        assertThat(uids()).containsExactly(1L);

        assertThatThrownBy(() -> dialTone.giveBack(anna.id())).isInstanceOf(Fault.Unavailable.class);
        assertThat(continuations.has(anna.id())).as("goes on").isTrue();
        assertThat(store.standby().registry().onStandby(anna.id())).isTrue();
        store.live().heal();
        vaults(Trouble.none());
        DialTone.Turned turned = dialTone.giveBack(anna.id());
        assertThat(turned.ended()).isEqualTo(DialTone.Ended.RETURNED);
        assertThat(turned.epoch()).isPositive();
        assertThat(continuations.has(anna.id())).isFalse();
        assertThat(store.standby().registry().onStandby(anna.id())).isFalse();
        assertThat(waiting.retried(anna.id())).isEqualTo(1);
        assertThat(anna.read(View::emailCount)).isEqualTo(2L);
        file("dopo");
        assertThat(anna.read(View::emailCount)).isEqualTo(3L);
    }

    @Test
    void aDamagedRecordOfNumbersBeginsANewUidValidity() throws IOException {
        everythingAway();
        for (int i = 0; i < 5; i++) comes("una");
        assertThat(order()).isEqualTo(DialTone.Ended.CONTINUED);
        assertThat(uids()).containsExactly(1L, 2L, 3L, 4L, 5L);
        Mailbox before = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        continuations.close();
        Path file = log.files().getFirst();
        log.flip(file, log.size(file) / 2, 1);
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
