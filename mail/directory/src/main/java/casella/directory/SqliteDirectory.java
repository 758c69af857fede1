package casella.directory;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.ClientApps;
import casella.base.Conduct;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.directory.Rows.AddressRow;
import casella.directory.Rows.Catalogue;
import casella.directory.Rows.Credential;
import casella.sqlite.Database;
import casella.sqlite.Migrations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The directory in one SQLite file, `directory.db`, with a snapshot beside it.
///
/// Look-ups are answered from memory; what is not there is read from the database, and from the snapshot when that
/// does not answer. Damage makes it read-only until it is restored ([DirectoryFiles#restore]) and opened again.
public final class SqliteDirectory implements Directory, AutoCloseable {
    private static final Duration WARN_INTERVAL = Duration.ofMinutes(1);
    private static final Duration CATALOGUE_INTERVAL = Duration.ofSeconds(1);
    /// So long after a snapshot stood in for a slow database no log-in is denied.
    private static final Duration STOOD_IN = Duration.ofSeconds(10);

    private final DirectorySettings settings;
    private final DirectoryFiles files;
    private final Silence silence = new Silence();
    private final Snapshots snapshots;
    private final Recipients recipients = new Recipients(this);
    private final Cache<String, Optional<AddressRow>> addresses;
    private final Cache<String, Optional<Forward>> forwards;
    private final Cache<AccountId, Optional<Account>> accounts;
    private final Cache<AccountId, List<Credential>> credentials;
    /// How often the log-ins of an account were ended since the start; only of those that were.
    private final Map<AccountId, Long> endings = new ConcurrentHashMap<>();

    private final MovedAccounts moved = new MovedAccounts();
    private final byte[] secret;
    private final Passwords passwords;
    private final Registrar registrar;

    private volatile Catalogue catalogue;
    /// Whether the catalogue is the database's own, as of now: no change goes past this process.
    private volatile boolean catalogueAsOfNow;

    private final Object catalogueTurn = new Object();
    private final AtomicLong catalogueNanos =
            new AtomicLong(System.nanoTime() - CATALOGUE_INTERVAL.toNanos());
    private volatile @Nullable Database database;
    private volatile Condition condition;
    private volatile long stoodInNanos = System.nanoTime() - STOOD_IN.toNanos();
    private long warnedNanos = System.nanoTime() - WARN_INTERVAL.toNanos();

    /// Opens the directory in `folder`, made if absent (mode 0700). One process at a time: the caller holds the lock.
    ///
    /// @throws Fault.Corrupt if neither the database nor a snapshot can be read
    public static SqliteDirectory open(Path folder, DirectorySettings settings, Metrics metrics) {
        return new SqliteDirectory(folder, settings, metrics);
    }

    @SuppressWarnings("this-escape") // the class is final; its parts keep `this` and use it after it is made
    private SqliteDirectory(Path folder, DirectorySettings settings, Metrics metrics) {
        this.settings = settings;
        this.files = DirectoryFiles.in(folder);
        this.addresses = new Cache<>(settings.rememberedMax());
        this.forwards = new Cache<>(settings.rememberedMax());
        this.accounts = new Cache<>(settings.rememberedMax());
        this.credentials = new Cache<>(settings.rememberedMax());
        this.condition = new Condition.Whole();
        this.snapshots = new Snapshots(folder, files.database(), settings.snapshotInterval());
        try {
            try {
                files.unseal();
                database = Database.open(files.database(), "directory", Schema.MIGRATIONS, files.mayBeNew());
            } catch (Fault.Corrupt | Fault.Unavailable e) {
                readOnly(e);
            }
            Served<Catalogue> served = serve(Rows::catalogue);
            this.catalogue = served.value();
            this.catalogueAsOfNow = served.asOfNow() && database != null;
            this.secret = read(Rows::secret);
            moved.read(this);
        } catch (Fault e) {
            close();
            throw e;
        }
        this.passwords = new Passwords(this, settings, metrics);
        this.registrar = new SqliteRegistrar(this, passwords, settings);
        metrics.gauge(Metric.DIRECTORY_READ_ONLY, () -> condition() instanceof Condition.Whole ? 0 : 1);
        if (database != null) snapshots.changed();
    }

    /// Returns who checks passwords against this directory.
    public Authenticator authenticator() {
        return passwords;
    }

    /// Has `admission` asked at each log-in from now on.
    public void admission(Admission admission) {
        passwords.admission(admission);
    }

    /// Has `apps` told of each log-in from now on; which program it was it learns elsewhere.
    public void apps(ClientApps apps) {
        passwords.apps(apps);
    }

    /// Has `conduct` told of log-ins from now on, and asked who is shut out.
    public void conduct(Conduct conduct) {
        passwords.conduct(conduct);
    }

    /// Returns who changes this directory.
    public Registrar registrar() {
        return registrar;
    }

    /// Makes a snapshot now.
    public void snapshot() {
        snapshots.take();
    }

    @Override
    public Condition condition() {
        return silence.lasts() ? new Condition.ReadOnly(Silence.WHY, files.snapshotTime()) : condition;
    }

    /// Returns what has the database not be asked for a while.
    public Silence silence() {
        return silence;
    }

    @Override
    public Resolution resolve(String address) {
        return recipients.resolve(address);
    }

    /// Whether what was found out is the database's own word, as of now.
    boolean sure(boolean asOfNow) {
        return asOfNow && database != null;
    }

    static Fault.Unavailable notToldNow() {
        return new Fault.Unavailable("The directory's snapshot does not know the address", Map.of());
    }

    /// @throws Fault.Unavailable for one that a snapshot does not know
    boolean ours(String domain) {
        if (known(domain)) return true;
        if (catalogueAsOfNow) return false;
        throw notToldNow();
    }

    /// Whether the domain is in the catalogue, which is read again if it may be older than the database.
    private boolean known(String domain) {
        if (catalogue.domains().containsKey(domain)) return true;
        if (!catalogueAsOfNow && database != null) catalogueAgain();
        return catalogue.domains().containsKey(domain);
    }

    Plan planOf(Account account) {
        Plan plan = catalogue.plans().get(account.plan());
        return plan == null ? Plan.FREE : plan; // cannot be: the database holds accounts to existing plans
    }

    /// Returns the row of an address by its key.
    Optional<AddressRow> address(String key) {
        return addressServed(key).value();
    }

    Served<Optional<AddressRow>> addressServed(String key) {
        return cachedServed(addresses, key, s -> Rows.address(s, key));
    }

    @Override
    public Optional<Account> account(AccountId id) {
        return accountServed(id).value();
    }

    private Served<Optional<Account>> accountServed(AccountId id) {
        return cachedServed(accounts, id, s -> Rows.account(s, id));
    }

    List<Credential> credentials(AccountId id) {
        return cached(credentials, id, s -> Rows.credentials(s, id));
    }

    /// Returns the account one logs in to as `login`: an address without a detail.
    ///
    /// @throws Fault.Unavailable for one that a snapshot does not know
    Optional<Account> login(String login) {
        Entry entry = entry(login);
        if (entry.account().isEmpty() && !entry.asOfNow()) throw notToldNow();
        return entry.account();
    }

    /// Whom one logs in to.
    ///
    /// @param asOfNow whether the database itself told all of it, also that there is none
    record Entry(Optional<Account> account, boolean asOfNow) {}

    /// Returns the same as [#login] without a word on what a snapshot does not know.
    Entry entry(String login) {
        Optional<Addresses.Parts> parts = Addresses.parts(login);
        if (parts.isEmpty()) return new Entry(Optional.empty(), true);
        if (!known(parts.get().domain())) return new Entry(Optional.empty(), catalogueAsOfNow);
        Served<Optional<AddressRow>> served = addressServed(parts.get().key());
        Optional<AddressRow> row = served.value();
        if (row.isEmpty()) return new Entry(Optional.empty(), served.asOfNow() && database != null);
        Served<Optional<Account>> account = accountServed(row.get().account());
        boolean asOfNow = served.asOfNow() && account.asOfNow() && account.value().isPresent();
        return new Entry(account.value(), asOfNow && database != null);
    }

    /// Whether a snapshot is the directory, or was for a call of the last seconds: whoever guesses logins must not
    /// learn from the answers which of them it had to be asked for.
    boolean standsIn() {
        return database == null || System.nanoTime() - stoodInNanos < STOOD_IN.toNanos();
    }

    byte[] secret() {
        return secret.clone();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    @Override
    public Optional<Plan> plan(String name) {
        return Optional.ofNullable(catalogue.plans().get(name));
    }

    @Override
    public Optional<Brand> brand(String name) {
        return Optional.ofNullable(catalogue.brands().get(name));
    }

    @Override
    public List<Brand> brands() {
        return List.copyOf(catalogue.brands().values());
    }

    @Override
    public Optional<Brand> brandOfHost(String host) {
        return Optional.ofNullable(catalogue.hosts().get(Addresses.domainKey(host))).flatMap(this::brand);
    }

    @Override
    public List<String> domains(String brand) {
        return catalogue.domains().entrySet().stream()
                .filter(entry -> entry.getValue().equals(brand)).map(Map.Entry::getKey).sorted().toList();
    }

    @Override
    public boolean serves(String domain) {
        return catalogue.domains().containsKey(Addresses.domainKey(domain));
    }

    @Override
    public boolean gone(AccountId id) {
        Served<Optional<Account>> served = accountServed(id);
        return served.value().map(account -> account.state() == Account.State.WIPED)
                .orElse(served.asOfNow() && database != null);
    }

    /// Whether the database itself says that it holds no account at all.
    public boolean empty() {
        try {
            return fromDatabase(s -> s.row("SELECT 1 FROM accounts LIMIT 1", row -> 1)).isEmpty();
        } catch (Fault e) {
            return false;
        }
    }

    @Override
    public List<Identity> identities(AccountId id) {
        Optional<Account> account = account(id);
        if (account.isEmpty()) return List.of();
        String name = account.get().displayName();
        return read(s -> Rows.addresses(s, id)).stream()
                .map(row -> new Identity(row.written().toLowerCase(Locale.ROOT), name, row.written()))
                .toList();
    }

    @Override
    public boolean maySendAs(AccountId account, String address) {
        return recipients.maySendAs(account, address);
    }

    @Override
    public Optional<String> cohort(AccountId id) {
        return moved.of(id);
    }

    MovedAccounts moved() {
        return moved;
    }

    @Override
    public Optional<Face> face(AccountId id) {
        return read(s -> Rows.face(s, id)).map(Face::decode);
    }

    @Override
    public List<AccountId> faced(@Nullable AccountId after, int limit) {
        return read(s -> Rows.faced(s, after, limit));
    }

    @Override
    public void keepFace(AccountId id, Face face) {
        byte[] bytes = face.encode();
        long now = Instant.now().toEpochMilli();
        write(s -> s.change(
                "INSERT INTO faces (account, kept, face) SELECT id, ?, ? FROM accounts"
                        + " WHERE id = ? AND state <> 'wiped'"
                        + " ON CONFLICT (account) DO UPDATE SET kept = excluded.kept, face = excluded.face",
                now, bytes, id.value()));
    }

    @Override
    public void forgetFace(AccountId id) {
        write(s -> s.change("DELETE FROM faces WHERE account = ?", id.value()));
    }

    @Override
    public Ending ending(AccountId id) {
        return fromDatabase(s -> Rows.ending(s, id));
    }

    @Override
    public List<AccountId> toErase(Instant now, int limit) {
        return fromDatabase(s -> Rows.toErase(s, now, limit));
    }

    @Override
    public void erasureOrdered(AccountId id) {
        long now = Instant.now().toEpochMilli();
        write(s -> s.change("UPDATE endings SET erased = ? WHERE account = ?", now, id.value()));
    }

    /// Reads from the database itself or not at all.
    <V> V fromDatabase(Database.Work<V> work) {
        Database open = database;
        if (open == null) throw cannotChange(null);
        silence.heard();
        return open.read(settings.readTimeout(), work);
    }

    /// Reads from memory, else as [#read]; what came from a snapshot that only stood in is not remembered.
    private <K, V> V cached(Cache<K, V> cache, K key, Database.Work<V> work) {
        return cachedServed(cache, key, work).value();
    }

    private <K, V> Served<V> cachedServed(Cache<K, V> cache, K key, Database.Work<V> work) {
        V hit = cache.peek(key);
        if (hit != null) return new Served<>(hit, true);
        long generation = cache.generation();
        Served<V> served = serve(work);
        if (served.asOfNow()) cache.keep(key, served.value(), generation);
        return served;
    }

    record Served<V>(V value, boolean asOfNow) {}

    /// Reads from the database, or from the snapshot if it is damaged or does not answer in time.
    <V> V read(Database.Work<V> work) {
        return serve(work).value();
    }

    private <V> Served<V> serve(Database.Work<V> work) {
        Database open = database;
        if (open != null) {
            try {
                silence.heard();
                return new Served<>(open.read(settings.readTimeout(), work), true);
            } catch (Fault.Corrupt e) {
                readOnly(e);
            } catch (Fault.Unavailable e) {
                if (!files.hasSnapshot()) throw e;
                stoodInNanos = System.nanoTime();
                warn(e);
                return new Served<>(files.standby().read(settings.readTimeout(), work), false);
            } catch (Fault.Exhausted e) {
                throw e;
            } catch (RuntimeException e) {
                return instead(work, e);
            }
        }
        return new Served<>(files.standby().read(settings.readTimeout(), work), true);
    }

    /// A row could not be told: this look-up is answered from the snapshot, if that tells the row, and no other is.
    ///
    /// @throws Fault.Unavailable if the snapshot does not tell it: it may be newer
    private <V> Served<V> instead(Database.Work<V> work, RuntimeException why) {
        if (!files.hasSnapshot()) throw why;
        V found;
        try {
            found = files.standby().read(settings.readTimeout(), work);
        } catch (RuntimeException e) {
            throw why;
        }
        var damage = new Fault.Unavailable("A row of the directory cannot be read", Map.of(), why);
        boolean nothing =
                switch (found) {
                    case Optional<?> one -> one.isEmpty();
                    case List<?> all -> all.isEmpty();
                    default -> false;
                };
        if (nothing) throw damage;
        warn(damage);
        return new Served<>(found, false);
    }

    /// Changes the database in one transaction.
    ///
    /// @throws Fault.Unavailable if it is read-only, or does not answer in time: the outcome is then unknown
    <V> V write(Database.Work<V> work) {
        Database open = database;
        if (open == null) throw cannotChange(null);
        silence.heard();
        try {
            V value = open.write(settings.writeTimeout(), work);
            snapshots.changed();
            return value;
        } catch (Fault.Corrupt e) {
            readOnly(e);
            throw cannotChange(e);
        }
    }

    /// Reads and writes something small in the database itself: its version, over itself. Damage that this finds has the
    /// snapshot served from now on.
    ///
    /// @throws Fault if the database does not answer, or not within `time`, or is not served
    public void probe(Duration time) {
        Database open = database;
        if (open == null) throw cannotChange(null);
        silence.heard();
        try {
            int version = open.read(time, Migrations::version);
            open.write(time, s -> {
                s.run("PRAGMA user_version = " + version);
                return true;
            });
        } catch (Fault.Corrupt e) {
            readOnly(e);
            throw e;
        }
    }

    private static Fault.Unavailable cannotChange(@Nullable Throwable cause) {
        return new Fault.Unavailable("The directory is read-only until it is restored", Map.of(), cause);
    }

    /// From here on the snapshot is the directory.
    private synchronized void readOnly(Fault why) {
        if (condition instanceof Condition.ReadOnly) return;
        snapshots.stop();
        Database damaged = database;
        database = null;
        Log.event(Event.DIRECTORY_READ_ONLY, why, "snapshot", files.hasSnapshot());
        String sentence = String.valueOf(why.getMessage());
        condition = new Condition.ReadOnly(sentence, files.snapshotTime());
        if (damaged != null) Thread.ofVirtual().name("directory.close-damaged").start(damaged::close);
        if (!files.hasSnapshot()) throw why;
    }

    private synchronized void warn(Fault why) {
        long now = System.nanoTime();
        if (now - warnedNanos < WARN_INTERVAL.toNanos()) return;
        warnedNanos = now;
        Log.event(Event.DIRECTORY_SERVED_FROM_SNAPSHOT, why);
    }

    /// Returns what was said of where mail for an address goes, by its key.
    Served<Optional<Forward>> forward(String key) {
        return cachedServed(forwards, key, s -> Rows.forward(s, key));
    }

    /// Forgets all that is remembered of where mail goes.
    void forwardsChanged() {
        forwards.forgetAll();
    }

    /// Forgets what is remembered of where mail for an address goes.
    void forwardChanged(String key) {
        forwards.forget(key);
    }

    /// Forgets what is remembered of an account and of addresses that are now its own, or no longer.
    void changed(AccountId id, List<String> addressKeys) {
        accounts.forget(id);
        credentials.forget(id);
        addressKeys.forEach(addresses::forget);
        passwords.forget(id);
    }

    /// Forgets what is remembered of accounts but their passwords.
    void allowanceChanged(List<AccountId> some) {
        some.forEach(accounts::forget);
    }

    /// Ends every log-in of an account: what opened it is no longer what it was.
    void endLogIns(AccountId id) {
        endings.merge(id, 1L, Long::sum);
    }

    /// Returns a grant that stands until [#endLogIns] is next called for `id`.
    Authenticator.Grant grant(AccountId id) {
        long before = endings.getOrDefault(id, 0L);
        return () -> endings.getOrDefault(id, 0L) == before;
    }

    /// Forgets the hash that was replaced; the password is the same and stays known.
    void credentialsRenewed(AccountId id) {
        credentials.forget(id);
    }

    /// Reads brands, domains and plans again. One at a time: what was read later stays.
    void catalogueChanged() {
        readCatalogue(false);
    }

    private void readCatalogue(boolean onlyAsOfNow) {
        synchronized (catalogueTurn) {
            Served<Catalogue> served = serve(Rows::catalogue);
            boolean asOfNow = served.asOfNow() && database != null;
            if (onlyAsOfNow && !asOfNow) return;
            catalogue = served.value();
            catalogueAsOfNow = asOfNow;
            accounts.forgetAll();
        }
    }

    /// Reads the catalogue of a database that is well again; at most once in [#CATALOGUE_INTERVAL].
    private void catalogueAgain() {
        long last = catalogueNanos.get();
        long now = System.nanoTime();
        if (now - last < CATALOGUE_INTERVAL.toNanos() || !catalogueNanos.compareAndSet(last, now)) return;
        readCatalogue(true);
    }

    /// Makes the last snapshot and closes the database.
    @Override
    public void close() {
        snapshots.close();
        Database open = database;
        database = null;
        if (open != null) {
            open.close();
            files.seal();
        }
        files.close();
        if (passwords != null) passwords.close();
    }
}
