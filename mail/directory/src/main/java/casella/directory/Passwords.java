package casella.directory;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.ClientApps;
import casella.base.Conduct;
import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.directory.Rows.Credential;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Checks passwords: from memory, else by their hash on as many threads as there are cores.
final class Passwords implements Authenticator, AutoCloseable {
    static final int PASSWORD_BYTES_MAX = 1_024;
    static final String MAIN = "main";

    /// Least time between two attempts of who finds too many before the cores; up to twice as long, by chance.
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final double MILLIS_MIN = 1;

    static final Verdict.TryLater AWAY = new Verdict.TryLater(
            Duration.ofSeconds(5), "Log-ins cannot be checked now, try again shortly", Verdict.Cause.AWAY);

    private final SqliteDirectory directory;
    private final DirectorySettings settings;
    private final Metrics metrics;
    private final Bulkhead cores;
    /// One for each log-in that is before the cores or waits for them.
    private final Semaphore places;
    private final RememberedPasswords remembered;
    private final FailureThrottle throttle;
    /// What the last hash took that was computed while none waited.
    private volatile double hashMillis = 50;
    private volatile Admission admission = Admission.OPEN;
    private volatile ClientApps apps = ClientApps.NONE;
    private volatile Conduct conduct = Conduct.UNHEARD;
    /// What an unknown login is checked against, so that it takes as long as a known one; no password is known to fit.
    private final String nobody;

    Passwords(SqliteDirectory directory, DirectorySettings settings, Metrics metrics) {
        this.directory = directory;
        this.settings = settings;
        this.metrics = metrics;
        int width = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64);
        this.places = new Semaphore(width + settings.hashQueueMax());
        // Twice as long as log-ins may make it: a password that is being set finds room too.
        this.cores = new Bulkhead("directory.hash", width, width + 2 * settings.hashQueueMax());
        this.remembered = new RememberedPasswords(settings.rememberedMax());
        this.throttle = new FailureThrottle(
                settings.failuresMax(), settings.failureWindow(), settings.throttleLoopback(),
                        System::nanoTime);
        this.nobody = settings.argon2().nobody();
    }

    /// @param asked at each log-in, before the password costs anything
    void admission(Admission asked) {
        admission = asked;
    }

    /// @param those told of each log-in
    void apps(ClientApps those) {
        apps = those;
    }

    /// @param those told of log-ins, and asked who is shut out
    void conduct(Conduct those) {
        conduct = those;
    }

    @Override
    public Verdict verify(String login, byte[] password, Origin origin) {
        Optional<Verdict.TryLater> refusal = refuses(origin);
        Verdict verdict = refusal.isPresent() ? refusal.get() : checked(login, password, origin);
        report(verdict, origin);
        return verdict;
    }

    private Verdict checked(String login, byte[] password, Origin origin) {
        if (password.length == 0 || password.length > PASSWORD_BYTES_MAX) return failed(origin);
        try {
            SqliteDirectory.Entry entry = directory.entry(login);
            Optional<Account> found = entry.account();
            Optional<Verdict.NotYet> notYet = notYet(login, found, origin);
            if (notYet.isPresent()) return notYet.get();
            AccountId id = found.map(Account::id).orElse(new AccountId(0));
            // Taken before anything it stands for is read: what is changed meanwhile ends it.
            Grant grant = directory.grant(id);
            if (found.isPresent()) found = directory.account(id);
            List<Credential> credentials = found.isEmpty() ? List.of() : directory.credentials(id);
            Optional<RememberedPasswords.Known> known =
                    found.isEmpty() ? Optional.empty() : current(remembered.known(id, password), credentials);
            if (known.isPresent()) {
                // A device that repeats yesterday's password guesses nothing new: it is not counted again.
                return known.get().right() ? granted(found.orElseThrow(), grant, origin) : wrong(entry);
            }
            // Asked and taken in one step: who finds the last place gone hears when to come back, not that we are away.
            if (!places.tryAcquire()) return crowded();
            Optional<Credential> fitting;
            try {
                fitting = hashed(credentials, password);
            } finally {
                places.release();
            }
            if (found.isEmpty()) return failed(origin, entry);
            if (fitting.isEmpty()) {
                for (Credential c : credentials.stream().limit(1).toList()) remember(id, password, false, c);
                return failed(origin, entry);
            }
            remember(id, password, true, fitting.get());
            renew(id, fitting.get(), password);
            return granted(found.get(), grant, origin);
        } catch (Fault.Unavailable e) {
            return AWAY;
        }
    }

    /// Asks whether the owner is let in. One whom nobody knows is asked about as somebody, always the same.
    private Optional<Verdict.NotYet> notYet(String login, Optional<Account> found, Origin origin) {
        Admission asked = admission;
        if (asked == Admission.OPEN) return Optional.empty();
        AccountId id = found.map(Account::id).orElseGet(() -> madeUpId(login));
        return switch (asked.ask(id, Admission.Door.of(origin.protocol()))) {
            case Admission.Answer.In _ -> Optional.empty();
            case Admission.Answer.NotYet(long place, Duration estimate, Duration retry) ->
                Optional.of(new Verdict.NotYet(place, estimate, retry));
        };
    }

    private AccountId madeUpId(String login) {
        byte[] bytes = ScramKeys.hmac(directory.secret(), ("id " + key(login))
                .getBytes(StandardCharsets.UTF_8));
        return new AccountId(ByteBuffer.wrap(bytes).getLong());
    }

    private static String key(String login) {
        return Addresses.parts(login).map(Addresses.Parts::key).orElse(login);
    }

    /// More log-ins wait for the cores than may.
    private Verdict crowded() {
        double each = Math.max(MILLIS_MIN, hashMillis) / Math.clamp(Runtime.getRuntime()
                .availableProcessors(), 1, 64);
        Duration estimate = Duration.ofMillis((long) (each * settings.hashQueueMax()) + 1);
        long retry = RETRY.toMillis() + ThreadLocalRandom.current().nextLong(RETRY.toMillis());
        return new Verdict.NotYet(settings.hashQueueMax() + 1L, estimate, estimate.plusMillis(retry));
    }

    private void remember(AccountId id, byte[] password, boolean right, Credential credential) {
        remembered.remember(id, password, new RememberedPasswords.Known(right, credential.label(),
                credential.version()));
    }

    /// Returns `known` if its credential is still of the version that was checked.
    private static Optional<RememberedPasswords.Known> current(
            Optional<RememberedPasswords.Known> known, List<Credential> credentials) {
        return known.filter(k -> credentials.stream()
                .anyMatch(c -> c.label().equals(k.label()) && c.version() == k.version()));
    }

    /// Returns the credential `password` fits. Takes the time of one hash also when there is none to check.
    private Optional<Credential> hashed(List<Credential> credentials, byte[] password) {
        long from = System.nanoTime();
        byte[] prepared = prepared(password);
        Optional<Credential> fitting = cores.call(settings.hashTimeout(), () -> {
            if (credentials.isEmpty()) {
                boolean _ = PasswordHash.fits(nobody, password, prepared == null ? password : prepared);
                return Optional.<Credential>empty();
            }
            if (prepared == null && credentials.stream().noneMatch(c -> c.hash().startsWith("{"))) {
                boolean _ = PasswordHash.fits(nobody, password, password);
                return Optional.<Credential>empty();
            }
            return credentials.stream().filter(c -> PasswordHash.fits(c.hash(), password,
                    prepared)).findFirst();
        });
        Duration taken = Duration.ofNanos(System.nanoTime() - from);
        metrics.time(Metric.DIRECTORY_HASH_SECONDS, taken);
        if (cores.waiting() == 0) hashMillis = taken.toMillis();
        return fitting;
    }

    /// Replaces a hash of another system, or a cheaper one of ours, now that the password is at hand.
    private void renew(AccountId id, Credential credential, byte[] password) {
        byte[] prepared = prepared(password);
        boolean good = settings.argon2().made(credential.hash()) && credential.keys().isPresent();
        if (good || prepared == null || !(directory.condition() instanceof Directory.Condition.Whole)) return;
        try {
            Secrets secrets = derive(new String(prepared, StandardCharsets.UTF_8));
            int changed = directory.write(s -> s.change(
                    "UPDATE credentials SET hash = ?, scram_salt = ?, scram_iterations = ?, scram_stored = ?,"
                            + " scram_server = ? WHERE account = ? AND label = ? AND version = ?",
                    secrets.hash(), secrets.keys().salt(), secrets.keys().iterations(),
                            secrets.keys().storedKey(),
                    secrets.keys().serverKey(), id.value(), credential.label(), credential.version()));
            if (changed > 0) directory.credentialsRenewed(id);
        } catch (Fault e) {
            Log.event(Event.DIRECTORY_HASH_NOT_RENEWED, e, "account", id);
        }
    }

    /// What is kept of a password.
    record Secrets(String hash, ScramKeys keys) {
        @Override
        public String toString() {
            return "Secrets";
        }
    }

    /// Returns what to keep of `password`, prepared by [SaslPrep]; waits for the cores.
    Secrets derive(String password) {
        return cores.call(settings.writeTimeout(), () -> secrets(settings, password));
    }

    static Secrets secrets(DirectorySettings settings, String password) {
        String hash = settings.argon2().hash(password.getBytes(StandardCharsets.UTF_8));
        return new Secrets(hash, ScramKeys.of(password, settings.scramIterations()));
    }

    private static byte @Nullable [] prepared(byte[] password) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password)).toString();
            return SaslPrep.prepare(text).map(t -> t.getBytes(StandardCharsets.UTF_8)).orElse(null);
        } catch (CharacterCodingException e) {
            return null; // a client that sends Latin-1; a hash made elsewhere may still fit
        }
    }

    private Verdict granted(Account account, Grant grant, Origin origin) {
        if (!account.active()) return new Verdict.AccountDisabled();
        conduct.loggedIn(origin.address());
        apps.used(account.id(), Admission.Door.of(origin.protocol()), "");
        return new Verdict.Granted(account, grant);
    }

    private Verdict failed(Origin origin) {
        count(origin);
        return new Verdict.Denied();
    }

    private Verdict failed(Origin origin, SqliteDirectory.Entry entry) {
        count(origin);
        return wrong(entry);
    }

    private void count(Origin origin) {
        throttle.failed(origin.address());
        conduct.offended(origin.address(), Conduct.Offence.LOG_IN);
    }

    /// A snapshot may be older than the account, or than its password: while it stands in neither is denied, and the two
    /// are not told apart.
    private Verdict wrong(SqliteDirectory.Entry entry) {
        return entry.asOfNow() && !directory.standsIn() ? new Verdict.Denied() : AWAY;
    }

    @Override
    public Optional<Verdict.TryLater> refuses(Origin origin) {
        Optional<Duration> banned = conduct.banned(origin.address());
        Optional<Duration> wait = throttle.wait(origin.address());
        // Who does not wait when told to goes on guessing.
        if (wait.isPresent()) conduct.offended(origin.address(), Conduct.Offence.LOG_IN);
        return banned.or(() -> wait)
                .map(time -> new Verdict.TryLater(
                        time, "Too many failed log-ins from this address", Verdict.Cause.FAILURES));
    }

    @Override
    public ScramKeys scramKeys(String login) {
        Optional<ScramKeys> keys = directory.entry(login)
                .account()
                .map(account -> directory.credentials(account.id()))
                .flatMap(Passwords::main)
                .flatMap(Credential::keys);
        return keys.orElseGet(() -> madeUp(login));
    }

    private static Optional<Credential> main(List<Credential> credentials) {
        return credentials.stream().filter(c -> c.label().equals(MAIN)).findFirst();
    }

    private ScramKeys madeUp(String login) {
        String key = key(login);
        byte[] secret = directory.secret();
        byte[] salt = Arrays.copyOf(ScramKeys.hmac(secret, ("salt "
                + key).getBytes(StandardCharsets.UTF_8)), 16);
        byte[] stored = ScramKeys.hmac(secret, ("stored " + key).getBytes(StandardCharsets.UTF_8));
        return new ScramKeys(salt, settings.scramIterations(), stored, stored);
    }

    @Override
    public ScramExchange scram(Origin origin) {
        var accounts = new ScramExchange.Accounts(
                (login, _) -> scramKeys(login, origin),
                (login, keys, proved) -> {
                    Verdict verdict = proved(login, keys, proved, origin);
                    report(verdict, origin);
                    return verdict;
                },
                () -> refuses(origin));
        return new ScramExchange(accounts, origin);
    }

    private ScramKeys scramKeys(String login, Origin origin) {
        try {
            return scramKeys(login);
        } catch (Fault.Unavailable e) {
            report(AWAY, origin);
            throw e;
        }
    }

    private Verdict proved(String login, ScramKeys keys, boolean proved, Origin origin) {
        try {
            SqliteDirectory.Entry entry = directory.entry(login);
            Optional<Verdict.NotYet> notYet = notYet(login, entry.account(), origin);
            if (notYet.isPresent()) return notYet.get();
            Optional<AccountId> id = entry.account().map(Account::id);
            Grant grant = id.map(directory::grant).orElse(Grant.LASTING);
            Optional<Account> account = id.flatMap(directory::account);
            boolean still = account.map(a -> directory.credentials(a.id()))
                    .flatMap(Passwords::main)
                    .flatMap(Credential::keys)
                    .filter(keys::equals)
                    .isPresent();
            return proved && still ? granted(account.orElseThrow(), grant, origin) : failed(origin, entry);
        } catch (Fault.Unavailable e) {
            return AWAY;
        }
    }

    @Override
    public Verdict vouched(Optional<String> login, Origin origin) {
        Optional<Verdict.TryLater> refusal = refuses(origin);
        Verdict verdict = refusal.isPresent() ? refusal.get()
                : login.isPresent() ? owner(login.get(), origin) : failed(origin);
        report(verdict, origin);
        return verdict;
    }

    private Verdict owner(String login, Origin origin) {
        try {
            SqliteDirectory.Entry entry = directory.entry(login);
            Optional<Verdict.NotYet> notYet = notYet(login, entry.account(), origin);
            if (notYet.isPresent()) return notYet.get();
            Optional<AccountId> id = entry.account().map(Account::id);
            Grant grant = id.map(directory::grant).orElse(Grant.LASTING);
            Optional<Account> account = id.flatMap(directory::account);
            return account.isPresent() ? granted(account.get(), grant, origin) : failed(origin, entry);
        } catch (Fault.Unavailable e) {
            return AWAY;
        }
    }

    private void report(Verdict verdict, Origin origin) {
        String outcome = switch (verdict) {
            case Verdict.Granted _ -> "granted";
            case Verdict.Denied _ -> "denied";
            case Verdict.AccountDisabled _ -> "disabled";
            case Verdict.NotYet _ -> "not-yet";
            case Verdict.TryLater(_, _, var cause) -> cause == Verdict.Cause.AWAY ? "away" : "later";
        };
        metrics.add(Metric.DIRECTORY_LOGINS, 1, origin.protocol(), outcome);
        Log.event(Event.DIRECTORY_LOGIN, "protocol", origin.protocol(), "outcome", outcome);
    }

    void forget(AccountId id) {
        remembered.forget(id);
    }

    @Override
    public void close() {
        cores.close();
    }
}
