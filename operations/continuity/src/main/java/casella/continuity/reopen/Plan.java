package casella.continuity.reopen;

import casella.continuity.cohort.Cohort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// In which order everybody is let in: staff, volunteers, those who pay where that was asked, then slices, few at first.
///
/// @param steps in their order
public record Plan(boolean paidFirst, List<Step> steps) {
    /// Up to which slice each step goes: one hundredth shows what a hundred times as many will do.
    private static final int[] SLICES_UNTIL = {1, 2, 5, 10, 20, 35, 50, 75, 100};

    /// Who is let in together.
    public sealed interface Step {
        record Staff() implements Step {}

        record Volunteers() implements Step {}

        /// Those whose plan is paid for.
        record Paid() implements Step {}

        /// @param from inclusive, 0 to 99
        /// @param until exclusive
        record Slices(int from, int until) implements Step {}

        /// Returns what it is called, for people: `slices 05 to 09`.
        default String word() {
            return switch (this) {
                case Staff _ -> "staff";
                case Volunteers _ -> "volunteers";
                case Paid _ -> "paid plans";
                case Slices(int from, int until) -> from + 1 == until
                        ? String.format(Locale.ROOT, "slice %02d", from)
                        : String.format(Locale.ROOT, "slices %02d to %02d", from, until - 1);
            };
        }

        /// Returns how many hundredths of all accounts it lets in; 0 for those whose number no slice tells.
        default int share() {
            return switch (this) {
                case Staff _, Volunteers _, Paid _ -> 0;
                case Slices(int from, int until) -> until - from;
            };
        }
    }

    public Plan {
        steps = List.copyOf(steps);
    }

    public static Plan of(boolean paidFirst) {
        var steps = new ArrayList<Step>(List.of(new Step.Staff(), new Step.Volunteers()));
        if (paidFirst) steps.add(new Step.Paid());
        int from = 0;
        for (int until : SLICES_UNTIL) {
            steps.add(new Step.Slices(from, until));
            from = until;
        }
        return new Plan(paidFirst, steps);
    }

    /// Returns which step lets in an account of `cohort`, from 0.
    ///
    /// @param paid whether its plan is paid for
    public int step(Cohort cohort, boolean paid) {
        for (int i = 0; i < steps.size(); i++) {
            boolean here = switch (steps.get(i)) {
                case Step.Staff _ -> cohort instanceof Cohort.Staff;
                case Step.Volunteers _ -> cohort instanceof Cohort.Volunteers;
                case Step.Paid _ -> paid;
                case Step.Slices(int from, int until) ->
                    cohort instanceof Cohort.Slice(int number) && number >= from && number < until;
            };
            if (here) return i;
        }
        throw new IllegalStateException("a cohort in no step: " + cohort.word());
    }

    /// Returns how many hundredths of all accounts the first `count` steps let in.
    public int shareOf(int count) {
        return steps.subList(0, count).stream().mapToInt(Step::share).sum();
    }
}
