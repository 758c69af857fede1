package casella.store.deletion;

import casella.base.AccountId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why the collector stands and asks.
///
/// @param account whose email it is about; null for none
/// @param what a sentence with the figures
public record Brake(Reason reason, @Nullable AccountId account, String what) {
    /// What it does not go on against by itself.
    public enum Reason {
        /// Wall clock and monotonic clock do not agree, or the time since the last run is not believed.
        CLOCK,
        /// What it knew of time and of usual volumes is lost.
        MEMORY,
        /// More would be deleted than is usual.
        VOLUME,
        /// More accounts would be erased than is usual.
        ERASURES,
        /// Something to be deleted is live in engine, journal or checkpoint.
        LIVE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Brake clock(String what) {
        return new Brake(Reason.CLOCK, null, what);
    }

    /// Ends a run from within.
    static final class Pulled extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Brake brake;

        Pulled(Brake brake) {
            super(brake.what(), null, false, false);
            this.brake = brake;
        }

        Brake brake() {
            return brake;
        }
    }
}
