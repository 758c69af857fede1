package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Entry;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.Rescue;
import casella.store.View;
import casella.store.continuation.Continuations;
import casella.store.continuation.DialTone;
import casella.store.continuation.Turning;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import casella.store.own.OwnBreakers;
import casella.store.standby.Claim;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SimulatedDisk;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import casella.testkit.WaitingMail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that an account whose engine hangs is served on within seconds, with what was under way made once; that an
/// engine that is only slow is waited for; and that accounts go back by themselves when it is well.
final class TurningTest {
    /// Whoever waited for his own deadline would wait as long.
    private static final Duration PATIENT = Duration.ofSeconds(60);
    /// Five times what an owner may notice.
    private static final Duration NOTICED = Duration.ofSeconds(10);

    private final WaitingMail waiting = new WaitingMail();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final FaultyVault first = new FaultyVault(new MemoryVault("one"));
    private final FaultyVault second = new FaultyVault(new MemoryVault("two"));
    private final MemoryJournal journal = new MemoryJournal();
    private final StandbyStore.World world = new StandbyStore.World(
            new FaultyEngine(new MemoryEngine()), journal, first, second, new SimulatedDisk(1));
    private final StandbyStore store = StandbyStore.open(world, PATIENT);
    private final Continuations continuations = Continuations.open(
            new SimulatedDisk(2), Path.of("/continuation"), waiting, waiting, cpu, store.clock(),
                    Metrics.none());
    private final Breaker breaker = new Breaker("engine",
            new Breaker.Rule(3, Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(1)),
                    Clock.system());
    private final Watch watch = new Watch(breaker, store.live()::probe, () -> {}, new Watch.Calls() {
        @Override
        public Duration oldest() {
            return store.live().oldestCall();
        }

        @Override
        public void giveUp() {
            store.live().giveUp();
        }
    }, new Watch.Pace(Duration.ofSeconds(5), Duration.ofMillis(50), Duration.ofSeconds(1)), Clock.system(),
            Metrics.none());
    private final OwnBreakers own = new OwnBreakers(store.calls(), breaker,
            new Breaker.Rule(Integer.MAX_VALUE, Duration.ZERO, Duration.ofMinutes(2), Duration.ofMinutes(30)),
            OwnBreakers.Limits.STANDARD, store.clock(), Metrics.none());
    private final Turning turning = new Turning(
            new DialTone(store.accounts(), store.engine(), store.standby(), continuations), breaker, own,
            Turning.Limits.STANDARD, Clock.system(), Metrics.none());
    private final Account anna = store.account();
    private final Account bruno = store.account();

    @BeforeEach
    void open() {
        store.accounts().continueWith(continuations);
        store.accounts().rescue(turning);
        waiting.name(anna, "Ricevuti durante il guasto");
        for (int i = 0; i < 3; i++) deliver(anna, "prima " + i);
        watch.start();
        own.start();
    }

    @AfterEach
    void close() {
        turning.close();
        world.live().heal();
        watch.close();
        own.close();
        continuations.close();
        store.close();
        world.close();
        cpu.close();
    }

    private static Outcome.Added deliver(Account to, String subject) {
        byte[] mail = ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return to.add(NewEmail.delivery(mail, Instant.parse("2026-11-22T10:00:00Z"), "x@v.example",
                "a@p.example"));
    }

    private static List<Long> uids(Account of) {
        return of.read(view -> view.placements(
                Objects.requireNonNull(view.mailbox(Mailbox.INBOX)).id(), Uid.FIRST, View.PAGE_MAX))
                .stream().map(Placement::uid).map(Uid::value).toList();
    }

    private boolean onStandby(Account account) {
        return store.registry().onStandby(account.id());
    }

    private static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void back() {
        world.live().heal();
        until("the engine counts again", breaker::closed);
        // One epoch a minute.
        store.clock().step(Duration.ofMinutes(2));
    }

    /// One that refuses every call at once leaves no call to grow old: the first that fails has it probed.
    @Test
    void whoReadsWhileTheEngineRefusesNoticesNothingAtAll() {
        world.live().all(Trouble.unavailable());
        assertThat(uids(anna)).containsExactly(1L, 2L, 3L);
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void whoReadsWhileTheEngineHangsNoticesAPause() {
        List<Long> before = uids(anna);
        store.live().all(Trouble.hung());
        long start = System.nanoTime();

        assertThat(uids(anna)).isEqualTo(before);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
        assertThat(onStandby(anna)).isTrue();
        // Nobody asked for the other one.
        assertThat(onStandby(bruno)).isFalse();
        long again = System.nanoTime();
        assertThat(uids(bruno)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - again)).as("known by now").isLessThan(NOTICED);
    }

    /// What is listed of an account is listed by those that answer: all its places to be opened elsewhere would be taken up by
    /// the one that hangs.
    @Test
    void whoReadsWhileTheEngineAndAVaultHangNoticesAPause() {
        List<Long> before = uids(anna);
        first.all(Trouble.hung());
        store.live().all(Trouble.hung());
        long start = System.nanoTime();

        assertThat(uids(anna)).isEqualTo(before);
        assertThat(uids(bruno)).isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
        assertThat(onStandby(anna)).isTrue();
        first.all(Trouble.none());
    }

    @Test
    void whatWasUnderWayIsMadeOnceAndStaysSoAfterTheReturn() throws Exception {
        store.live().all(Trouble.hung());
        var kept = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                int mine = i;
                all.add(threads.submit(() -> {
                    if (deliver(anna, "durante " + mine) instanceof Outcome.Kept) kept.incrementAndGet();
                }));
            }
            for (Future<?> one : all) one.get();
        }
        assertThat(kept).hasValue(8);
        List<Long> during = uids(anna);
        assertThat(during).hasSize(11).doesNotHaveDuplicates();

        back();
        // What the engine did late is refused by the epoch, or is what everybody was told.
        assertThat(turning.step()).isEqualTo(1);
        assertThat(onStandby(anna)).isFalse();
        assertThat(uids(anna)).isEqualTo(during);
        assertThat(deliver(anna, "dopo")).isInstanceOf(Outcome.Kept.class);
        assertThat(uids(anna)).hasSize(12);
    }

    @Test
    void aChangeThatTheJournalDidNotGetIsMadeOnce() {
        store.live().writes(Trouble.hung()).probes(Trouble.hung());
        journal.failing(true);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        Future<Outcome.Added> under = threads.submit(() -> deliver(anna, "una"));
        until("it is under way", () -> store.live().oldestCall().toMillis() > 100);
        journal.failing(false);
        try (threads) {
            assertThat(under.get()).isInstanceOf(Outcome.Kept.class);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(uids(anna)).hasSize(4);
        assertThat(onStandby(anna)).isTrue();
    }

    @Test
    void anEngineThatIsOnlySlowIsWaitedFor() {
        store.live().reads(Trouble.slow(Duration.ofMillis(1_500)));

        assertThat(uids(anna)).hasSize(3);

        assertThat(breaker.closed()).isTrue();
        assertThat(onStandby(anna)).isFalse();
    }

    @Test
    void withEverythingAwayTheAccountIsContinued() {
        store.live().all(Trouble.hung());
        first.all(Trouble.unavailable());
        second.all(Trouble.unavailable());
        waiting.keep(anna.id(), store.accounts().nextArrival(), Instant.parse("2026-11-22T10:00:00Z"),
                "Subject: arrivata\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));

        List<Placement> shown = anna.read(view -> view.placements(FaceRows.RECEIVED, Uid.FIRST, 10));
        assertThat(shown).hasSize(1);
        assertThat(continuations.has(anna.id())).isTrue();

        first.heal();
        second.heal();
        back();
        until("it is back", () -> turning.step() > 0 || !continuations.has(anna.id()));
        assertThat(continuations.has(anna.id())).isFalse();
        assertThat(uids(anna)).hasSize(3);
    }

    @Test
    void whatAnOperatorPausedStaysWhereItIs() {
        turning.pause(true);
        store.live().all(Trouble.hung());

        assertThatThrownBy(() -> uids(anna)).isInstanceOf(Fault.Unavailable.class);
        assertThat(onStandby(anna)).isFalse();

        turning.pause(false);
        assertThat(uids(anna)).hasSize(3);
        turning.pause(true);
        back();
        assertThat(turning.step()).isZero();
        assertThat(onStandby(anna)).isTrue();
    }

    @Test
    void theWayBackBeginsWithOneAndEndsWhenTheEngineIsGoneAgain() {
        var all = new ArrayList<Account>();
        for (int i = 0; i < 8; i++) all.add(store.account());
        store.live().all(Trouble.hung());
        for (Account account : all) assertThat(uids(account)).isEmpty();
        assertThat(all).allMatch(this::onStandby);
        assertThat(turning.step()).as("the engine is gone").isZero();

        back();
        assertThat(turning.step()).isEqualTo(1);
        assertThat(turning.step()).isEqualTo(2);
        store.live().all(Trouble.hung());
        until("gone again", () -> {
            try {
                uids(bruno);
            } catch (Fault e) {
                // until the probe says so
            }
            return !breaker.closed();
        });
        assertThat(turning.step()).isZero();
        back();
        assertThat(turning.step()).as("from the beginning").isEqualTo(1);
    }

    @Test
    void theWayBackWaitsTwoMinutesAndTheWayOutNeverDoes() {
        store.live().all(Trouble.hung());
        assertThat(uids(anna)).hasSize(3);
        world.live().heal();
        until("the engine counts again", breaker::closed);
        assertThat(turning.step()).as("within two minutes").isZero();
        store.clock().step(Duration.ofMinutes(2));
        assertThat(turning.step()).isEqualTo(1);
        assertThat(onStandby(anna)).isFalse();

        store.live().all(Trouble.hung());
        assertThat(uids(anna)).as("gone again just after it came back").hasSize(3);
        assertThat(onStandby(anna)).isTrue();
    }

    @Test
    void aChangeOfUnknownOutcomeIsInTheJournalAlsoWhenTheStandbyCouldNotBeOpened() {
        turning.pause(true);
        long before = anna.read(view -> view.modseq()).value();
        store.live().writes(Trouble.hung()).probes(Trouble.hung());
        journal.failing(true);
        assertThatThrownBy(() -> anna.createMailbox("Prima", null)).isInstanceOf(Fault.Unavailable.class);
        journal.failing(false);
        first.all(Trouble.unavailable());
        second.all(Trouble.unavailable());
        assertThatThrownBy(() -> store.standby().open(anna.id(),
                Claim.Reason.OPERATOR)).isInstanceOf(Fault.class);
        first.heal();
        second.heal();
        world.live().heal();
        until("the engine counts again", breaker::closed);

        assertThat(anna.createMailbox("Dopo", null)).isInstanceOf(Outcome.MailboxMade.class);

        var entries = journal.entries(anna.id(), new Modseq(before + 1), 10, Duration.ofSeconds(1));
        assertThat(entries).extracting(entry -> Entry.decode(entry).change().modseq().value())
                .containsExactly(before + 1, before + 2);
        assertThat(anna.read(View::mailboxes)).extracting(Mailbox::name).contains("Prima", "Dopo");
    }

    @Test
    void aRebuildUnderWayDoesNotTakeAnAccountBackFromTheStandby() {
        store.live().all(Trouble.hung());
        assertThat(deliver(anna, "durante")).isInstanceOf(Outcome.Kept.class);
        world.live().heal();

        // What a rebuild that began before does next.
        assertThat(store.engine().erase(anna.id()).await(Deadline.in(PATIENT)))
                .isInstanceOf(Engine.Outcome.Refused.class);

        assertThat(onStandby(anna)).isTrue();
        assertThat(uids(anna)).hasSize(4);
    }

    @Test
    void aViewThatLacksWhatWasAnsweredIsBroughtUpBeforeItIsToldOrChanged() {
        Batch old = rows();
        assertThat(deliver(anna, "risposta")).isInstanceOf(Outcome.Kept.class);
        for (boolean change : new boolean[] {false, true}) {
            // As a rebuild leaves it that read the journal before the change came there.
            assertThat(store.live().erase(anna.id()).await(Deadline.in(PATIENT)))
                    .isInstanceOf(Engine.Outcome.Written.class);
            assertThat(store.live().write(anna.id(),
                    old).await(Deadline.in(PATIENT))).isInstanceOf(Engine.Outcome.Written.class);

            if (change) assertThat(anna.createMailbox("Nuova", null)).isInstanceOf(Outcome.MailboxMade.class);
            assertThat(uids(anna)).hasSize(4);
        }
    }

    private Batch rows() {
        return store.live().read(anna.id(), PATIENT, rows -> {
            var all = new ArrayList<Batch.Row>();
            rows.scan(new byte[] {0}, new byte[] {0x7F}, false,
                    (key, value) -> all.add(new Batch.Row(key, value)));
            byte[] head = Objects.requireNonNull(rows.get(new Key.Head().bytes()));
            return new Batch(0, HeadRow.of(head).epoch(), all, List.of());
        });
    }

    @Test
    void aMailboxWhoseMakingIsOfUnknownOutcomeIsNotSaidToBeMissing() {
        turning.pause(true);
        store.live().writes(Trouble.hung()).probes(Trouble.hung());
        assertThatThrownBy(() -> anna.createMailbox("Forse", null)).isInstanceOf(Fault.Unavailable.class);

        assertThatThrownBy(() -> anna.mailbox("Forse")).isInstanceOf(Fault.Unavailable.class);

        world.live().heal();
        until("the engine counts again", breaker::closed);
        assertThat(anna.mailbox("Forse")).isNotNull();
        assertThat(anna.mailbox("Mai")).isNull();
    }

    @Test
    void workThatNobodyWaitsForTurnsNoAccount() {
        store.live().all(Trouble.hung());

        assertThatThrownBy(() -> ScopedValue.where(Rescue.UNATTENDED, true).run(() -> uids(anna)))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(onStandby(anna)).isFalse();
        assertThat(uids(anna)).hasSize(3);
    }

    @Test
    void workThatNobodyWaitsForHasNoAccountTakenInElsewhere() {
        var taken = new ArrayList<AccountId>();
        store.accounts().refuge((account, _) -> taken.add(account));
        store.live().reads(Trouble.corrupt());

        assertThatThrownBy(() -> ScopedValue.where(Rescue.UNATTENDED, true).run(() -> uids(anna)))
                .isInstanceOf(Fault.Corrupt.class);
        assertThat(taken).isEmpty();
        assertThatThrownBy(() -> uids(anna)).isInstanceOf(Fault.Corrupt.class);
        assertThat(taken).contains(anna.id());
    }

    @Test
    void whatIsContinuedIsServedByTheStandbyAsSoonAsAVaultIsBack() {
        store.live().all(Trouble.hung());
        first.all(Trouble.unavailable());
        second.all(Trouble.unavailable());
        assertThat(anna.<Boolean>read(View::partial)).isTrue();
        assertThat(turning.step()).isZero();
        assertThat(continuations.has(anna.id())).isTrue();

        first.heal();
        second.heal();
        until("the standby serves it", () -> turning.step() == 0 && !continuations.has(anna.id()));

        assertThat(breaker.closed()).as("the engine is gone still").isFalse();
        assertThat(onStandby(anna)).isTrue();
        assertThat(uids(anna)).hasSize(3);
    }
}
