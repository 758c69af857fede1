package casella.incident.voice;

import casella.base.AccountId;
import casella.incident.Desk;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The times in which owners had less than always, for as long as somebody is still to be told of them. Kept in the desk's
/// database, so that a kill forgets none.
///
/// ```text
/// voice_absences  id -> account (null: all of them), since, until (null: goes on), walked (of all: the last account
///                 that was told), told (1: of one account, kept for a while so that it is not told of all's as well)
/// ```
final class Absences {
    private final Desk desk;

    Absences(Desk desk) {
        this.desk = desk;
    }

    /// @param account null for all accounts
    /// @param until null while it goes on
    /// @param walked the last account that was told, of all; null before the first
    record Absence(
            long id, @Nullable AccountId account, Instant since, @Nullable Instant until,
            @Nullable AccountId walked, boolean told) {
        Absence ended(Instant at) {
            return new Absence(id, account, since, at, walked, told);
        }

        Absence walked(AccountId to) {
            return new Absence(id, account, since, until, to, told);
        }

        Absence isTold() {
            return new Absence(id, account, since, until, walked, true);
        }
    }

    /// Returns all, the oldest first.
    List<Absence> all() {
        return desk.read(s -> s.rows(
                "SELECT id, account, since, until, walked, told FROM voice_absences ORDER BY id", Absences::read));
    }

    private static Absence read(ResultSet row) throws SQLException {
        Instant until = row.getObject(4) == null ? null : Instant.ofEpochMilli(row.getLong(4));
        Instant since = Instant.ofEpochMilli(row.getLong(3));
        return new Absence(row.getLong(1), id(row, 2), since, until, id(row, 5), row.getLong(6) == 1);
    }

    private static @Nullable AccountId id(ResultSet row, int column) throws SQLException {
        return row.getObject(column) == null ? null : new AccountId(row.getLong(column));
    }

    /// Keeps those that have lasted; synced.
    ///
    /// @param lasted without ids of ours yet
    /// @return them with their ids
    List<Absence> begin(List<Absence> lasted) {
        return desk.write(s -> {
            var kept = new ArrayList<Absence>();
            for (Absence one : lasted) {
                AccountId account = one.account();
                s.change("INSERT INTO voice_absences (account, since, told) VALUES (?, ?, 0)",
                        account == null ? null : account.value(), one.since().toEpochMilli());
                kept.add(new Absence(s.number("SELECT last_insert_rowid()"), account, one.since(), null, null, false));
            }
            return kept;
        });
    }

    /// Keeps what became of some; synced.
    void keep(List<Absence> some) {
        desk.write(s -> {
            for (Absence one : some) {
                Instant until = one.until();
                AccountId walked = one.walked();
                s.change("UPDATE voice_absences SET until = ?, walked = ?, told = ? WHERE id = ?",
                        until == null ? null : until.toEpochMilli(), walked == null ? null : walked.value(),
                        one.told() ? 1 : 0, one.id());
            }
            return some.size();
        });
    }

    void forget(Absence one) {
        desk.write(s -> s.change("DELETE FROM voice_absences WHERE id = ?", one.id()));
    }
}
