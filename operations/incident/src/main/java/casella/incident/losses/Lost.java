package casella.incident.losses;

import casella.base.AccountId;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// At which accounts the newest count found mail that was acknowledged and that no vault has. A restart forgets nothing of it: it is over
/// when a count says so. Safe from any thread.
public final class Lost {
    /// Accounts that are remembered; more are counted and not remembered.
    static final int ACCOUNTS_MAX = 100_000;

    private final Desk desk;
    /// Those that are remembered: a count of all accounts must not ask for each. Null until first needed.
    private volatile @Nullable Set<AccountId> known;

    public Lost(Desk desk) {
        this.desk = desk;
    }

    /// What is remembered.
    public record Figures(long accounts, long mails) {}

    public Figures figures() {
        return desk.read(s -> s.row("SELECT count(*), ifnull(sum(mails), 0) FROM losses_lost",
                row -> new Figures(row.getLong(1), row.getLong(2))).orElseThrow());
    }

    /// Takes down what a count of one account came to.
    ///
    /// @param always whether it counted all that was ever accepted; a count of less takes nothing back
    /// @throws casella.base.Fault.Unavailable if that cannot be kept now
    public void counted(AccountId account, long mails, boolean always, Instant at) {
        Set<AccountId> remembered = known();
        if (mails > 0) {
            if (!remembered.contains(account) && remembered.size() >= ACCOUNTS_MAX) return;
            desk.write(s -> s.change("INSERT INTO losses_lost (account, mails, at) VALUES (?, ?, ?) ON CONFLICT (account)"
                    + " DO UPDATE SET mails = iif(?, excluded.mails, max(mails, excluded.mails)), at = excluded.at",
                    account.value(), mails, at.toEpochMilli(), always ? 1 : 0));
            remembered.add(account);
        } else if (always && remembered.contains(account)) {
            desk.write(s -> forget(s, account));
            remembered.remove(account);
        }
    }

    /// Forgets an account that is erased.
    static int forget(Statements s, AccountId account) throws SQLException {
        return s.change("DELETE FROM losses_lost WHERE account = ?", account.value());
    }

    private Set<AccountId> known() {
        Set<AccountId> there = known;
        if (there != null) return there;
        Set<AccountId> read = ConcurrentHashMap.newKeySet();
        read.addAll(desk.read(s -> s.rows("SELECT account FROM losses_lost LIMIT ?",
                row -> new AccountId(row.getLong(1)), ACCOUNTS_MAX)));
        known = read;
        return read;
    }
}
