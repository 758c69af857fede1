package casella.incident.availability;

import casella.base.AccountId;
import casella.base.Fault;
import casella.sqlite.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of the record. Page: docs/formats/availability.md.
final class AvailabilityTables {
    private AvailabilityTables() {}

    /// The process that wrote last.
    ///
    /// @param at when it was there last
    /// @param clean whether it ended in order
    /// @param first when the record began
    record Beat(long at, boolean clean, long first) {}

    /// An account and its interval.
    record Own(AccountId account, Interval interval) {}

    static Optional<Beat> beat(Statements s) throws SQLException {
        return s.row("SELECT at, clean, first FROM availability_beat",
                row -> new Beat(row.getLong(1), row.getInt(2) != 0, row.getLong(3)));
    }

    /// Says that the process is there; the first time says also since when there is a record.
    static void beat(Statements s, long at, boolean clean) throws SQLException {
        s.change("INSERT INTO availability_beat VALUES (1, ?, ?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET at = excluded.at, clean = excluded.clean", at, clean ? 1 : 0, at);
    }

    /// @param until null while it goes on
    static void scope(Statements s, Scope scope, Cause cause, long since, @Nullable Long until)
            throws SQLException {
        s.change("INSERT OR REPLACE INTO availability_scopes VALUES (?, ?, ?, ?)",
                scope.text(), cause.word(), since, until);
    }

    /// @param until null while it goes on
    static void account(Statements s, AccountId account, Cause cause, long since, @Nullable Long until)
            throws SQLException {
        s.change("INSERT OR REPLACE INTO availability_accounts VALUES (?, ?, ?, ?)",
                account.value(), since, cause.word(), until);
    }

    /// Ends what the process before left open, at `at`: what came after is the gap's.
    static void endOpen(Statements s, long at) throws SQLException {
        s.change("UPDATE availability_scopes SET until = max(since, ?) WHERE until IS NULL", at);
        s.change("UPDATE availability_accounts SET until = max(since, ?) WHERE until IS NULL", at);
    }

    /// Returns the accounts whose interval of that cause is open, at most `limit`.
    static List<Own> open(Statements s, Cause cause, int limit) throws SQLException {
        return s.rows("SELECT account, since FROM availability_accounts WHERE until IS NULL AND cause = ? LIMIT ?",
                row -> new Own(new AccountId(row.getLong(1)),
                        new Interval(cause, new Span(row.getLong(2), row.getLong(2)))),
                cause.word(), limit);
    }

    /// Returns what touches `window`, what goes on ending at `now`.
    static List<Interval.OfScope> scopes(Statements s, Span window, long now) throws SQLException {
        return s.rows(
                "SELECT scope, cause, since, ifnull(until, ?) FROM availability_scopes"
                        + " WHERE since < ? AND ifnull(until, ?) > ? ORDER BY since",
                row -> new Interval.OfScope(
                        Scope.of(row.getString(1)).orElseThrow(() -> unknown("scope")), interval(row, 2)),
                now, window.until(), now, window.from());
    }

    /// Returns what began before the end of `window` and goes on.
    static List<Interval.OfScope> goOn(Statements s, Span window, long now) throws SQLException {
        return s.rows(
                "SELECT scope, cause, since, ? FROM availability_scopes WHERE until IS NULL AND since < ?"
                        + " ORDER BY since",
                row -> new Interval.OfScope(
                        Scope.of(row.getString(1)).orElseThrow(() -> unknown("scope")), interval(row, 2)),
                now, window.until());
    }

    /// Returns at how many accounts something began before the end of `window` and goes on.
    static long accountsGoOn(Statements s, Span window) throws SQLException {
        return s.number("SELECT count(DISTINCT account) FROM availability_accounts WHERE until IS NULL"
                + " AND since < ?", window.until());
    }

    /// Returns what was measured at one account and touches `window`, at most `limit`, the newest first.
    static List<Interval> of(Statements s, AccountId account, Span window, long now, int limit)
            throws SQLException {
        return s.rows("SELECT cause, since, ifnull(until, ?) FROM availability_accounts"
                        + " WHERE account = ? AND since < ? AND ifnull(until, ?) > ? ORDER BY since DESC LIMIT ?",
                row -> interval(row, 1), now, account.value(), window.until(), now, window.from(), limit);
    }

    /// Returns what was measured at accounts after `after` (null: from the first), by their ids as signed numbers, and touches
    /// `window`; at most `limit` rows: those of the last account may be more.
    static List<Own> page(Statements s, @Nullable AccountId after, Span window, long now, int limit)
            throws SQLException {
        // A bound that no id is below: Long.MIN_VALUE is an id like any other.
        String sql = "SELECT cause, since, ifnull(until, ?), account FROM availability_accounts WHERE "
                + (after == null ? "account >= ?" : "account > ?")
                + " AND since < ? AND ifnull(until, ?) > ? ORDER BY account LIMIT ?";
        return s.rows(sql, row -> new Own(new AccountId(row.getLong(4)), interval(row, 1)),
                now, after == null ? Long.MIN_VALUE : after.value(), window.until(), now, window.from(),
                limit);
    }

    static void forget(Statements s, AccountId account) throws SQLException {
        s.change("DELETE FROM availability_accounts WHERE account = ?", account.value());
    }

    static void forgetBefore(Statements s, long time) throws SQLException {
        s.change("DELETE FROM availability_scopes WHERE until < ?", time);
        s.change("DELETE FROM availability_accounts WHERE until < ?", time);
    }

    private static Interval interval(ResultSet row, int column) throws SQLException {
        Cause cause = Cause.of(row.getString(column)).orElseThrow(() -> unknown("cause"));
        return new Interval(cause, new Span(row.getLong(column + 1), row.getLong(column + 2)));
    }

    private static Fault.Corrupt unknown(String what) {
        return new Fault.Corrupt("The availability record has a row of no known kind", Map.of("what", what));
    }
}
