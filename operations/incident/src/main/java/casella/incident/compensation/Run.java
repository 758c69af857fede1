package casella.incident.compensation;

import casella.base.AccountId;
import casella.incident.availability.Span;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One compensation of one incident, from its preview on.
///
/// @param id milliseconds since 1970 of its preview, or a few more: never used again, also not by a desk begun anew
/// @param cause under which the directory keeps what it gives
/// @param rules digest of the rules
/// @param window what was measured
/// @param digest of rules, window and who gets what; empty until the list is whole
/// @param walked the last account the work that is under way is done with
/// @param announced when everybody was told; null until then
/// @param lines who gets what, together
/// @param acts all that was done with it, oldest first
public record Run(
        long id, long incident, String cause, State state, String rules, Span window, String digest,
        @Nullable AccountId walked, @Nullable Instant announced, List<Line> lines, List<Act> acts) {
    public Run {
        lines = List.copyOf(lines);
        acts = List.copyOf(acts);
    }

    /// How far it is.
    public enum State {
        /// Its list is being made; broken off, it is nothing.
        PREVIEWING,
        PREVIEWED,
        /// There is a newer preview.
        SUPERSEDED,
        APPROVED,
        APPLYING,
        APPLIED,
        REVOKING,
        REVOKED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            for (State one : values()) if (one.word().equals(word)) return one;
            throw new IllegalArgumentException("state: there is no '" + word + "'");
        }

        /// Says whether another run of the incident may not begin beside it. The table's index says the same.
        boolean holds() {
            return switch (this) {
                case APPROVED, APPLYING, APPLIED, REVOKING -> true;
                case PREVIEWING, PREVIEWED, SUPERSEDED, REVOKED -> false;
            };
        }
    }

    /// Accounts that are owed the same.
    ///
    /// @param accounts how many
    /// @param credited those of them that were given it
    /// @param gone those that were no longer there
    /// @param ended those from which it was taken back
    /// @param told those whose owners were told, or have nobody to tell
    public record Line(
            int number, Owed owed, long accounts, long credited, long gone, long ended, long told) {}

    /// What was done.
    ///
    /// @param act `previewed`, `approved`, `applied`, `revoked` when it was ordered; `credited`, `ended`, `announced` when the work was done
    /// @param words what was said with it; may be empty
    public record Act(Instant at, Who by, String act, String words) {}

    /// Returns who did something with it last.
    public Optional<Who> by(String act) {
        return last(act).map(Act::by);
    }

    /// Returns the last such act.
    public Optional<Act> last(String act) {
        return acts.reversed().stream().filter(one -> one.act().equals(act)).findFirst();
    }

    /// Returns how many accounts are given something.
    public long owing() {
        return lines.stream().filter(line -> line.owed().something()).mapToLong(Line::accounts).sum();
    }

    /// Returns how many of those the crediting is done with.
    public long done() {
        return lines.stream().mapToLong(line -> line.credited() + line.gone()).sum();
    }
}
