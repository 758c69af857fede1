package casella.server.control;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a running server knows of itself.
public interface Parts {
    /// How the parts are now. Must answer at once, from memory.
    List<Part> parts();

    /// What has fewer copies than the policy asks for. Must answer at once, from memory.
    Debt debt();

    /// What the holes came to over which accounts were opened. Must answer at once, from memory.
    default Holes holes() {
        return Holes.NONE;
    }

    /// Accounts that lost engine and tail together, since the data folder was made.
    ///
    /// @param opened holes over which an account was opened
    /// @param possibleDuplicates mails filed over one that may be there twice
    /// @param newest when the newest was opened; null when there is none or nobody knows
    record Holes(long opened, long possibleDuplicates, @Nullable Instant newest) {
        public static final Holes NONE = new Holes(0, 0, null);
    }

    /// One part of the server.
    ///
    /// @param name `engine`, `tail`, `vault.pack`, `directory`, `listener.imap`
    /// @param detail a constant sentence; empty when whole
    /// @param since since when it is so; null where nobody knows
    record Part(String name, State state, String detail, @Nullable Instant since) {
        public Part(String name, State state, String detail) {
            this(name, state, detail, null);
        }

        public static Part whole(String name) {
            return new Part(name, State.WHOLE, "");
        }
    }

    /// How a part is.
    enum State {
        WHOLE,
        /// It serves, with less than it should have.
        DEGRADED,
        /// It does not serve; others stand in for it where they can.
        GONE;

        public String word() {
            return switch (this) {
                case WHOLE -> "whole";
                case DEGRADED -> "degraded";
                case GONE -> "gone";
            };
        }
    }

    /// Copies debt.
    ///
    /// @param oldestSeconds age of the oldest object that lacks a copy, 0 without debt
    record Debt(long objects, long bytes, long accounts, long oldestSeconds, Paying paying) {
        public static final Debt NONE = new Debt(0, 0, 0, 0, Paying.NOTHING);
    }

    /// What is known of the debt, and how it is being paid.
    ///
    /// @param surveyed whether all that is owed is known
    /// @param paid debts paid since the start
    /// @param lost objects of which no vault has a good copy
    record Paying(boolean surveyed, long paid, long lost, List<VaultDebt> vaults) {
        public static final Paying NOTHING = new Paying(true, 0, 0, List.of());

        public Paying {
            vaults = List.copyOf(vaults);
        }
    }

    /// What one vault owes.
    ///
    /// @param state of its breaker: closed, returning, open
    /// @param removals objects that ended and that it may still have
    /// @param rebuildable accounts that could be rebuilt from it alone, now
    /// @param known accounts there are
    /// @param provenSince every object was read and right since; null before the first pass
    /// @param notWhole accounts that were not whole in the last pass
    record VaultDebt(
            String name,
            String technology,
            String state,
            long objects,
            long bytes,
            long accounts,
            long removals,
            long rebuildable,
            long known,
            @Nullable Instant provenSince,
            int notWhole) {}
}
