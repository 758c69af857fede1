package casella.continuity.reopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Admission.Answer;
import casella.base.Admission.Door;
import casella.continuity.cohort.Cohort;
import casella.continuity.cohort.Cohorts;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Proves that steps are taken behind gates and no others, that who is in stays in, that the line is one, and that what is
/// told to who waits comes true.
final class ReopeningTest {
    private static final Duration SOAK = Duration.ofMinutes(10);
    private static final AccountId ANNA = new AccountId(1);
    private static final int ACCOUNTS = 20_000;

    private final SteppedClock clock = new SteppedClock();
    private Cohorts cohorts = Cohorts.BY_HASH;
    private Predicate<AccountId> paid = _ -> false;

    private Reopening reopening(Progress progress) {
        return reopening(progress, Reopening.Limits.STANDARD);
    }

    private Reopening reopening(Progress progress, Reopening.Limits limits) {
        var parts = new Reopening.Parts(account -> cohorts.of(account), account -> paid.test(account),
                () -> ACCOUNTS, new SplittableRandom(7));
        return new Reopening(progress, Gates.STANDARD, limits, parts, clock);
    }

    private Progress progress(int in) {
        return new Progress(clock.now(), "luca", false, SOAK, in, clock.now());
    }

    private Measured good() {
        return measured(0, 20, 0, List.of());
    }

    private Measured measured(double errors, double p99, double backlog, List<String> gone) {
        return new Measured(clock.nanos(), OptionalDouble.of(errors), OptionalDouble.of(p99),
                OptionalDouble.of(backlog), Optional.of(gone), 0);
    }

    private Measured waiting(double millis, List<String> gone) {
        return new Measured(clock.nanos(), OptionalDouble.of(0), OptionalDouble.of(20), OptionalDouble.of(0),
                Optional.of(gone), millis);
    }

    /// Lets time pass, a look each second; returns how many steps were taken.
    private int pass(Reopening reopening, Duration time, boolean well) {
        int before = reopening.progress().in();
        for (long i = 0; i < time.toSeconds(); i++) {
            clock.step(Duration.ofSeconds(1));
            reopening.look(well ? good() : measured(0.5, 20, 0, List.of())).ifPresent(reopening::take);
        }
        return reopening.progress().in() - before;
    }

    @Test
    void everybodyIsInOneStepAndTheLastLetsInTheLast() {
        for (boolean paidFirst : List.of(false, true)) {
            Plan plan = Plan.of(paidFirst);
            for (int slice = 0; slice < Cohort.SLICES; slice++) {
                int step = plan.step(new Cohort.Slice(slice), false);
                assertThat(plan.shareOf(step)).isLessThanOrEqualTo(slice);
                assertThat(plan.shareOf(step + 1)).isGreaterThan(slice);
            }
            assertThat(plan.shareOf(plan.steps().size())).isEqualTo(100);
            assertThat(plan.step(new Cohort.Staff(), true)).isZero();
            assertThat(plan.step(new Cohort.Volunteers(), true)).isEqualTo(1);
        }
        assertThat(Plan.of(true).step(new Cohort.Slice(99), true)).isEqualTo(2);
        assertThat(Plan.of(false).step(new Cohort.Slice(99), true)).isEqualTo(10);
    }

    @Test
    void aStepIsTakenWhenAllGatesWereGoodForTheSoakTime() {
        Reopening reopening = reopening(progress(3));

        assertThat(pass(reopening, SOAK, true)).isZero();
        assertThat(pass(reopening, Duration.ofSeconds(1), true)).isEqualTo(1);
        assertThat(pass(reopening, SOAK.minusSeconds(1), true)).isZero();

        assertThat(pass(reopening, Duration.ofSeconds(1), false)).as("a bad moment").isZero();
        assertThat(reopening.status().state()).isEqualTo(Reopening.State.HALTED);
        assertThat(reopening.status().bad()).singleElement().satisfies(gate -> {
            assertThat(gate.kind()).isEqualTo(Gates.Kind.ERRORS);
            assertThat(gate.seen()).isEqualTo("50.0 % of what owners ask fails, at most 2.0 %");
        });
        assertThat(pass(reopening, SOAK, true)).as("begins the soak again").isZero();
        assertThat(reopening.status().state()).isEqualTo(Reopening.State.RUNNING);
        assertThat(pass(reopening, Duration.ofSeconds(1), true)).as("and goes on by itself").isEqualTo(1);
    }

    @Test
    void theFewSoakForATenthOfTheTimeAndTheLastEndsIt() {
        Reopening reopening = reopening(progress(0));

        assertThat(pass(reopening, Duration.ofMinutes(3).plusSeconds(3), true)).isEqualTo(3);
        assertThat(reopening.status().step()).isEqualTo("slice 00");
        assertThat(pass(reopening, SOAK.multipliedBy(9).minusSeconds(10), true)).isEqualTo(8);
        assertThat(reopening.over()).isFalse();
        pass(reopening, Duration.ofSeconds(30), true);

        assertThat(reopening.over()).isTrue();
        assertThat(reopening.ask(ANNA, Door.IMAP)).isEqualTo(Admission.IN);
        assertThat(reopening.holds(ANNA)).isFalse();
    }

    @Test
    void eachGateHaltsItAndSaysWhy() {
        Map<Gates.Kind, Measured> bad = Map.of(
                Gates.Kind.P99, measured(0, 1_001, 0, List.of()),
                Gates.Kind.BACKLOG, measured(0, 20, 601, List.of()),
                Gates.Kind.STORAGE, measured(0, 20, 0, List.of("engine")));
        bad.forEach((kind, measured) -> {
            Reopening reopening = reopening(progress(3));
            reopening.look(measured);
            assertThat(reopening.status().bad()).extracting(Gates.Gate::kind).containsExactly(kind);
            assertThat(reopening.status().state()).isEqualTo(Reopening.State.HALTED);
        });
        Gates gates = Gates.STANDARD;
        assertThat(gates.look(measured(0.02, 1_000, 600, List.of()), clock.nanos())).allMatch(Gates.Gate::good);
        assertThat(gates.look(measured(0, 20, 0, List.of("engine")), clock.nanos()).getLast().seen())
                .isEqualTo("gone: engine");
    }

    @Test
    void whatIsNotMeasuredIsNotGood() {
        Reopening reopening = reopening(progress(3));
        reopening.look(Measured.nothing(clock.nanos()));
        assertThat(reopening.status().bad()).hasSize(4).allMatch(gate -> gate.seen().equals("no figure"));

        Measured once = good();
        for (int i = 0; i < SOAK.toSeconds() * 2; i++) {
            clock.step(Duration.ofSeconds(1));
            reopening.look(once).ifPresent(reopening::take);
        }
        assertThat(reopening.progress().in()).as("an old figure is none").isEqualTo(3);
        var noNumber = new Measured(clock.nanos(), OptionalDouble.of(0), OptionalDouble.of(Double.NaN),
                OptionalDouble.of(0), Optional.of(List.of()), 0);
        reopening.look(noNumber);
        assertThat(reopening.status().bad()).extracting(Gates.Gate::kind).containsExactly(Gates.Kind.P99);
    }

    @Test
    void anOperatorHasItStandAndGoOn() {
        Reopening reopening = reopening(progress(3));
        reopening.pause(true);
        assertThat(pass(reopening, SOAK.multipliedBy(3), true)).isZero();
        assertThat(reopening.status().state()).isEqualTo(Reopening.State.PAUSED);

        reopening.pause(false);
        assertThat(pass(reopening, SOAK.minusSeconds(1), true)).as("it soaks anew").isZero();
        assertThat(pass(reopening, Duration.ofSeconds(2), true)).isEqualTo(1);
    }

    @Test
    void aStepThatCouldNotBeKeptIsNotTakenAndComesAgain() {
        Reopening reopening = reopening(progress(3));
        for (int i = 0; i < SOAK.toSeconds(); i++) {
            clock.step(Duration.ofSeconds(1));
            assertThat(reopening.look(good())).isEmpty();
        }
        for (int i = 0; i < 5; i++) {
            clock.step(Duration.ofSeconds(1));
            assertThat(reopening.look(good())).get().extracting(Progress::in).isEqualTo(4);
        }
        assertThat(reopening.progress().in()).isEqualTo(3);
        var fourth = new AccountId(12);
        while (Cohort.slice(fourth).number() != 1) fourth = new AccountId(fourth.value() + 1);
        assertThat(reopening.holds(fourth)).isTrue();
        clock.step(Duration.ofSeconds(1));
        reopening.look(good()).ifPresent(reopening::take);
        assertThat(reopening.holds(fourth)).isFalse();
    }

    @Test
    void itGoesOnWhereItWas() {
        Reopening first = reopening(progress(0));
        pass(first, Duration.ofHours(1), true);
        Progress kept = first.progress();
        assertThat(kept.in()).isBetween(5, 9);

        Reopening second = reopening(kept);

        for (long id = 0; id < 1_000; id++) {
            var account = new AccountId(id);
            assertThat(second.holds(account)).isEqualTo(first.holds(account));
        }
        assertThat(pass(second, SOAK, true)).isZero();
        assertThat(pass(second, Duration.ofSeconds(1), true)).isEqualTo(1);
    }

    @Test
    void staffGoFirstAndThenWhoPaysWhereThatWasAsked() {
        cohorts = account -> account.equals(ANNA) ? new Cohort.Staff() : new Cohort.Slice(99);
        paid = account -> account.value() == 2;
        var begun = new Progress(clock.now(), "luca", true, SOAK, 0, clock.now());
        Reopening reopening = reopening(begun);
        var bruno = new AccountId(2);
        var carla = new AccountId(3);
        assertThat(reopening.holds(ANNA)).isTrue();

        List<Integer> in = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            pass(reopening, Duration.ofMinutes(1).plusSeconds(1), true);
            in.add((int) List.of(ANNA, bruno, carla).stream().filter(one -> !reopening.holds(one)).count());
        }

        assertThat(in).containsExactly(1, 1, 2, 2);
        assertThat(reopening.ask(carla, Door.JMAP)).isInstanceOf(Answer.NotYet.class);
    }

    @Test
    void whoIsNotInHearsHisPlaceAndDifferentTimesToComeBack() {
        Reopening reopening = reopening(progress(3));
        pass(reopening, Duration.ofSeconds(5), true);
        var places = new HashMap<Integer, Long>();
        Set<Duration> hints = new HashSet<>();
        for (long id = 0; id < 500; id++) {
            var account = new AccountId(id);
            int slice = Cohort.slice(account).number();
            if (slice == 0) continue;
            var told = (Answer.NotYet) reopening.ask(account, Door.IMAP);
            places.put(Plan.of(false).step(new Cohort.Slice(slice), false), told.place());
            hints.add(told.retry());
            assertThat(told.retry()).isBetween(Duration.ofSeconds(12), Duration.ofMinutes(13));
            assertThat(told.estimate()).isPositive();
        }

        assertThat(hints).hasSizeGreaterThan(400);
        // Steps 3 to 10 begin at 1, 2, 5, 10, 20, 35, 50 and 75 hundredths, of which one is in.
        assertThat(places).containsAllEntriesOf(
                Map.of(3, 1L, 4, 201L, 5, 801L, 6, 1_801L, 7, 3_801L, 10, 14_801L));
    }

    /// Clients of one slice come back as they are told.
    private Map<Long, Double> storm(
            Reopening reopening, List<AccountId> owners, Map<Long, Double> told, int seconds) {
        var next = new HashMap<Long, Double>();
        var came = new HashMap<Long, Double>();
        for (AccountId owner : owners) next.put(owner.value(), 0.0);
        for (int second = 0; second < seconds && came.size() < owners.size(); second++) {
            clock.step(Duration.ofSeconds(1));
            reopening.look(good());
            for (AccountId owner : owners) {
                long id = owner.value();
                if (came.containsKey(id) || next.getOrDefault(id, 0.0) > second) continue;
                switch (reopening.ask(owner, Door.IMAP)) {
                    case Answer.In _ -> came.put(id, (double) second);
                    case Answer.NotYet(long place, Duration estimate, Duration retry) -> {
                        assertThat(place).isPositive();
                        told.putIfAbsent(id, estimate.toMillis() / 1e3);
                        next.put(id, second + retry.toMillis() / 1e3);
                    }
                }
            }
        }
        return came;
    }

    @Test
    void aStormComesInOneAfterTheOtherAsWasToldAndNobodyTwice() {
        var limits = new Reopening.Limits(20, 20, 1, Duration.ofSeconds(10));
        Reopening reopening = reopening(progress(11), limits);
        List<AccountId> owners = new ArrayList<>();
        for (long id = 0; id < 6_000; id++) owners.add(new AccountId(id * 31));
        pass(reopening, Duration.ofSeconds(5), true);
        var told = new HashMap<Long, Double>();

        Map<Long, Double> came = storm(reopening, owners, told, 900);

        assertThat(came).hasSize(6_000);
        double last = came.values().stream().mapToDouble(x -> x).max().orElseThrow();
        assertThat(last).as("6,000 at 20 a second").isBetween(270.0, 700.0);
        var perSecond = new HashMap<Double, Integer>();
        came.values().forEach(second -> perSecond.merge(second, 1, Integer::sum));
        assertThat(perSecond.values()).allMatch(count -> count <= 80);
        // Told when they came first, against when they came in.
        double[] off = told.entrySet().stream().filter(one -> one.getValue() > 60)
                .mapToDouble(one -> came.getOrDefault(one.getKey(), 1e9) / one.getValue()).sorted().toArray();
        assertThat(off.length).isGreaterThan(3_000);
        assertThat(off[off.length / 2]).as("half of them").isCloseTo(1.1, within(0.35));
        assertThat(off[off.length * 95 / 100]).as("most of them").isLessThan(2);

        for (AccountId owner : owners) assertThat(reopening.ask(owner, Door.POP3)).isEqualTo(Admission.IN);
        assertThat(reopening.status().entered()).isEqualTo(6_000);
    }

    @Test
    void moreAreLetInWhileAllIsGoodAndLessWhenItIsNot() {
        var limits = new Reopening.Limits(2, 1_000, 1, Duration.ofSeconds(10));
        Reopening reopening = reopening(progress(11), limits);
        long id = 0;
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 300; i++) reopening.ask(new AccountId(id++), Door.IMAP);
            pass(reopening, Duration.ofSeconds(1), true);
        }
        double high = reopening.status().perSecond();
        assertThat(high).isBetween(80.0, 105.0);

        for (int second = 0; second < 25; second++) {
            clock.step(Duration.ofSeconds(1));
            reopening.look(waiting(301, List.of()));
        }
        double low = reopening.status().perSecond();
        assertThat(low).as("three times a third less").isCloseTo(high * 8 / 27, within(3.0));
        assertThat(reopening.status().state()).as("that is before the gate").isEqualTo(Reopening.State.RUNNING);
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 300; i++) reopening.ask(new AccountId(id++), Door.IMAP);
            clock.step(Duration.ofSeconds(1));
            reopening.look(measured(0, 2_000, 0, List.of()));
        }
        assertThat(reopening.status().perSecond()).as("a gate that remembers means no more, not less").isEqualTo(low);
        assertThat(Gates.STANDARD.crowded(101)).as("the backlog makes room before").isTrue();
        assertThat(Gates.STANDARD.crowded(99)).isFalse();
        for (int second = 0; second < 600; second++) {
            clock.step(Duration.ofSeconds(1));
            reopening.look(waiting(0, List.of("engine")));
        }
        assertThat(reopening.status().perSecond()).as("never nothing").isEqualTo(2);
    }

    @Test
    void aDoorBeforeWhichMachinesStandDoesNotShutOutPeople() {
        var limits = new Reopening.Limits(40, 40, 1, Duration.ofSeconds(10));
        Reopening reopening = reopening(progress(11), limits);
        int people = 0;
        for (int second = 0; second < 100; second++) {
            for (long i = 0; i < 200; i++) {
                reopening.ask(new AccountId(1_000_000 + second * 200L + i), Door.POP3);
            }
            for (long i = 0; i < 25; i++) {
                Answer answer = reopening.ask(new AccountId(second * 25L + i), Door.JMAP);
                if (answer instanceof Answer.In) people++;
            }
            pass(reopening, Duration.ofSeconds(1), true);
        }

        assertThat(people).as("25 of the 30 a second that are theirs").isGreaterThan(2_000);
        assertThat(reopening.status().entered()).as("40 a second in all, none of them lost").isBetween(3_600L, 4_080L);
    }
}
