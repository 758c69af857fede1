package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.Rescue;
import casella.store.View;
import casella.store.archive.Journalled;
import casella.store.continuation.Continuations;
import casella.store.continuation.DialTone;
import casella.store.continuation.Turning;
import casella.store.health.Breaker;
import casella.store.own.OwnBreakers;
import casella.store.standby.Claim;
import casella.testkit.FaultyEngine;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that an account which alone has trouble with the engine is served on within seconds and goes back by itself, and that
/// an engine that is slow or failing for everybody turns nobody.
final class OwnTroubleTest {
    /// Five times what an owner may notice.
    private static final Duration NOTICED = Duration.ofSeconds(10);
    private static final Duration PATIENT = Duration.ofSeconds(60);
    /// Nobody watches the engine here, whose probe is always well: there is nothing to wait for.
    private static final Turning.Limits ALONE = new Turning.Limits(
            Duration.ofSeconds(10), Duration.ofMillis(1), 16, Duration.ofSeconds(1), 256);
    private static final Duration WELL = Duration.ofMinutes(2);

    private final WaitingMail waiting = new WaitingMail();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final StandbyStore.World world = StandbyStore.World.over(new MemoryEngine());
    private StandbyStore store = StandbyStore.open(world, PATIENT);
    private final Continuations continuations = Continuations.open(
            new SimulatedDisk(2), Path.of("/continuation"), waiting, waiting, cpu, store.clock(), Metrics.none());
    private final Breaker engine = new Breaker("engine", Breaker.Rule.STANDARD, Clock.system());
    private OwnBreakers own = breakers(OwnBreakers.Limits.STANDARD);
    private Turning turning = turning();

    private OwnBreakers breakers(OwnBreakers.Limits limits) {
        var rule = new Breaker.Rule(Integer.MAX_VALUE, Duration.ZERO, WELL, WELL.multipliedBy(15));
        return new OwnBreakers(store.calls(), engine, rule, limits, store.clock(), Metrics.none());
    }

    private Turning turning() {
        var dialTone = new DialTone(store.accounts(), store.engine(), store.standby(), continuations);
        var made = new Turning(dialTone, engine, own, ALONE, store.clock(), Metrics.none());
        store.accounts().continueWith(continuations);
        store.accounts().rescue(made);
        return made;
    }

    @AfterEach
    void close() {
        turning.close();
        world.live().heal();
        own.close();
        continuations.close();
        store.close();
        world.close();
        cpu.close();
    }

    private Account account(int mails) {
        Account made = store.account();
        waiting.name(made, "Ricevuti durante il guasto");
        for (int i = 0; i < mails; i++) deliver(made, "prima " + i);
        return made;
    }

    private static Outcome.Added deliver(Account to, String subject) {
        byte[] mail = ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return to.add(NewEmail.delivery(mail, Instant.parse("2026-11-22T10:00:00Z"), "x@v.example", "a@p.example"));
    }

    private static List<Long> uids(Account of) {
        return of.read(view -> view.placements(
                Objects.requireNonNull(view.mailbox(Mailbox.INBOX)).id(), Uid.FIRST, View.PAGE_MAX))
                .stream().map(Placement::uid).map(Uid::value).toList();
    }

    private boolean onStandby(Account account) {
        return store.registry().onStandby(account.id());
    }

    private FaultyEngine live() {
        return world.live();
    }

    private List<AccountId> apart() {
        return own.apart().stream().map(OwnBreakers.Apart::account).toList();
    }

    private static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    /// Ends all trouble, and waits until what hung has come home.
    private void heal(Account account) {
        live().heal();
        until("it answers", () -> live().answers(account.id(), Duration.ofSeconds(1)));
    }

    /// Has probes be well for a while.
    private void wellFor(Duration time) {
        own.probe();
        store.clock().step(time);
        own.probe();
    }

    @Test
    void whoAloneHangsIsServedOnAndNobodyElseIsTouched() {
        Account anna = account(3);
        Account bruno = account(1);
        own.start();
        List<Long> before = uids(anna);
        live().only(anna.id(), Trouble.hung());
        long start = System.nanoTime();

        assertThat(uids(anna)).isEqualTo(before);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(NOTICED);
        assertThat(onStandby(anna)).isTrue();
        assertThat(deliver(anna, "durante")).isInstanceOf(Outcome.Kept.class);
        assertThat(uids(bruno)).hasSize(1);
        assertThat(onStandby(bruno)).isFalse();
        assertThat(apart()).containsExactly(anna.id());
        assertThat(engine.closed()).isTrue();
    }

    @Test
    void whatWasUnderWayIsMadeOnceAndStaysSoAfterTheReturn() throws Exception {
        Account anna = account(3);
        own.start();
        live().only(anna.id(), Trouble.hung());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Outcome.Added>>();
            for (int i = 0; i < 8; i++) {
                int mine = i;
                all.add(threads.submit(() -> deliver(anna, "durante " + mine)));
            }
            for (Future<Outcome.Added> one : all) assertThat(one.get()).isInstanceOf(Outcome.Kept.class);
        }
        List<Long> during = uids(anna);
        assertThat(during).hasSize(11).doesNotHaveDuplicates();

        heal(anna);
        wellFor(WELL);
        assertThat(turning.step()).isEqualTo(1);
        assertThat(onStandby(anna)).isFalse();
        assertThat(uids(anna)).isEqualTo(during);
        assertThat(apart()).isEmpty();
    }

    @Test
    void whoseCallsFailAtOnceIsTurnedAtTheFirst() {
        Account anna = account(2);
        own.start();
        live().only(anna.id(), Trouble.unavailable());

        assertThat(uids(anna)).hasSize(2);
        assertThat(onStandby(anna)).isTrue();
    }

    @Test
    void whoseWritesAloneFailIsTurnedAtTheThirdInARow() {
        Account anna = account(1);
        own.start();
        live().onlyWrites(anna.id(), Trouble.unavailable());

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> anna.createMailbox("Nuova", null)).isInstanceOf(Fault.Unavailable.class);
            assertThat(onStandby(anna)).isFalse();
        }
        assertThat(anna.createMailbox("Altra", null)).isInstanceOf(Outcome.MailboxMade.class);
        assertThat(onStandby(anna)).isTrue();
    }

    @Test
    void anEngineThatIsSlowOrFailsForEverybodyTurnsNobody() throws Exception {
        store.close();
        store = StandbyStore.open(world, Duration.ofMillis(1_200));
        own = breakers(OwnBreakers.Limits.STANDARD);
        turning = turning();
        var all = new ArrayList<Account>();
        for (int i = 0; i < 12; i++) all.add(account(0));
        own.start();
        for (Trouble trouble : List.of(Trouble.slow(Duration.ofSeconds(2)), Trouble.unavailable())) {
            live().reads(trouble);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reading = new ArrayList<Future<?>>();
                for (Account account : all) {
                    for (int i = 0; i < 4; i++) {
                        reading.add(threads.submit(() -> {
                            assertThatThrownBy(() -> uids(account)).isInstanceOf(Fault.Unavailable.class);
                        }));
                    }
                }
                for (Future<?> one : reading) one.get();
            }
            assertThat(apart()).isEmpty();
        }
        live().heal();
        assertThat(all).noneMatch(this::onStandby);
    }

    @Test
    void manyAtATimeAreTheEnginesOwnCaseAndOnlySomeAreKeptApart() throws Exception {
        own.close();
        var limits = OwnBreakers.Limits.STANDARD;
        own = breakers(new OwnBreakers.Limits(
                limits.suspectAfter(), limits.head(), limits.control(), 3, 2, 3));
        turning.close();
        turning = turning();
        var all = new ArrayList<Account>();
        for (int i = 0; i < 4; i++) all.add(account(0));
        for (Account account : all) live().only(account.id(), Trouble.hung());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Account account : all) threads.submit(() -> uids(account));
            until("all wait", () -> store.calls().late(limits.suspectAfter()).size() == 4);

            own.judge();
            assertThat(apart()).as("four suspects where three are too many").isEmpty();

            live().only(all.getFirst().id(), Trouble.none());
            until("three wait", () -> store.calls().late(limits.suspectAfter()).size() == 3);
            until("judged again", () -> {
                own.judge();
                return !apart().isEmpty();
            });
            assertThat(apart()).as("no more than two").hasSize(2);
            live().heal();
        }
    }

    @Test
    void theWayBackIsAfterMinutesOfProbesThatAreWellAndTwiceAsLongAfterARelapse() {
        Account anna = account(1);
        own.start();
        live().only(anna.id(), Trouble.hung());
        assertThat(uids(anna)).hasSize(1);
        store.clock().step(WELL.multipliedBy(3));
        own.probe();
        assertThat(turning.step()).as("it hangs still").isZero();
        heal(anna);
        wellFor(WELL.minusSeconds(1));
        assertThat(turning.step()).as("not yet").isZero();
        wellFor(Duration.ofSeconds(1));
        assertThat(turning.step()).isEqualTo(1);
        assertThat(onStandby(anna)).isFalse();

        live().only(anna.id(), Trouble.hung());
        assertThat(uids(anna)).hasSize(1);
        assertThat(onStandby(anna)).as("turned again at once").isTrue();
        heal(anna);
        wellFor(WELL.multipliedBy(2).minusSeconds(1));
        assertThat(turning.step()).as("twice as long").isZero();
        wellFor(Duration.ofSeconds(1));
        assertThat(turning.step()).isEqualTo(1);
    }

    @Test
    void whomAnOperatorGaveBackIsTurnedOnlyWhenItHappensAgain() {
        Account anna = account(1);
        own.start();
        live().only(anna.id(), Trouble.hung());
        assertThat(uids(anna)).hasSize(1);
        heal(anna);
        store.clock().step(Duration.ofSeconds(10));

        assertThat(store.standby().giveBack(anna.id()).epoch()).isPositive();

        assertThat(uids(anna)).hasSize(1);
        assertThat(onStandby(anna)).isFalse();
        assertThat(apart()).isEmpty();
    }

    @Test
    void workThatNobodyWaitsForSaysNothingOfAnAccount() throws Exception {
        Account anna = account(1);
        own.start();
        live().only(anna.id(), Trouble.hung());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> work = threads.submit(() ->
                    ScopedValue.where(Rescue.UNATTENDED, true).run(() -> uids(anna)));
            until("it waits", () -> live().waiting(anna.id()).compareTo(Duration.ofSeconds(2)) > 0);
            assertThat(apart()).isEmpty();
            live().heal();
            work.get();
        }
        assertThat(onStandby(anna)).isFalse();
    }

    /// As much as its owner waits for it, and no more: a round is nobody's, and what a change waits for is his.
    @Test
    void whatIsArchivedSaysSomethingOfAnAccountOnlyWhereItsOwnerWaits() throws Exception {
        Account anna = account(1);
        store.clock().step(Duration.ofMinutes(1));
        live().only(anna.id(), Trouble.hung());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> round = threads.submit(() -> store.archiver().round());
            until("it waits", () -> live().waiting(anna.id()).compareTo(Duration.ofMillis(20)) > 0);
            assertThat(store.calls().late(Duration.ZERO)).isEmpty();
            heal(anna);
            assertThat(round.get()).isEqualTo(1);

            deliver(anna, "seconda");
            live().only(anna.id(), Trouble.hung());
            var pressed = new Journalled(world.journal(), store.archiver()).press(anna.id());
            until("its call is known", () -> store.calls().late(Duration.ZERO).contains(anna.id()));
            heal(anna);
            assertThat(pressed.await(Deadline.in(PATIENT))).isEqualTo(anna.read(View::modseq));
        }
    }

    @Test
    void whatAnOperatorPausedStaysWhereItIs() {
        Account anna = account(1);
        own.start();
        turning.pause(true);
        live().only(anna.id(), Trouble.hung());
        assertThatThrownBy(() -> uids(anna)).isInstanceOf(Fault.Unavailable.class);
        assertThat(onStandby(anna)).isFalse();
        turning.pause(false);
        assertThat(uids(anna)).hasSize(1);
        assertThat(store.registry().standby()).extracting(Claim::reason)
                .containsExactly(Claim.Reason.AUTOMATIC);
    }
}
