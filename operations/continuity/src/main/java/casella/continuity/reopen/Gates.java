package casella.continuity.reopen;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// What must be good for another step. What cannot be measured, or was not lately, is not good.
///
/// @param errorsMax share of what owners asked that may fail, 0 to 1
/// @param p99MillisMax within which 99 of 100 answers must come
/// @param backlogMax how long the oldest mail may have waited of those who are in
/// @param waitMillisMax for how long a call to the store may wait before fewer owners are let in
/// @param fresh how old a measure may be
public record Gates(
        double errorsMax, double p99MillisMax, Duration backlogMax, double waitMillisMax, Duration fresh) {
    public static final Gates STANDARD =
            new Gates(0.02, 1_000, Duration.ofMinutes(10), 300, Duration.ofSeconds(15));

    /// The backlog makes room at a third of what owners do.
    private static final double YIELDS = 3;

    /// What is looked at.
    public enum Kind {
        ERRORS,
        P99,
        BACKLOG,
        STORAGE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How one gate stands.
    ///
    /// @param seen what was measured and what may be, for people
    public record Gate(Kind kind, boolean good, String seen) {}

    /// Returns how each gate stands at `nowNanos`.
    public List<Gate> look(Measured measured, long nowNanos) {
        boolean old = nowNanos - measured.atNanos() > fresh.toNanos();
        Measured now = old ? Measured.nothing(measured.atNanos()) : measured;
        return List.of(
                gate(Kind.ERRORS, now.errors(), errorsMax, 100, "%.1f %% of what owners ask fails, at most %.1f %%"),
                gate(Kind.P99, now.p99Millis(), p99MillisMax, 1, "99 of 100 answers within %.0f ms, at most %.0f ms"),
                gate(Kind.BACKLOG, now.backlogSeconds(), backlogMax.toMillis() / 1e3, 1,
                        "the oldest mail to file waits for %.0f s, at most %.0f s"),
                storage(now.gone()));
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private static Gate gate(Kind kind, OptionalDouble value, double most, double unit, String text) {
        if (value.isEmpty() || Double.isNaN(value.getAsDouble())) return new Gate(kind, false, "no figure");
        double now = value.getAsDouble();
        return new Gate(kind, now <= most, String.format(Locale.ROOT, text, now * unit, most * unit));
    }

    private static Gate storage(Optional<List<String>> gone) {
        if (gone.isEmpty()) return new Gate(Kind.STORAGE, false, "no figure");
        List<String> names = gone.get();
        return new Gate(Kind.STORAGE, names.isEmpty(), names.isEmpty() ? "all answer" : "gone: " + String.join(", ", names));
    }

    /// Says whether fewer owners must be let in: calls wait, or a part that they need is gone.
    boolean strained(Measured now) {
        return now.waitMillis() > waitMillisMax || !now.gone().orElse(List.of()).isEmpty();
    }

    /// Says whether the backlog must make room for owners: asked at each round of the drain, of the wait as it is then.
    public boolean crowded(double waitMillis) {
        return waitMillis > waitMillisMax / YIELDS;
    }
}
