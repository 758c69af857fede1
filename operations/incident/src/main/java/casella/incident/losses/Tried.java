package casella.incident.losses;

import casella.base.AccountId;
import casella.incident.Desk;
import casella.incident.availability.Span;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A sender whose mail for an account was not taken, and how often it tried: what an owner reads as "these senders tried".
///
/// @param first when it tried first, in milliseconds since 1970
/// @param last when it tried last
/// @param sender empty for a delivery notice
/// @param remote where it came from; empty for our own users
/// @param code of the last answer; 0 where the connection broke
/// @param reason of the last answer
/// @param later when the same came after all; null where it has not
public record Tried(
        AccountId account, long first, long last, long tries, String sender, String remote, int code,
        String reason, @Nullable Long later) {

    /// How many senders tried.
    ///
    /// @param senders one for each sender and message, or sender alone where the message was never seen
    /// @param gone those of them of which nothing came later: they may have given up
    public record Count(long senders, long gone) {
        public static final Count NONE = new Count(0, 0);

        public Count plus(Count other) {
            return new Count(senders + other.senders, gone + other.gone);
        }
    }

    /// Reads what was written down. Answers whatever engine and vaults do; what happened in the last second may not be in it.
    public static final class Kept {
        /// Rows of one account that are shown: the newest. No account has more.
        static final int SHOWN_MAX = TriedTables.OF_ACCOUNT_MAX;

        private final Desk desk;

        public Kept(Desk desk) {
            this.desk = desk;
        }

        /// Returns who tried in a window, the newest first.
        public List<Tried> of(AccountId account, Span window) {
            return desk.read(s -> TriedTables.of(s, account, window, SHOWN_MAX));
        }

        /// Returns how many tried for one account in a window.
        public Count count(AccountId account, Span window) {
            return desk.read(s -> TriedTables.count(s, account, window));
        }

        /// Returns how many tried for each account that somebody tried for, by ids as signed numbers, at most `limit` after `after`
        /// (null: from the first).
        public SortedMap<AccountId, Count> counts(@Nullable AccountId after, Span window, int limit) {
            return desk.read(s -> TriedTables.counts(s, after, window, limit));
        }

        /// Returns how many tried for all accounts together.
        public Count count(Span window) {
            return desk.read(s -> TriedTables.count(s, null, window));
        }
    }
}
