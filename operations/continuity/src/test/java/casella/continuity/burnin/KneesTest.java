package casella.continuity.burnin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Proves that a bend is found where it is, and nothing is called one that is none.
final class KneesTest {
    private static final double[] LEVELS =
            Levels.to(1_200_000).stream().mapToDouble(Long::doubleValue).toArray();

    /// What 99 in 100 take at each level, give or take a third.
    private static double[] noisy(long seed, DoubleUnaryOperator millis) {
        var random = new Random(seed);
        var out = new double[LEVELS.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = millis.applyAsDouble(LEVELS[i]) * (1 + 0.33 * (2 * random.nextDouble() - 1));
        }
        return out;
    }

    @Test
    void whatIsFlatHasNoKneeAlsoWithOneSlowMoment() {
        for (int seed = 0; seed < 200; seed++) {
            double[] flat = noisy(seed, _ -> 5);
            assertThat(Knees.find(LEVELS, flat)).as("seed %d", seed).isEmpty();
            flat[new Random(seed).nextInt(flat.length)] = 900;
            assertThat(Knees.find(LEVELS, flat)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void whatGrowsInProportionFromTheStartHasNoKnee() {
        for (int seed = 0; seed < 200; seed++) {
            assertThat(Knees.find(LEVELS, noisy(seed, level -> level / 10_000))).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void whatIsQuickAtBothEndsIsNobodysTrouble() {
        for (int seed = 0; seed < 200; seed++) {
            double[] quick = noisy(seed, level -> level < 600_000 ? 0.1 : 0.1 * Math.pow(level / 600_000, 2));
            assertThat(Knees.find(LEVELS, quick)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void aKneeIsFoundWhereItIs() {
        for (double at : new double[] {200_000, 400_000, 600_000}) {
            for (int seed = 0; seed < 100; seed++) {
                double[] bent = noisy(seed, level -> level <= at ? 4 : 4 * Math.pow(level / at, 3));
                Knees.Found found = Knees.find(LEVELS, bent).orElseThrow();
                assertThat(LEVELS[found.index()]).as("seed %d", seed).isBetween(at * 0.45, at * 1.6);
                assertThat(found.before()).isBetween(2.6, 5.4);
                assertThat(found.growth()).isBetween(1.5, 5.0);
            }
        }
    }

    @Test
    void aStepIsOneToo() {
        for (int seed = 0; seed < 100; seed++) {
            double[] stepped = noisy(seed, level -> level <= 800_000 ? 4 : 40);
            Knees.Found found = Knees.find(LEVELS, stepped).orElseThrow();
            assertThat(LEVELS[found.index()]).as("seed %d", seed).isBetween(700_000.0, 900_000.0);
        }
    }

    @Test
    void ofTooFewLevelsNothingIsSaid() {
        assertThat(Knees.find(new double[] {1, 2, 3, 4, 5}, new double[] {1, 1, 1, 100, 1_000})).isEmpty();
    }
}
