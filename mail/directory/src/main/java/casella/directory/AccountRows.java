package casella.directory;

import casella.base.AccountId;
import casella.directory.Passwords.Secrets;
import casella.sqlite.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes accounts, addresses and secrets; inside a transaction of the caller's.
final class AccountRows {
    private AccountRows() {}

    /// An account ready to be written.
    ///
    /// @param secrets null for none
    record Prepared(Account account, List<String> aliases, @Nullable Kept secrets) {}

    /// @param keys null for a hash another system brought along
    record Kept(String hash, @Nullable ScramKeys keys) {
        static Kept of(Secrets secrets) {
            return new Kept(secrets.hash(), secrets.keys());
        }

        @Override
        public String toString() {
            return "Kept";
        }
    }

    /// Writes an account with its addresses and secrets, if no address of it is taken.
    static Answer<Account> insert(Statements s, Prepared ready) throws SQLException {
        Account a = ready.account();
        if (Rows.forward(s, key(a.address())).isPresent()) return Answer.refused("address",
                goesOn(a.address()));
        if (Rows.address(s, key(a.address())).isPresent()) {
            return Answer.refused("address", "'" + a.address() + "' is taken");
        }
        for (String alias : ready.aliases()) {
            if (Rows.forward(s, key(alias)).isPresent()) return Answer.refused("aliases", goesOn(alias));
            if (Rows.address(s, key(alias)).isPresent() || key(alias).equals(key(a.address()))) {
                return Answer.refused("aliases", "'" + alias + "' is taken");
            }
        }
        if (ready.aliases().stream().map(AccountRows::key).distinct().count() != ready.aliases().size()) {
            return Answer.refused("aliases", "one is named twice");
        }
        s.change(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                a.id().value(), a.address(), a.brand(), a.plan(), a.displayName(), a.state().word(),
                a.created().toEpochMilli(), millis(a.paidUntil()), a.language());
        insertAddress(s, a.id(), a.address(), true);
        for (String alias : ready.aliases()) insertAddress(s, a.id(), alias, false);
        Kept kept = ready.secrets();
        if (kept != null) putSecrets(s, a.id(), kept);
        return Answer.done(a);
    }

    /// Whoever is given an address is to get its mail: it must not go on to where somebody before had it go.
    static String goesOn(String address) {
        return "mail for '" + address + "' goes on to others; casella forward remove ends that";
    }

    /// Writes the secrets of the main credential, in the place of those there.
    static void putSecrets(Statements s, AccountId id, Kept kept) throws SQLException {
        ScramKeys keys = kept.keys();
        s.change(
                "INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (account, label) DO UPDATE SET"
                        + " hash = excluded.hash, scram_salt = excluded.scram_salt,"
                        + " scram_iterations = excluded.scram_iterations, scram_stored = excluded.scram_stored,"
                        + " scram_server = excluded.scram_server, version = version + 1, changed = excluded.changed",
                id.value(), Passwords.MAIN, kept.hash(),
                keys == null ? null : keys.salt(),
                keys == null ? null : keys.iterations(),
                keys == null ? null : keys.storedKey(),
                keys == null ? null : keys.serverKey(),
                Instant.now().toEpochMilli());
    }

    /// Writes an address that nobody has.
    static void insertAddress(Statements s, AccountId id, String address,
            boolean primary) throws SQLException {
        s.change("INSERT INTO addresses VALUES (?, ?, ?, ?)", key(address), id.value(), address, primary
                ? 1 : 0);
    }

    /// Returns the time as the tables keep it.
    static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }

    /// Returns the key of an address that was checked before.
    static String key(String address) {
        return Addresses.parts(address).orElseThrow().key();
    }
}
