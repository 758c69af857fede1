package casella.directory;

import casella.base.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One owner's entry in the directory.
///
/// @param id its number for ever
/// @param address the primary address as it was written when entered, domain in lower case
/// @param brand name of a [Brand]
/// @param plan name of a [Plan]
/// @param displayName what letters from it carry as a name; may be empty
/// @param state whether it can be logged in to and written to
/// @param created when it was entered
/// @param paidUntil until when it is paid; null for what is never paid
/// @param language BCP 47 tag: `it`, `en`
/// @param allowanceBytes how much mail it may hold beyond its plan's quota
public record Account(
        AccountId id,
        String address,
        String brand,
        String plan,
        String displayName,
        State state,
        Instant created,
        @Nullable Instant paidUntil,
        String language,
        long allowanceBytes) {

    /// An account that may hold what its plan says.
    public Account(
            AccountId id,
            String address,
            String brand,
            String plan,
            String displayName,
            State state,
            Instant created,
            @Nullable Instant paidUntil,
            String language) {
        this(id, address, brand, plan, displayName, state, created, paidUntil, language, 0);
    }

    /// What may be done with an account.
    public enum State {
        /// Log-in, reading, receiving, sending.
        ACTIVE,
        /// No log-in and no new mail; everything is kept.
        DISABLED,
        /// Marked for erasure: no log-in, no new mail, the address stays reserved.
        WIPED;

        /// Returns the name as commands and the database write it: `active`.
        public String word() {
            return switch (this) {
                case ACTIVE -> "active";
                case DISABLED -> "disabled";
                case WIPED -> "wiped";
            };
        }

        static State of(String word) {
            for (State state : values()) if (state.word().equals(word)) return state;
            throw new IllegalArgumentException("state: must be active, disabled or wiped");
        }
    }

    /// Returns how much mail it may hold with `plan`, its own.
    public long quotaBytes(Plan plan) {
        long room = Long.MAX_VALUE - plan.quotaBytes();
        return plan.quotaBytes() + Math.min(room, allowanceBytes);
    }

    public boolean active() {
        return state == State.ACTIVE;
    }
}
