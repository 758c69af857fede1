package casella.continuity.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.store.Newcomer.Act;
import casella.store.care.Mover;
import casella.store.vault.ObjectName;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Proves that a new vault goes up only while every gate holds and can be judged, and back at once.
final class LadderTest {
    private static final Duration SOAK = Duration.ofMinutes(10);
    private static final ObjectName NAME = ObjectName.mail(new AccountId(1), new ArrivalId(1, 1),
            Sha256.of(new byte[0]));

    /// What the ladder did, and what it is told.
    private static final class Land implements Ladder.Ground {
        final List<Stage> entered = new ArrayList<>();
        boolean whole = true;
        Optional<String> trouble = Optional.empty();
        Optional<String> unfair = Optional.empty();
        List<String> kept = List.of();

        @Override
        public void enter(Stage stage) {
            entered.add(stage);
        }

        @Override
        public Mover.Progress moved() {
            return new Mover.Progress(7, whole, whole ? 0 : 1, 70, 700, 70, 1);
        }

        @Override
        public Optional<String> trouble() {
            return trouble;
        }

        @Override
        public Optional<String> unfair() {
            return unfair;
        }

        @Override
        public void keep(Climb climb) {
            kept = climb.lines();
        }
    }

    private final SteppedClock clock = new SteppedClock();
    private final Land land = new Land();
    private final Window window = new Window();
    private final List<String> halts = new ArrayList<>();
    private Ladder ladder =
            ladder(Climb.begin("nuovo", "pack", "/srv/nuovo vault", "pack", "luca", clock.now(),
            Duration.ofDays(30), null, 100));

    private Ladder ladder(Climb climb) {
        return new Ladder(climb, Gates.STANDARD, window, land, halted -> halts.add(halted.why()), clock);
    }

    private void start() {
        ladder.burnedIn("luca", true, "", Map.of("objects", "1000000"));
        ladder.start("luca", SOAK, 100, false);
    }

    /// What a well vault does.
    private void measured(int calls) {
        for (int i = 0; i < calls; i++) {
            for (Act act : Act.values()) {
                window.took(act, true, 2_000_000);
                window.took(act, false, 2_000_000);
            }
            window.right();
        }
    }

    private void soak() {
        ladder.step();
        measured(100);
        clock.step(SOAK);
        ladder.step();
    }

    @Test
    void aWellVaultGoesUpByItselfAndEveryStageIsWatchedForItsTime() {
        start();
        for (Stage stage : List.of(Stage.SHADOW, Stage.CANARY, Stage.ONE, Stage.TEN, Stage.HALF, Stage.ALL)) {
            assertThat(ladder.climb().stage()).isEqualTo(stage);
            assertThat(ladder.climb().state()).isEqualTo(Climb.State.MOVING);
            ladder.step();
            assertThat(ladder.climb().state()).isEqualTo(Climb.State.SOAKING);
            measured(100);
            clock.step(SOAK.minusSeconds(1));
            ladder.step();
            assertThat(ladder.climb().stage()).isEqualTo(stage);
            clock.step(Duration.ofSeconds(1));
            ladder.step();
        }
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.PROVEN);
        assertThat(land.entered).containsExactly(Stage.SHADOW, Stage.CANARY, Stage.ONE, Stage.TEN,
                Stage.HALF, Stage.ALL);

        assertThat(ladder.inProbation()).hasValueSatisfying(why ->
                assertThat(why).contains("in probation until"));
        clock.step(Duration.ofDays(30));
        assertThat(ladder.inProbation()).isEmpty();
        land.whole = false;
        assertThat(ladder.inProbation()).isPresent();
        assertThat(ladder.climb().evidence()).extracting(Evidence::what)
                .containsSubsequence("added", "burned-in", "entered", "moved", "passed", "entered");
    }

    @Test
    void withoutABurnInItStartsOnlyWhenToldSo() {
        assertThatThrownBy(() -> ladder.start("luca", null, 100, false))
                .hasMessageContaining("burn-in was not made");
        ladder.burnedIn("luca", false, "it blocks at 500 objects", Map.of());
        assertThatThrownBy(() -> ladder.start("luca", null, 100, false))
                .hasMessageContaining("burn-in failed");
        assertThat(land.entered).isEmpty();

        ladder.start("luca", null, 100, true);

        assertThat(ladder.climb().stage()).isEqualTo(Stage.SHADOW);
        assertThat(ladder.climb().burnIn()).isEqualTo(Climb.BurnIn.SKIPPED);
        assertThat(ladder.climb().soaking()).isEqualTo(Stage.SHADOW.soak());
    }

    @Test
    void whatIsNotBroughtOverIsNotWatched() {
        start();
        land.whole = false;
        ladder.step();
        clock.step(SOAK.multipliedBy(2));
        ladder.step();
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.MOVING);
        land.whole = true;
        soak();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.CANARY);
    }

    @Test
    void everyGateHalts() {
        Map<String, Runnable> failures = Map.of(
                "verification", () -> window.wrong(NAME),
                "errors", () -> {
                    for (int i = 0; i < 3; i++) window.failed(Act.WRITE, "Disk on fire");
                },
                "99 in 100 writes", () -> {
                    for (int i = 0; i < 200; i++) window.took(Act.WRITE, true, 80_000_000);
                },
                "99 in 100 reads", () -> {
                    for (int i = 0; i < 200; i++) window.took(Act.READ, true, 80_000_000);
                },
                "does not answer", () -> land.trouble = Optional.of("Probe was late"));
        failures.forEach((words, failure) -> {
            ladder = ladder(Climb.begin("nuovo", "pack", "/srv", "pack", "luca", clock.now(),
                    Duration.ofDays(30), null, 100));
            land.trouble = Optional.empty();
            start();
            ladder.step();
            measured(100);
            ladder.step();
            assertThat(ladder.climb().state()).isEqualTo(Climb.State.SOAKING);

            failure.run();
            ladder.step();

            assertThat(ladder.climb().state()).as(words).isEqualTo(Climb.State.HALTED);
            assertThat(ladder.climb().why()).contains(words);
            clock.step(SOAK.multipliedBy(5));
            ladder.step();
            assertThat(ladder.climb().stage()).isEqualTo(Stage.SHADOW);
        });
        assertThat(halts).hasSize(failures.size());
    }

    @Test
    void whatWasNotMeasuredIsNotGood() {
        start();
        ladder.step();
        measured(99);
        clock.step(SOAK);
        ladder.step();
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.HALTED);
        assertThat(ladder.climb().why()).contains("missing data: 99 writes");
    }

    @Test
    void anotherPartsTroubleIsWaitedForAndSaid() {
        start();
        ladder.step();
        measured(100);
        land.unfair = Optional.of("vault.rocksdb is gone");
        clock.step(SOAK);
        ladder.step();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.SHADOW);
        assertThat(ladder.waitsFor()).contains("vault.rocksdb is gone");
        land.unfair = Optional.empty();
        ladder.step();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.CANARY);
    }

    @Test
    void afterAHaltItGoesOnMeasuredAnewOrBackAtOnce() {
        start();
        soak();
        soak();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.ONE);
        window.wrong(NAME);
        ladder.step();
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.HALTED);

        ladder.goOn("luca", false);
        soak();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.TEN);

        ladder.rollBack("luca", Stage.CANARY);
        assertThat(land.entered.getLast()).isEqualTo(Stage.CANARY);
        assertThatThrownBy(() -> ladder.rollBack("luca", Stage.HALF))
                .hasMessageContaining("a lower stage is needed");
        ladder.rollBack("luca", Stage.ADDED);
        assertThat(land.entered.getLast()).isEqualTo(Stage.ADDED);
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.RESTING);
        // Done twice, it is done.
        ladder.rollBack("luca", Stage.ADDED);
    }

    /// Forced up it never counts as proven, whatever its time.
    @Test
    void forcedItGoesUpWithoutGatesAndStaysInProbation() {
        start();
        window.wrong(NAME);
        ladder.step();
        land.whole = false;
        land.trouble = Optional.of("Probe was late");
        ladder.goOn("luca", true);
        for (int i = 0; i < 20; i++) {
            clock.step(SOAK);
            ladder.step();
        }
        assertThat(ladder.climb().stage()).isEqualTo(Stage.ALL);
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.MOVING);
        clock.step(Duration.ofDays(100));
        assertThat(ladder.inProbation()).isPresent();
        assertThat(ladder.climb().evidence()).extracting(Evidence::what).contains("forced-on",
                "entered-without-gates");
    }

    @Test
    void everyStepIsKeptAndGoneOnWithAfterTheEndOfTheProcess() {
        start();
        soak();
        ladder.step();
        clock.step(SOAK.dividedBy(2));
        Climb before = ladder.climb();

        Climb read = Climb.of(land.kept);
        assertThat(read.lines()).isEqualTo(before.lines());
        assertThat(read.folder()).isEqualTo("/srv/nuovo vault");
        assertThat(read.stage()).isEqualTo(Stage.CANARY);
        assertThat(read.state()).isEqualTo(Climb.State.SOAKING);

        land.entered.clear();
        ladder = ladder(read);
        ladder.resume();
        assertThat(land.entered).containsExactly(Stage.CANARY);
        // The time is over, and what this process measured is too little to judge by: it waits, and does not halt.
        clock.step(SOAK.dividedBy(2).plusSeconds(1));
        ladder.step();
        assertThat(ladder.climb().state()).isEqualTo(Climb.State.SOAKING);
        assertThat(ladder.waitsFor()).hasValueSatisfying(why -> assertThat(why).contains("not enough was measured"));
        measured(100);
        ladder.step();
        assertThat(ladder.climb().stage()).isEqualTo(Stage.ONE);
    }
}
