package casella.bench.reopening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves on a small world that opening all at once overruns the store for hours and that the server's own controllers let
/// everybody in without it: recovery by steps only ever grows, and nobody whose turn it is waits for hours.
final class SimulationTest {
    private static final World WORLD = World.of(60_000, 7, 8);
    private static final int TWO_HOURS = 120;

    @Test
    void allAtOnceCollapsesAndStepsDoNot() {
        Simulation.Run atOnce = Simulation.run(WORLD, false);
        Simulation.Run bySteps = Simulation.run(WORLD, true);

        List<Simulation.Point> first = atOnce.points().subList(10, TWO_HOURS);
        double possible = WORLD.opsPerSecond() / Client.PHONE.calls();
        assertThat(first).as("a third of what the store could do, at most, with several times as much asked of it")
                .allSatisfy(point -> {
                    assertThat(point.granted()).isLessThan(possible / 3);
                    assertThat(point.tried()).isGreaterThan(possible * 2);
                    assertThat(point.p99Millis()).isEqualTo(10_000);
                });
        assertThat(atOnce.points().get(TWO_HOURS).in()).isLessThan(WORLD.accounts() * 3 / 10);
        assertThat(atOnce.wasted()).as("in vain").isGreaterThan(5 * atOnce.granted());

        assertThat(bySteps.wasted()).as("in vain").isLessThan(bySteps.granted() / 2).isLessThan(atOnce.wasted() / 10);
        assertThat(bySteps.broken()).isLessThan(WORLD.accounts() / 20L);
        int most = 0;
        for (Simulation.Point point : bySteps.points()) {
            assertThat(point.in()).as("at %d s", point.second()).isGreaterThan(most - WORLD.accounts() / 100);
            most = Math.max(most, point.in());
        }
        assertThat(bySteps.last().in()).isGreaterThan(WORLD.accounts() * 99 / 100);
        assertThat(bySteps.last().backlog()).as("and their mail is filed").isZero();
        assertThat(bySteps.lineSeconds()).as("99 of 100 whose turn it is, with the back-off of their own programs")
                .isLessThan(2 * 3_600);
        assertThat(refused(bySteps)).as("other servers hand over their mail").isLessThan(refused(atOnce) / 100);
    }

    private static double refused(Simulation.Run run) {
        return run.points().stream().mapToDouble(Simulation.Point::refused).sum();
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        World small = World.of(3_000, 11, 2);
        assertThat(Simulation.run(small, true)).isEqualTo(Simulation.run(small, true));
        assertThat(Simulation.run(small, true)).isNotEqualTo(Simulation.run(World.of(3_000, 12, 2), true));
    }

    @Test
    void thePlotShowsBothOpenings() {
        World small = World.of(3_000, 11, 2);
        String svg = ReopenPlot.svg(small, Simulation.run(small, false), Simulation.run(small, true));
        assertThat(svg).startsWith("<svg").endsWith("</svg>\n").contains("3,000 owners come back after three days");
        assertThat(svg.split("<polyline", -1)).hasSize(7);
    }
}
