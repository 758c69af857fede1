package casella.incident.compensation;

import casella.base.AccountId;
import casella.base.Fault;
import casella.incident.availability.Span;
import casella.incident.compensation.Run.Act;
import casella.incident.compensation.Run.Line;
import casella.incident.compensation.Run.State;
import casella.sqlite.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of compensation. Page: docs/formats/compensation.md. Inside transactions of the caller's.
final class CompensationTables {
    private CompensationTables() {}

    /// What became of what one account is owed.
    enum Became {
        OWED(0),
        CREDITED(1),
        /// The account was not there any more.
        GONE(2),
        /// Taken back.
        ENDED(3);

        private final int code;

        /// @param code as it is kept; never another
        Became(int code) {
            this.code = code;
        }

        static Became of(int code) {
            for (Became one : values()) if (one.code == code) return one;
            throw new Fault.Corrupt("A row of a compensation has no known state", Map.of("state", code));
        }
    }

    /// One account's row.
    ///
    /// @param line number of the run's line
    /// @param told whether the owner was told
    /// @param at when it was credited, or the account was gone; 0 while it is owed
    /// @param ended when it was taken back; 0 where it was not
    record Row(AccountId account, int line, Became became, boolean told, long at, long ended) {}

    static void keepRules(Statements s, Rules rules, long at) throws SQLException {
        s.change("INSERT OR IGNORE INTO compensation_rules VALUES (?, ?, ?)", rules.digest(), at, rules.text());
    }

    static String rules(Statements s, String digest) throws SQLException {
        return s.row("SELECT text FROM compensation_rules WHERE digest = ?", row -> row.getString(1), digest)
                .orElseThrow(() -> new Fault.Corrupt("The rules of a compensation are not kept", Map.of()));
    }

    /// Begins a run; its lines and rows follow.
    static void begin(Statements s, Run run) throws SQLException {
        s.change("INSERT INTO compensation_runs VALUES (?, ?, ?, ?, ?, ?, ?, '', NULL, NULL)", run.id(),
                run.incident(), run.cause(), run.state().word(), run.rules(), run.window().from(),
                run.window().until());
    }

    static long lastId(Statements s) throws SQLException {
        return s.number("SELECT max(id) FROM compensation_runs");
    }

    static void state(Statements s, long run, State state) throws SQLException {
        s.change("UPDATE compensation_runs SET state = ? WHERE id = ?", state.word(), run);
    }

    /// Says where work on all rows begins: at the first.
    static void fromTheFirst(Statements s, long run) throws SQLException {
        s.change("UPDATE compensation_runs SET walked = NULL WHERE id = ?", run);
    }

    static void walked(Statements s, long run, AccountId to) throws SQLException {
        s.change("UPDATE compensation_runs SET walked = ? WHERE id = ?", to.value(), run);
    }

    static void digest(Statements s, long run, String digest) throws SQLException {
        s.change("UPDATE compensation_runs SET digest = ? WHERE id = ?", digest, run);
    }

    static void announced(Statements s, long run, @Nullable Instant at) throws SQLException {
        s.change("UPDATE compensation_runs SET announced = ? WHERE id = ?", at == null ? null : at.toEpochMilli(), run);
    }

    static void act(Statements s, long run, Act act) throws SQLException {
        s.change("INSERT INTO compensation_acts SELECT ?, 1 + count(*), ?, ?, ?, ?, ? FROM compensation_acts WHERE run = ?",
                run, act.at().toEpochMilli(), act.by().name(), act.by().user(), act.act(), act.words(), run);
    }

    static void line(Statements s, long run, Line line) throws SQLException {
        Owed owed = line.owed();
        s.change("INSERT INTO compensation_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", run, line.number(),
                owed.brand(), owed.plan(), owed.rule(), owed.percent(), owed.bytes(), owed.months(),
                line.accounts(), line.credited(), line.gone(), line.ended(), line.told());
    }

    /// Adds to what is counted of a line.
    static void count(Statements s, long run, int line, long credited, long gone, long ended, long told)
            throws SQLException {
        s.change("UPDATE compensation_lines SET credited = credited + ?, gone = gone + ?, ended = ended + ?,"
                + " told = told + ? WHERE run = ? AND line = ?", credited, gone, ended, told, run, line);
    }

    static void owe(Statements s, long run, AccountId account, int line) throws SQLException {
        s.change("INSERT INTO compensation_credits VALUES (?, ?, ?, ?, 0, NULL, NULL)", run, account.value(), line,
                Became.OWED.code);
    }

    /// Makes of a row that is owed what became of it.
    ///
    /// @return 1, or 0 where it was not owed
    static int become(Statements s, long run, AccountId account, Became to, long at) throws SQLException {
        return s.change("UPDATE compensation_credits SET state = ?, at = ? WHERE run = ? AND account = ? AND state = ?",
                to.code, at, run, account.value(), Became.OWED.code);
    }

    /// Says of a row that was credited that it was taken back.
    ///
    /// @return 1, or 0 where it was not credited
    static int end(Statements s, long run, AccountId account, long at) throws SQLException {
        return s.change("UPDATE compensation_credits SET state = ?, ended = ? WHERE run = ? AND account = ? AND state = ?",
                Became.ENDED.code, at, run, account.value(), Became.CREDITED.code);
    }

    /// @return 1, or 0 where it was so
    static int told(Statements s, long run, AccountId account) throws SQLException {
        return s.change("UPDATE compensation_credits SET told = 1 WHERE run = ? AND account = ? AND told = 0", run,
                account.value());
    }

    /// Returns rows after `after` (null: from the first), by their accounts as signed numbers.
    static List<Row> page(Statements s, long run, @Nullable AccountId after, int limit) throws SQLException {
        // A bound that no id is below: Long.MIN_VALUE is an id like any other.
        String sql = "SELECT account, line, state, told, at, ended FROM compensation_credits WHERE run = ? AND "
                + (after == null ? "account >= ?" : "account > ?") + " ORDER BY account LIMIT ?";
        return s.rows(sql, CompensationTables::row, run, after == null ? Long.MIN_VALUE : after.value(), limit);
    }

    static Optional<Row> of(Statements s, long run, AccountId account) throws SQLException {
        return s.row("SELECT account, line, state, told, at, ended FROM compensation_credits WHERE run = ? AND account = ?",
                CompensationTables::row, run, account.value());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(new AccountId(row.getLong(1)), row.getInt(2), Became.of(row.getInt(3)),
                row.getInt(4) == 1, row.getLong(5), row.getLong(6));
    }

    /// Removes at most `limit` rows of a run that never came to anything.
    ///
    /// @return how many
    static int forget(Statements s, long run, int limit) throws SQLException {
        return s.change("DELETE FROM compensation_credits WHERE run = ? AND account IN"
                + " (SELECT account FROM compensation_credits WHERE run = ? LIMIT ?)", run, run, limit);
    }

    static List<Long> ids(Statements s, long incident) throws SQLException {
        return s.rows("SELECT id FROM compensation_runs WHERE incident = ? ORDER BY id DESC", row -> row.getLong(1),
                incident);
    }

    static List<Long> ids(Statements s, State state) throws SQLException {
        return s.rows("SELECT id FROM compensation_runs WHERE state = ? ORDER BY id", row -> row.getLong(1),
                state.word());
    }

    /// Returns the newest `limit` of all.
    static List<Long> newest(Statements s, int limit) throws SQLException {
        return s.rows("SELECT id FROM compensation_runs ORDER BY id DESC LIMIT ?", row -> row.getLong(1), limit);
    }

    static Run run(Statements s, long id) throws SQLException {
        List<Line> lines = s.rows("SELECT line, brand, plan, rule, percent, bytes, months, accounts, credited, gone,"
                        + " ended, told FROM compensation_lines WHERE run = ? ORDER BY line",
                CompensationTables::line, id);
        List<Act> acts = s.rows("SELECT at, name, user, act, words FROM compensation_acts WHERE run = ? ORDER BY number",
                row -> new Act(Instant.ofEpochMilli(row.getLong(1)),
                        new Who(row.getString(2), row.getString(3)), row.getString(4), row.getString(5)), id);
        return s.row("SELECT id, incident, cause, state, rules, since, until, digest, walked, announced"
                        + " FROM compensation_runs WHERE id = ?", row -> run(row, lines, acts), id)
                .orElseThrow(() -> new IllegalArgumentException("run: there is no " + id));
    }

    private static Run run(ResultSet row, List<Line> lines, List<Act> acts) throws SQLException {
        AccountId walked = row.getObject(9) == null ? null : new AccountId(row.getLong(9));
        Instant announced = row.getObject(10) == null ? null : Instant.ofEpochMilli(row.getLong(10));
        return new Run(row.getLong(1), row.getLong(2), row.getString(3), State.of(row.getString(4)), row.getString(5),
                new Span(row.getLong(6), row.getLong(7)), row.getString(8), walked, announced, lines, acts);
    }

    private static Line line(ResultSet row) throws SQLException {
        var owed = new Owed(row.getString(2), row.getString(3), row.getString(4), row.getInt(5),
                row.getLong(6), row.getInt(7));
        return new Line(row.getInt(1), owed, row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11),
                row.getLong(12));
    }
}
