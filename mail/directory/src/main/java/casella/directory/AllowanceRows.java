package casella.directory;

import casella.base.AccountId;
import casella.directory.Registrar.Allowance;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes what accounts may hold beyond their plans; inside a transaction of the caller's.
///
/// A row stays for ever: one that ended says when, and keeps the same grant from being given again by somebody who comes late.
final class AllowanceRows {
    static final int COUNT_MAX = 10_000;

    private AllowanceRows() {}

    /// Gives what is not there yet; of 0 bytes only looks who is there.
    ///
    /// @param now milliseconds since 1970
    static Set<AccountId> give(Statements s, List<Allowance> some, long now) throws SQLException {
        var have = new HashSet<AccountId>();
        for (Allowance one : some) {
            long account = one.account().value();
            if (one.bytes() == 0) {
                long there = s.number("SELECT 1 FROM accounts WHERE id = ? AND state <> 'wiped'", account);
                if (there == 1) have.add(one.account());
                continue;
            }
            s.change("INSERT OR IGNORE INTO allowances (account, cause, grant_id, bytes, since)"
                            + " SELECT id, ?, ?, ?, ? FROM accounts WHERE id = ? AND state <> 'wiped'",
                    one.cause(), one.grant(), one.bytes(), now, account);
            long holds = s.number("SELECT 1 FROM allowances WHERE account = ? AND cause = ? AND grant_id = ?"
                    + " AND ended IS NULL", account, one.cause(), one.grant());
            if (holds == 1) have.add(one.account());
        }
        return have;
    }

    static void end(Statements s, String cause, long grant, List<AccountId> accounts, long now)
            throws SQLException {
        for (AccountId account : accounts) {
            s.change("UPDATE allowances SET ended = ? WHERE account = ? AND cause = ? AND grant_id = ?"
                    + " AND ended IS NULL", now, account.value(), cause, grant);
        }
    }
}
