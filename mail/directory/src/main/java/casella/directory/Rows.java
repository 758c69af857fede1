package casella.directory;

import casella.base.AccountId;
import casella.sqlite.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the directory's tables. Every query of a look-up is here.
final class Rows {
    private static final String ACCOUNT =
            "SELECT id, address, brand, plan, display_name, state, created, paid_until, language,"
                    + " (SELECT sum(bytes) FROM allowances WHERE account = accounts.id AND ended IS NULL)"
                    + " FROM accounts ";

    private Rows() {}

    /// An address and whose it is.
    record AddressRow(AccountId account, String written, boolean primary) {}

    /// What is kept of one password.
    ///
    /// @param hash see [PasswordHash]
    /// @param keys empty for a hash another system brought along
    /// @param version grows at each change, so that nothing remembered of an older one fits
    record Credential(String label, String hash, Optional<ScramKeys> keys, long version) {
        @Override
        public String toString() {
            return "Credential[" + label + "]";
        }
    }

    /// What changes seldom and is asked for always, read whole.
    ///
    /// @param domains A-labels in lower case to the name of a brand
    /// @param hosts likewise
    record Catalogue(
            Map<String, Brand> brands, Map<String, String> domains, Map<String, String> hosts, Map<String,
                    Plan> plans) {}

    static Optional<AddressRow> address(Statements s, String key) throws SQLException {
        return s.row("SELECT account, written, is_primary FROM addresses WHERE key = ?", Rows::addressRow,
                key);
    }

    static List<AddressRow> addresses(Statements s, AccountId id) throws SQLException {
        return s.rows(
                "SELECT account, written, is_primary FROM addresses WHERE account = ? ORDER BY is_primary DESC, key",
                Rows::addressRow,
                id.value());
    }

    static Optional<Forward> forward(Statements s, String key) throws SQLException {
        return s.row("SELECT written, targets, keeps FROM forwards WHERE key = ?", Rows::forwardRow, key);
    }

    /// Returns forwards by their keys, after `after`.
    static List<Forward> forwards(Statements s, String after, int limit) throws SQLException {
        return s.rows(
                "SELECT written, targets, keeps FROM forwards WHERE key > ? ORDER BY key LIMIT ?", Rows::forwardRow,
                after, limit);
    }

    private static Forward forwardRow(ResultSet row) throws SQLException {
        return new Forward(row.getString(1), row.getString(2).lines().toList(), row.getInt(3) != 0);
    }

    private static AddressRow addressRow(ResultSet row) throws SQLException {
        return new AddressRow(new AccountId(row.getLong(1)), row.getString(2), row.getInt(3) != 0);
    }

    static Optional<Account> account(Statements s, AccountId id) throws SQLException {
        return s.row(ACCOUNT + "WHERE id = ?", Rows::accountRow, id.value());
    }

    /// An account and the key it is listed under.
    record Listed(String key, Account account) {}

    static List<Listed> list(Statements s, String after, int limit) throws SQLException {
        return s.rows(
                "SELECT a.id, a.address, a.brand, a.plan, a.display_name, a.state, a.created, a.paid_until,"
                        + " a.language,"
                        + " (SELECT sum(bytes) FROM allowances WHERE account = a.id AND ended IS NULL),"
                        + " k.key FROM addresses k JOIN accounts a ON a.id = k.account"
                        + " WHERE k.is_primary = 1 AND k.key > ? ORDER BY k.key LIMIT ?",
                row -> new Listed(row.getString(11), accountRow(row)),
                after,
                limit);
    }

    /// Returns accounts that are not wiped, by their ids, after `after`.
    static List<Registrar.Member> members(Statements s, @Nullable AccountId after,
            int limit) throws SQLException {
        return s.rows(
                "SELECT a.id, a.address, a.brand, a.plan, c.cohort, a.created FROM accounts a LEFT JOIN cohorts c ON c.account = a.id"
                        + " WHERE a.id > ? AND a.state <> 'wiped' ORDER BY a.id LIMIT ?",
                row -> new Registrar.Member(new AccountId(row.getLong(1)), row.getString(2), row.getString(3),
                        row.getString(4), row.getString(5), Instant.ofEpochMilli(row.getLong(6))),
                after == null ? Long.MIN_VALUE : after.value(),
                limit);
    }

    /// An account and the cohort it was put in.
    record Moved(AccountId account, String cohort) {}

    /// Returns accounts that were put in a cohort, by their ids, after `after`.
    static List<Moved> moved(Statements s, @Nullable AccountId after, int limit) throws SQLException {
        return s.rows(
                "SELECT account, cohort FROM cohorts WHERE account > ? ORDER BY account LIMIT ?",
                row -> new Moved(new AccountId(row.getLong(1)), row.getString(2)),
                after == null ? Long.MIN_VALUE : after.value(),
                limit);
    }

    private static Account accountRow(ResultSet row) throws SQLException {
        long paidUntil = row.getLong(8);
        boolean never = row.wasNull();
        return new Account(
                new AccountId(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                Account.State.of(row.getString(6)),
                Instant.ofEpochMilli(row.getLong(7)),
                never ? null : Instant.ofEpochMilli(paidUntil),
                row.getString(9),
                row.getLong(10));
    }

    static List<Credential> credentials(Statements s, AccountId id) throws SQLException {
        return s.rows(
                "SELECT label, hash, scram_salt, scram_iterations, scram_stored, scram_server, version"
                        + " FROM credentials WHERE account = ? ORDER BY label",
                row -> new Credential(row.getString(1), row.getString(2), keys(row), row.getLong(7)),
                id.value());
    }

    private static Optional<ScramKeys> keys(ResultSet row) throws SQLException {
        byte[] salt = row.getBytes(3);
        if (salt == null) return Optional.empty();
        return Optional.of(new ScramKeys(salt, row.getInt(4), row.getBytes(5), row.getBytes(6)));
    }

    static Optional<byte[]> face(Statements s, AccountId id) throws SQLException {
        return s.row("SELECT face FROM faces WHERE account = ?", row -> row.getBytes(1), id.value());
    }

    static List<AccountId> faced(Statements s, @Nullable AccountId after, int limit) throws SQLException {
        return s.rows(
                "SELECT account FROM faces WHERE account > ? ORDER BY account LIMIT ?",
                row -> new AccountId(row.getLong(1)),
                after == null ? Long.MIN_VALUE : after.value(),
                limit);
    }

    static Ending ending(Statements s, AccountId id) throws SQLException {
        return s.row("SELECT held, wiped FROM endings WHERE account = ?", row -> {
            long wiped = row.getLong(2);
            return new Ending(row.getInt(1) != 0, row.wasNull() ? null : Instant.ofEpochMilli(wiped));
        }, id.value()).orElse(Ending.NONE);
    }

    /// Returns accounts marked for erasure, not held and not erased, whose plan's days are over; in id order.
    static List<AccountId> toErase(Statements s, Instant now, int limit) throws SQLException {
        return s.rows(
                "SELECT e.account FROM endings e JOIN accounts a ON a.id = e.account JOIN plans p ON p.name = a.plan"
                        + " WHERE a.state = 'wiped' AND e.held = 0 AND e.erased IS NULL"
                        + " AND e.wiped + p.recovery_days * 86400000 <= ? ORDER BY e.account LIMIT ?",
                row -> new AccountId(row.getLong(1)),
                now.toEpochMilli(),
                limit);
    }

    static byte[] secret(Statements s) throws SQLException {
        return s.row("SELECT value FROM meta WHERE name = 'secret'", row -> row.getBytes(1)).orElseThrow();
    }

    static Catalogue catalogue(Statements s) throws SQLException {
        Map<String, String> domains = pairs(s, "SELECT domain, brand FROM domains ORDER BY domain");
        Map<String, String> hosts = pairs(s, "SELECT host, brand FROM hosts ORDER BY place");
        Map<String, List<String>> hostsOf = new HashMap<>();
        hosts.forEach((host, brand) -> hostsOf.computeIfAbsent(brand, _ -> new ArrayList<>()).add(host));
        Map<String, Brand> brands = new LinkedHashMap<>();
        for (Brand brand : s.rows("SELECT name, title, accent, languages FROM brands ORDER BY name", row -> {
            String name = row.getString(1);
            List<String> named = hostsOf.getOrDefault(name, List.of());
            return new Brand(name, row.getString(2), named, row.getString(3),
                    List.of(row.getString(4).split(" ")));
        })) {
            brands.put(brand.name(), brand);
        }
        Map<String, Plan> plans = new LinkedHashMap<>();
        for (Plan plan : s.rows(
                "SELECT name, quota, paid, level, recovery_days, coalesce(recovery_bytes, quota), sends_hour, sends_day"
                        + " FROM plans ORDER BY name", row -> new Plan(
                row.getString(1),
                row.getLong(2),
                row.getInt(3) != 0,
                Plan.ServiceLevel.of(row.getString(4)),
                row.getInt(5),
                row.getLong(6),
                row.getInt(7),
                row.getInt(8)))) {
            plans.put(plan.name(), plan);
        }
        return new Catalogue(brands, domains, hosts, plans);
    }

    private static Map<String, String> pairs(Statements s, String sql) throws SQLException {
        Map<String, String> out = new LinkedHashMap<>();
        s.rows(sql, row -> out.put(row.getString(1), row.getString(2)));
        return out;
    }
}
