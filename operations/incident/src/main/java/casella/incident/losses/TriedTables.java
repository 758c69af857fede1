package casella.incident.losses;

import casella.base.AccountId;
import casella.incident.availability.Span;
import casella.sqlite.Statements;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rows of who tried. Page: docs/formats/losses.md.
final class TriedTables {
    /// Rows of one account: a flood of invented senders fills its own record alone.
    static final int OF_ACCOUNT_MAX = 1_000;
    /// What a row takes beside its texts, in the table and its indexes.
    private static final int ROW_BYTES = 160;

    private TriedTables() {}

    /// How much there is.
    record Room(long rows, long bytes) {}

    static Room room(Statements s) throws SQLException {
        return s.row("SELECT count(*), ifnull(sum(bytes), 0) FROM losses_tried",
                row -> new Room(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    /// Counts the attempt to the row of the same sender, account and message that nothing came of yet.
    ///
    /// @param message hash of its Message-ID; empty where it is not known
    /// @return false if there is no such row
    static boolean again(Statements s, Attempt attempt, AccountId account, String message)
            throws SQLException {
        return s.change("UPDATE losses_tried SET last = max(last, ?), tries = tries + 1, code = ?, reason = ?, remote = ?"
                        + " WHERE account = ? AND sender = ? AND message = ? AND later IS NULL",
                attempt.at(), attempt.code(), attempt.reason(), attempt.remote(), account.value(),
                attempt.sender(), message) > 0;
    }

    /// Adds a row; returns its bytes, 0 if the account has too many.
    static long add(Statements s, Attempt attempt, AccountId account, String message) throws SQLException {
        if (s.number("SELECT count(*) FROM losses_tried WHERE account = ?", account.value()) >= OF_ACCOUNT_MAX) {
            return 0;
        }
        long bytes = ROW_BYTES + message.length() + attempt.reason().length() + attempt.remote().length()
                + 2L * attempt.sender().getBytes(StandardCharsets.UTF_8).length;
        s.change("INSERT INTO losses_tried (account, sender, message, first, last, tries, code, reason, remote, bytes)"
                        + " VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
                account.value(), attempt.sender(), message, attempt.at(), attempt.at(), attempt.code(),
                attempt.reason(), attempt.remote(), bytes);
        return bytes;
    }

    /// Marks what came after all: rows of the same message, and those of the sender of which no message was ever seen.
    static void came(Statements s, AccountId account, String sender, String message, long at)
            throws SQLException {
        s.change("UPDATE losses_tried SET later = max(last, ?)"
                        + " WHERE account = ? AND sender = ? AND message IN ('', ?) AND later IS NULL",
                at, account.value(), sender, message);
    }

    /// Returns sender and account of rows of which nothing came yet and that tried since `time`.
    static List<Attempts.Pair> open(Statements s, long time, int limit) throws SQLException {
        return s.rows("SELECT DISTINCT account, sender FROM losses_tried WHERE later IS NULL AND last >= ? LIMIT ?",
                row -> new Attempts.Pair(new AccountId(row.getLong(1)), row.getString(2)), time, limit);
    }

    static List<Tried> of(Statements s, AccountId account, Span window, int limit) throws SQLException {
        return s.rows("SELECT account, first, last, tries, sender, remote, code, reason, later FROM losses_tried"
                        + " WHERE account = ? AND first < ? AND last >= ? ORDER BY last DESC, id DESC LIMIT ?",
                TriedTables::tried, account.value(), window.until(), window.from(), limit);
    }

    static Tried.Count count(Statements s, @Nullable AccountId account, Span window) throws SQLException {
        String sql = "SELECT count(*), ifnull(sum(later IS NULL), 0) FROM losses_tried"
                + " WHERE first < ? AND last >= ?";
        Statements.Row<Tried.Count> count = row -> new Tried.Count(row.getLong(1), row.getLong(2));
        return (account == null ? s.row(sql, count, window.until(), window.from())
                : s.row(sql + " AND account = ?", count, window.until(), window.from(), account.value()))
                .orElseThrow();
    }

    static SortedMap<AccountId, Tried.Count> counts(
            Statements s, @Nullable AccountId after, Span window, int limit) throws SQLException {
        var counts = new TreeMap<AccountId, Tried.Count>(Comparator.comparingLong(AccountId::value));
        // A bound that no id is below: Long.MIN_VALUE is an id like any other.
        String sql = "SELECT account, count(*), sum(later IS NULL) FROM losses_tried WHERE account "
                + (after == null ? ">= ?" : "> ?")
                + " AND first < ? AND last >= ? GROUP BY account ORDER BY account LIMIT ?";
        s.rows(sql, row -> Map.entry(new AccountId(row.getLong(1)), new Tried.Count(row.getLong(2),
                row.getLong(3))),
                        after == null ? Long.MIN_VALUE : after.value(), window.until(), window.from(), limit)
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /// Removes at most `limit` rows that tried last before `time`; returns how many.
    static int forgetBefore(Statements s, long time, int limit) throws SQLException {
        return s.change("DELETE FROM losses_tried WHERE id IN"
                + " (SELECT id FROM losses_tried WHERE last < ? ORDER BY last LIMIT ?)", time, limit);
    }

    static void forget(Statements s, AccountId account) throws SQLException {
        s.change("DELETE FROM losses_tried WHERE account = ?", account.value());
    }

    private static Tried tried(ResultSet row) throws SQLException {
        long later = row.getLong(9);
        @Nullable Long came = row.wasNull() ? null : later;
        return new Tried(new AccountId(row.getLong(1)), row.getLong(2), row.getLong(3), row.getLong(4),
                row.getString(5), row.getString(6), row.getInt(7), row.getString(8), came);
    }
}
