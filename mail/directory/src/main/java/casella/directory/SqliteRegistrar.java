package casella.directory;

import casella.base.AccountId;
import casella.directory.AccountRows.Kept;
import casella.directory.AccountRows.Prepared;
import casella.directory.Passwords.Secrets;
import casella.directory.Rows.AddressRow;
import casella.sqlite.Statements;
import java.io.Reader;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Writes the directory's tables. Rules are checked inside the transaction that depends on them.
final class SqliteRegistrar implements Registrar {
    private static final int LIST_MAX = 10_000;
    private static final int NAME_CHARS_MAX = 200;
    private static final int ALIASES_MAX = 100;

    private final SqliteDirectory directory;
    private final Passwords passwords;
    private final DirectorySettings settings;

    SqliteRegistrar(SqliteDirectory directory, Passwords passwords, DirectorySettings settings) {
        this.directory = directory;
        this.passwords = passwords;
        this.settings = settings;
    }

    @Override
    public Answer<Account> add(NewAccount wanted) {
        return switch (prepare(wanted)) {
            case Answer.Refused<Prepared> refused -> refused.as();
            case Answer.Done<Prepared>(Prepared prepared) -> switch (withSecrets(prepared,
                    wanted.password())) {
                case Answer.Refused<Prepared> refused -> refused.as();
                case Answer.Done<Prepared>(Prepared ready) -> {
                    Answer<Account> answer = directory.write(s -> AccountRows.insert(s, ready));
                    if (answer instanceof Answer.Done<Account>) entered(ready);
                    yield answer;
                }
            };
        };
    }

    /// Tells the directory to forget what it remembers of the addresses of `ready`: that nobody has them.
    void entered(Prepared ready) {
        var keys = new ArrayList<String>();
        keys.add(AccountRows.key(ready.account().address()));
        ready.aliases().forEach(alias -> keys.add(AccountRows.key(alias)));
        directory.changed(ready.account().id(), keys);
    }

    /// Checks everything that needs no look at other accounts and no hashing.
    Answer<Prepared> prepare(NewAccount wanted) {
        Optional<String> why = Addresses.whyNotNew(wanted.address());
        if (why.isPresent()) return Answer.refused("address", why.get());
        Addresses.Parts parts = Addresses.parts(wanted.address()).orElseThrow();
        String brandName = directory.catalogue().domains().get(parts.domain());
        Brand brand = brandName == null ? null : directory.catalogue().brands().get(brandName);
        if (brand == null) {
            return Answer.refused("address",
                    "'" + parts.domain() + "' is the domain of no brand; add it with `brand domain add`");
        }
        String plan = wanted.plan() == null ? Plan.FREE.name() : wanted.plan();
        if (!directory.catalogue().plans().containsKey(plan)) return noPlan(plan);
        String language = wanted.language() == null ? brand.languages().getFirst() : wanted.language();
        if (!language.matches("[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,4}")) {
            return Answer.refused("language", "must be a BCP 47 tag like it or en-GB");
        }
        String name = wanted.displayName().strip();
        if (name.length() > NAME_CHARS_MAX) return Answer.refused("name", "must be at most 200 characters");
        if (name.codePoints().anyMatch(Character::isISOControl)) {
            return Answer.refused("name", "must have no control characters");
        }
        if (wanted.aliases().size() > ALIASES_MAX) return Answer.refused("aliases", "must be at most 100");
        for (String alias : wanted.aliases()) {
            Optional<String> whyNot = whyNotAlias(alias);
            if (whyNot.isPresent()) return Answer.refused("aliases", "'" + alias + "': " + whyNot.get());
        }
        String address = written(wanted.address());
        Instant now = Instant.ofEpochMilli(Instant.now().toEpochMilli());
        var account = new Account(
                AccountId.random(), address, brand.name(), plan, name, Account.State.ACTIVE, now,
                        wanted.paidUntil(), language);
        return Answer.done(new Prepared(account,
                wanted.aliases().stream().map(SqliteRegistrar::written).toList(), null));
    }

    private Optional<String> whyNotAlias(String alias) {
        Optional<String> why = Addresses.whyNotNew(alias);
        if (why.isPresent()) return why;
        String domain = Addresses.parts(alias).orElseThrow().domain();
        if (directory.catalogue().domains().containsKey(domain)) return Optional.empty();
        return Optional.of("'" + domain + "' is the domain of no brand");
    }

    private <T> Answer<T> noPlan(String plan) {
        String there = String.join(", ", directory.catalogue().plans().keySet());
        return Answer.refused("plan", "'" + plan + "' is no plan; there are " + there);
    }

    /// The local part stays as it is written; the domain is its key.
    private static String written(String address) {
        Addresses.Parts parts = Addresses.parts(address).orElseThrow();
        return parts.written() + "@" + parts.domain();
    }

    private Answer<Prepared> withSecrets(Prepared prepared, @Nullable Password password) {
        if (password == null) return Answer.done(prepared);
        return switch (kept(password, passwords::derive)) {
            case Answer.Refused<Kept> refused -> refused.as();
            case Answer.Done<Kept>(Kept kept) ->
                Answer.done(new Prepared(prepared.account(), prepared.aliases(), kept));
        };
    }

    /// Turns a clear password into what is kept.
    interface Derivation {
        Secrets of(String prepared);
    }

    static Answer<Kept> kept(Password password, Derivation derivation) {
        if (password.isHashed()) {
            Optional<String> hash = PasswordHash.kept(password.text());
            if (hash.isEmpty()) {
                String schemes = String.join(", ", PasswordHash.SCHEMES);
                return Answer.refused("password", "is no hash this server can check; it takes " + schemes);
            }
            return Answer.done(new Kept(hash.get(), null));
        }
        return clear(password.text()).map(text -> Answer.done(Kept.of(derivation.of(text)))).orElseGet(() ->
                Answer.refused("password",
                        "must be 1 to 1024 bytes without control characters (RFC 4013 §2.3)"));
    }

    private static Optional<String> clear(String text) {
        return SaslPrep.prepare(text).filter(prepared -> {
            int bytes = prepared.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            return bytes >= 1 && bytes <= Passwords.PASSWORD_BYTES_MAX;
        });
    }

    @Override
    public Answer<ImportReport> importCsv(Reader csv, LongConsumer progress) {
        return new AccountImport(this, directory, settings).run(csv, progress);
    }

    @Override
    public Listing list(String after, int limit) {
        if (limit < 1 || limit > LIST_MAX) throw new IllegalArgumentException("limit: must be 1 to 10000");
        List<Rows.Listed> rows = directory.read(s -> Rows.list(s, after, limit));
        String next = rows.size() < limit ? null : rows.getLast().key();
        return new Listing(rows.stream().map(Rows.Listed::account).toList(), next);
    }

    @Override
    public Optional<Account> find(String address) {
        return directory.login(address);
    }

    /// What is done to an account that was found, in a transaction.
    private interface Change {
        Answer<Account> apply(Statements s, Account account, List<AddressRow> addresses) throws SQLException;
    }

    private Answer<Account> change(String address, Change change) {
        Optional<Addresses.Parts> parts = Addresses.parts(address);
        if (parts.isEmpty()) return Answer.refused("address", "must be like name@domain");
        record Changed(Answer<Account> answer, List<AddressRow> before, List<AddressRow> after) {}
        Changed changed = directory.write(s -> {
            Optional<AddressRow> row = Rows.address(s, parts.get().key());
            if (row.isEmpty()) {
                return new Changed(Answer.refused("address", "nobody has '" + address + "'"), List.of(),
                        List.of());
            }
            AccountId id = row.get().account();
            List<AddressRow> before = Rows.addresses(s, id);
            Answer<Account> answer = change.apply(s, Rows.account(s, id).orElseThrow(), before);
            if (answer instanceof Answer.Done<Account>) answer = Answer.done(Rows.account(s,
                    id).orElseThrow());
            return new Changed(answer, before, Rows.addresses(s, id));
        });
        if (changed.answer() instanceof Answer.Done<Account>(Account account)) {
            var keys = new ArrayList<String>();
            changed.before().forEach(row -> keys.add(AccountRows.key(row.written())));
            changed.after().forEach(row -> keys.add(AccountRows.key(row.written())));
            directory.changed(account.id(), keys);
        }
        return changed.answer();
    }

    @Override
    public Answer<Account> setPassword(String address, Password password) {
        // Looked for first: a hash is not computed for an account nobody has.
        if (find(address).isEmpty()) return Answer.refused("address", "nobody has '" + address + "'");
        return switch (kept(password, passwords::derive)) {
            case Answer.Refused<Kept> refused -> refused.as();
            case Answer.Done<Kept>(Kept kept) -> ended(change(address, (s, account, _) -> {
                if (account.state() == Account.State.WIPED) return wiped();
                AccountRows.putSecrets(s, account.id(), kept);
                return Answer.done(account);
            }));
        };
    }

    /// Ends the log-ins of the account that was changed.
    private Answer<Account> ended(Answer<Account> changed) {
        if (changed instanceof Answer.Done<Account>(Account account)) directory.endLogIns(account.id());
        return changed;
    }

    private static Answer<Account> wiped() {
        return Answer.refused("address", "the account is wiped");
    }

    @Override
    public Answer<Account> disable(String address) {
        return state(address, Account.State.DISABLED);
    }

    @Override
    public Answer<Account> enable(String address) {
        return state(address, Account.State.ACTIVE);
    }

    private Answer<Account> state(String address, Account.State state) {
        return ended(change(address, (s, account, _) -> {
            if (account.state() == Account.State.WIPED) return wiped();
            s.change("UPDATE accounts SET state = ? WHERE id = ?", state.word(), account.id().value());
            return Answer.done(account);
        }));
    }

    @Override
    public Answer<Account> wipe(String address) {
        Answer<Account> answer = ended(change(address, (s, account, _) -> {
            long id = account.id().value();
            s.change("UPDATE accounts SET state = 'wiped', display_name = '' WHERE id = ?", id);
            s.change("DELETE FROM credentials WHERE account = ?", id);
            s.change("DELETE FROM faces WHERE account = ?", id);
            s.change("DELETE FROM forwards WHERE key IN (SELECT key FROM addresses WHERE account = ?)", id);
            // Wiped again, the first time counts.
            s.change(
                    "INSERT INTO endings VALUES (?, 0, ?, NULL) ON CONFLICT (account)"
                            + " DO UPDATE SET wiped = coalesce(endings.wiped, excluded.wiped)",
                    id, System.currentTimeMillis());
            return Answer.done(account);
        }));
        directory.forwardsChanged();
        return answer;
    }

    @Override
    public Answer<Account> hold(String address, boolean held) {
        return change(address, (s, account, _) -> {
            s.change(
                    "INSERT INTO endings VALUES (?, ?, NULL, NULL) ON CONFLICT (account) DO UPDATE SET held = excluded.held",
                    account.id().value(), held ? 1 : 0);
            return Answer.done(account);
        });
    }

    @Override
    public List<Member> members(@Nullable AccountId after, int limit) {
        if (limit < 1 || limit > LIST_MAX) throw new IllegalArgumentException("limit: must be 1 to 10000");
        return directory.read(s -> Rows.members(s, after, limit));
    }

    @Override
    public Answer<Account> putInCohort(String address, @Nullable String cohort) {
        if (cohort != null) Names.check("cohort", cohort);
        Answer<Account> answer = change(address, (s, account, _) -> {
            if (account.state() == Account.State.WIPED) return wiped();
            long id = account.id().value();
            if (cohort == null) {
                s.change("DELETE FROM cohorts WHERE account = ?", id);
                return Answer.done(account);
            }
            if (directory.moved().full() && directory.cohort(account.id()).isEmpty()) {
                return Answer.refused("cohort", "at most 250000 accounts are put in one by hand");
            }
            s.change(
                    "INSERT INTO cohorts VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET cohort = excluded.cohort",
                    id, cohort);
            return Answer.done(account);
        });
        if (answer instanceof Answer.Done<Account>(Account account)) directory.moved().put(account.id(),
                cohort);
        return answer;
    }

    @Override
    public Optional<String> cohort(AccountId id) {
        return directory.cohort(id);
    }

    @Override
    public Optional<Account> account(AccountId id) {
        return directory.account(id);
    }

    @Override
    public boolean held(AccountId account) {
        return directory.ending(account).held();
    }

    @Override
    public Answer<Account> changePlan(String address, String plan, @Nullable Instant paidUntil) {
        if (!directory.catalogue().plans().containsKey(plan)) return noPlan(plan);
        return change(address, (s, account, _) -> {
            s.change(
                    "UPDATE accounts SET plan = ?, paid_until = ? WHERE id = ?",
                    plan, AccountRows.millis(paidUntil), account.id().value());
            return Answer.done(account);
        });
    }

    @Override
    public Set<AccountId> allow(List<Allowance> some) {
        if (some.size() > AllowanceRows.COUNT_MAX) throw new IllegalArgumentException("some: at most 10000");
        long now = System.currentTimeMillis();
        Set<AccountId> have = directory.write(s -> AllowanceRows.give(s, some, now));
        directory.allowanceChanged(some.stream().map(Allowance::account).toList());
        return have;
    }

    @Override
    public void endAllowances(String cause, long grant, List<AccountId> accounts) {
        if (accounts.size() > AllowanceRows.COUNT_MAX) {
            throw new IllegalArgumentException("accounts: at most 10000");
        }
        long now = System.currentTimeMillis();
        directory.write(s -> {
            AllowanceRows.end(s, cause, grant, accounts, now);
            return true;
        });
        directory.allowanceChanged(accounts);
    }

    @Override
    public Answer<Account> addAlias(String address, String alias) {
        Optional<String> why = whyNotAlias(alias);
        if (why.isPresent()) return Answer.refused("alias", why.get());
        return change(address, (s, account, addresses) -> {
            if (account.state() == Account.State.WIPED) return wiped();
            if (addresses.size() > ALIASES_MAX) return Answer.refused("alias", "an account has at most 100");
            if (Rows.forward(s, AccountRows.key(alias)).isPresent()) {
                return Answer.refused("alias", AccountRows.goesOn(alias));
            }
            if (Rows.address(s, AccountRows.key(alias)).isPresent()) return Answer.refused("alias",
                    "'" + alias + "' is taken");
            AccountRows.insertAddress(s, account.id(), written(alias), false);
            return Answer.done(account);
        });
    }

    @Override
    public Answer<Account> removeAlias(String address, String alias) {
        String forward = forwardKey(alias);
        Answer<Account> answer = change(address, (s, account, _) -> {
            String key = Addresses.parts(alias).map(Addresses.Parts::key).orElse("");
            int gone = s.change(
                    "DELETE FROM addresses WHERE key = ? AND account = ? AND is_primary = 0", key,
                            account.id().value());
            if (gone > 0) s.change("DELETE FROM forwards WHERE key = ?", key);
            return gone > 0 ? Answer.done(account) : Answer.refused("alias",
                    "'" + alias + "' is no alias of it");
        });
        directory.forwardChanged(forward);
        return answer;
    }

    @Override
    public Answer<Forward> putForward(Forward forward) {
        Optional<String> why = whyNotForward(forward);
        if (why.isPresent()) return Answer.refused("address", why.get());
        if (forward.to().isEmpty() || forward.to().size() > Forward.TARGETS_MAX) {
            return Answer.refused("to", "must be 1 to " + Forward.TARGETS_MAX + " addresses");
        }
        String key = forwardKey(forward.address());
        for (String target : forward.to()) {
            Optional<Addresses.Parts> parts = Addresses.parts(target);
            if (parts.isEmpty() || !target.codePoints().allMatch(c -> c > ' ' && c != 0x7F
                    && "<>,;\"".indexOf(c) < 0)) {
                return Answer.refused("to", "'" + target + "' must be like name@domain");
            }
            if (parts.get().key().equals(key)) return Answer.refused("to", "'" + target + "' goes to itself");
        }
        Answer<Forward> answer = directory.write(s -> {
            Optional<Rows.AddressRow> owned = Rows.address(s, key);
            if (owned.isPresent() && Rows.account(s, owned.get().account())
                    .filter(account -> account.state() != Account.State.ACTIVE).isPresent()) {
                return Answer.refused("address", "the account of '" + forward.address()
                        + "' takes no mail, so none goes on");
            }
            if (forward.keeps() && owned.isEmpty()) {
                return Answer.refused("keep", "nobody has '" + forward.address()
                        + "', so there is no copy to keep");
            }
            s.change("INSERT INTO forwards VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET written = excluded.written,"
                            + " targets = excluded.targets, keeps = excluded.keeps",
                    key, forward.address(), String.join("\n", forward.to()), forward.keeps() ? 1 : 0);
            return Answer.done(forward);
        });
        directory.forwardChanged(key);
        return answer;
    }

    private Optional<String> whyNotForward(Forward forward) {
        String address = forward.address();
        if (address.startsWith("@")) {
            if (!directory.serves(address.substring(1))) return Optional.of("'" + address
                    + "' is no domain of ours");
            return forward.keeps() ? Optional.of("nobody has '" + address + "', so there is no copy to keep")
                    : Optional.empty();
        }
        return whyNotAlias(address);
    }

    private static String forwardKey(String address) {
        if (address.startsWith("@")) return "@" + Addresses.domainKey(address.substring(1));
        return Addresses.parts(address).map(Addresses.Parts::key).orElse("");
    }

    @Override
    public Answer<Forward> removeForward(String address) {
        String key = forwardKey(address);
        Answer<Forward> answer = directory.write(s -> {
            Optional<Forward> there = Rows.forward(s, key);
            s.change("DELETE FROM forwards WHERE key = ?", key);
            return there.map(Answer::done).orElseGet(() ->
                    Answer.refused("address", "mail for '" + address + "' goes nowhere else"));
        });
        directory.forwardChanged(key);
        return answer;
    }

    @Override
    public List<Forward> forwards(String after, int limit) {
        return directory.read(s -> Rows.forwards(s, after.isEmpty() ? "" : forwardKey(after), limit));
    }

    @Override
    public Answer<Brand> putBrand(Brand brand) {
        Answer<Brand> answer = directory.write(s -> {
            for (String host : brand.hosts()) {
                Optional<String> taken = s.row(
                        "SELECT brand FROM hosts WHERE host = ? AND brand <> ?", row -> row.getString(1),
                                host, brand.name());
                if (taken.isPresent()) {
                    return Answer.refused("hosts", "'" + host + "' is a host of brand '" + taken.get() + "'");
                }
            }
            s.change(
                    "INSERT INTO brands VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
                            + " title = excluded.title, accent = excluded.accent, languages = excluded.languages",
                    brand.name(), brand.title(), brand.accent(), String.join(" ", brand.languages()));
            s.change("DELETE FROM hosts WHERE brand = ?", brand.name());
            int place = 0;
            for (String host : brand.hosts().stream().distinct().toList()) {
                s.change("INSERT INTO hosts VALUES (?, ?, ?)", host, place++, brand.name());
            }
            return Answer.done(brand);
        });
        directory.catalogueChanged();
        return answer;
    }

    @Override
    public List<Brand> brands() {
        return directory.brands();
    }

    @Override
    public Answer<String> addDomain(String brand, String domain) {
        String key = Addresses.domainKey(domain.strip().toLowerCase(Locale.ROOT));
        Optional<String> why = Addresses.whyNotDomain(key);
        if (why.isPresent()) return Answer.refused("domain", why.get());
        Answer<String> answer = directory.write(s -> {
            if (s.row("SELECT name FROM brands WHERE name = ?", row -> row.getString(1), brand).isEmpty()) {
                return Answer.refused("brand", "'" + brand + "' is no brand");
            }
            Optional<String> owner =
                    s.row("SELECT brand FROM domains WHERE domain = ?", row -> row.getString(1), key);
            if (owner.isPresent() && !owner.get().equals(brand)) {
                return Answer.refused("domain", "'" + key + "' is a domain of brand '" + owner.get() + "'");
            }
            if (owner.isEmpty()) s.change("INSERT INTO domains VALUES (?, ?)", key, brand);
            return Answer.done(key);
        });
        directory.catalogueChanged();
        return answer;
    }

    @Override
    public List<String> domains(String brand) {
        return directory.domains(brand);
    }

    @Override
    public Answer<Plan> putPlan(Plan plan) {
        directory.write(s -> s.change(
                "INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET quota = excluded.quota,"
                        + " paid = excluded.paid, level = excluded.level, recovery_days = excluded.recovery_days,"
                        + " recovery_bytes = excluded.recovery_bytes,"
                        + " sends_hour = excluded.sends_hour, sends_day = excluded.sends_day",
                plan.name(), plan.quotaBytes(), plan.paid() ? 1 : 0, plan.level().word(), plan.recoveryDays(),
                plan.recoveryBytes(), plan.recipientsPerHour(), plan.recipientsPerDay()));
        directory.catalogueChanged();
        return Answer.done(plan);
    }

    @Override
    public long count(@Nullable String brand) {
        return directory.read(s ->
                s.number("SELECT COUNT(*) FROM accounts WHERE state <> 'wiped' AND (? IS NULL OR brand = ?)",
                brand, brand));
    }

    @Override
    public List<Plan> plans() {
        return List.copyOf(directory.catalogue().plans().values());
    }
}
