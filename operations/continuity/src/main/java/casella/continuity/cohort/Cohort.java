package casella.continuity.cohort;

import casella.base.AccountId;
import java.util.Locale;
import java.util.Optional;

/// A stable slice of accounts: who moves to a new vault, or is let in again, at the same time.
public sealed interface Cohort {
    /// How many slices by hash there are: each one hundredth of the accounts.
    int SLICES = 100;

    /// Those who run the place. They go first.
    record Staff() implements Cohort {}

    /// Those who asked to go early.
    record Volunteers() implements Cohort {}

    /// One hundredth of everybody else.
    ///
    /// @param number 0 to 99
    record Slice(int number) implements Cohort {
        public Slice {
            if (number < 0 || number >= SLICES) throw new IllegalArgumentException("slice: must be 0 to 99");
        }
    }

    /// Returns where it stands in the order in which cohorts go: staff 0, volunteers 1, then the slices by number.
    default int order() {
        return switch (this) {
            case Staff _ -> 0;
            case Volunteers _ -> 1;
            case Slice(int number) -> 2 + number;
        };
    }

    /// Returns the name that commands use: `staff`, `volunteers`, `slice-07`.
    default String word() {
        return switch (this) {
            case Staff _ -> "staff";
            case Volunteers _ -> "volunteers";
            case Slice(int number) -> String.format(Locale.ROOT, "slice-%02d", number);
        };
    }

    /// Returns the cohort of that name.
    static Optional<Cohort> of(String word) {
        if (word.equals("staff")) return Optional.of(new Staff());
        if (word.equals("volunteers")) return Optional.of(new Volunteers());
        if (!word.matches("slice-[0-9]{2}")) return Optional.empty();
        return Optional.of(new Slice(Integer.parseInt(word.substring(6))));
    }

    /// Returns the slice an account is in while nobody moved it. The same for ever: what it is computed from is the id alone,
    /// mixed so that ids that lie close together lie in different slices.
    static Slice slice(AccountId account) {
        // The finalizer of MurmurHash3 (64 bits): every bit of the id reaches every bit of the result.
        long mixed = account.value();
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        mixed ^= mixed >>> 33;
        return new Slice((int) Long.remainderUnsigned(mixed, SLICES));
    }
}
