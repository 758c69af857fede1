package casella.continuity.ladder;

import casella.continuity.cohort.Cohort;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// How far up a new vault is. From [#SHADOW] on it gets every write; from [#CANARY] on it also has all mail of the cohorts up
/// to [#limit], and is read first for them.
public enum Stage {
    /// It is open, and gets nothing.
    ADDED("added", 0, Duration.ZERO),
    /// It gets every write; nobody reads from it.
    SHADOW("shadow", 0, Duration.ofDays(1)),
    /// Staff and volunteers.
    CANARY("canary", 2, Duration.ofDays(1)),
    ONE("1%", 3, Duration.ofDays(1)),
    TEN("10%", 12, Duration.ofDays(2)),
    HALF("50%", 52, Duration.ofDays(3)),
    ALL("100%", 2 + Cohort.SLICES, Duration.ofDays(7));

    private final String word;
    private final int limit;
    private final Duration soak;

    Stage(String word, int limit, Duration soak) {
        this.word = word;
        this.limit = limit;
        this.soak = soak;
    }

    /// Returns how commands name it: `10%`.
    public String word() {
        return word;
    }

    /// Returns how the gauge shows it: 0 to 6.
    public int number() {
        return Arrays.asList(values()).indexOf(this);
    }

    /// Returns below which order ([Cohort#order]) cohorts are moved.
    public int limit() {
        return limit;
    }

    /// Returns how long it is watched before the next, where nobody says otherwise.
    public Duration soak() {
        return soak;
    }

    public Optional<Stage> next() {
        return switch (this) {
            case ADDED -> Optional.of(SHADOW);
            case SHADOW -> Optional.of(CANARY);
            case CANARY -> Optional.of(ONE);
            case ONE -> Optional.of(TEN);
            case TEN -> Optional.of(HALF);
            case HALF -> Optional.of(ALL);
            case ALL -> Optional.empty();
        };
    }

    public static Optional<Stage> of(String word) {
        return Arrays.stream(values()).filter(stage -> stage.word.equals(word)).findFirst();
    }

    static String words() {
        return String.join(", ", Arrays.stream(values()).map(Stage::word).toList());
    }
}
