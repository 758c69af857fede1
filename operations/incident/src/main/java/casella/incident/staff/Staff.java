package casella.incident.staff;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Sha256;
import casella.directory.Argon2;
import casella.directory.FailureThrottle;
import casella.incident.Desk;
import casella.sqlite.Statements;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The book of who works here, in the desk's database. Safe from any thread.
///
/// People log in with a name and a password; programs bring a key, which somebody has made and answers for.
public final class Staff implements AutoCloseable {
    /// People there may be.
    public static final int PEOPLE_MAX = 1_000;

    /// Keys one person may have.
    public static final int KEYS_MAX = 20;

    /// The longest a key is good.
    public static final Duration KEY_LIFE_MAX = Duration.ofDays(400);

    /// NIST SP 800-63B §5.1.1.2: at least 8; people who can stop a mail platform choose longer ones.
    public static final int PASSWORD_CHARS_MIN = 12;

    private static final int PASSWORD_BYTES_MAX = 1_024;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,30}[a-z0-9]");
    private static final Duration HASH_TIME = Duration.ofSeconds(10);
    private static final int FAILURES_MAX = 10;
    private static final Duration FAILURE_WINDOW = Duration.ofMinutes(10);
    private static final String KEY_PREFIX = "ck_";
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Desk desk;
    private final Clock clock;
    private final Argon2 cost;
    // Hashing takes a core and 19 MiB: strangers get one of it.
    private final Bulkhead cores = new Bulkhead("staff.hash", 1, 8);
    private final FailureThrottle throttle;

    /// @param cost of new passwords
    public Staff(Desk desk, Argon2 cost, Clock clock) {
        this.desk = desk;
        this.clock = clock;
        this.cost = cost;
        this.throttle = new FailureThrottle(FAILURES_MAX, FAILURE_WINDOW, true, System::nanoTime);
    }

    /// The answer to a name and a password.
    public sealed interface Verdict {
        record Known(Person person) implements Verdict {}

        /// An unknown name or a wrong password; which of them is not said.
        record Denied() implements Verdict {}

        /// Not looked at: too many failures came from this address.
        record TryLater(Duration after) implements Verdict {}
    }

    /// Enters somebody, or gives them other roles or another password.
    ///
    /// @param password null to leave the one that is there
    /// @throws IllegalArgumentException if the name, the password or the number of people is none that may be
    /// @throws casella.base.Fault.Unavailable if it cannot be kept now
    public Person put(String name, Set<Role> roles, @Nullable String password) {
        if (!NAME.matcher(name)
                .matches()) throw new IllegalArgumentException("name: must be 2 to 32 of a-z, 0-9, '.' and '-'");
        if (roles.isEmpty()) throw new IllegalArgumentException("roles: must be at least one");
        String hash = password == null ? "" : hash(password);
        String words = roles.stream().sorted().map(Role::word).collect(Collectors.joining(" "));
        long now = clock.now().toEpochMilli();
        return desk.write(s -> {
            boolean there = read(s, name).isPresent();
            if (!there && hash.isEmpty()) throw new IllegalArgumentException("password: must be given for somebody new");
            if (!there && s.number("SELECT count(*) FROM staff") >= PEOPLE_MAX) {
                throw new IllegalArgumentException("name: there are " + PEOPLE_MAX + " people already");
            }
            s.change("INSERT INTO staff (name, roles, hash, since, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
                    + " SET roles = excluded.roles, hash = iif(excluded.hash = '', hash, excluded.hash),"
                    + " version = version + (excluded.hash <> '')", name, words, hash, now, now);
            return read(s, name).orElseThrow();
        });
    }

    /// Takes somebody out of the book, with their keys. Nothing happens if they are not in it.
    public boolean remove(String name) {
        return desk.write(s -> {
            s.change("DELETE FROM staff_keys WHERE name = ?", name);
            return s.change("DELETE FROM staff WHERE name = ?", name) > 0;
        });
    }

    /// Returns everybody, by name.
    public List<Person> all() {
        return desk.read(s -> s.rows("SELECT name, roles, since FROM staff ORDER BY name", Staff::person));
    }

    public Optional<Person> person(String name) {
        return desk.read(s -> read(s, name));
    }

    /// Returns a number that is another with each new password, and for whoever comes again; 0 for nobody. What was begun with another is over.
    public long version(String name) {
        return desk.read(s -> s.row("SELECT version FROM staff WHERE name = ?", row -> row.getLong(1), name)
                .orElse(0L));
    }

    /// Says whether `password` is that of `name`. An unknown name takes as long as a known one.
    ///
    /// @param from the client's own address
    /// @throws casella.base.Fault.Unavailable if it cannot be told now
    public Verdict verify(String name, String password, InetAddress from) {
        Optional<Duration> wait = throttle.wait(from);
        if (wait.isPresent()) return new Verdict.TryLater(wait.get());
        Optional<String> kept = desk.read(s ->
                s.row("SELECT hash FROM staff WHERE name = ?", row -> row.getString(1), name));
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        boolean tooLong = bytes.length > PASSWORD_BYTES_MAX;
        boolean fits = !tooLong && cores.call(HASH_TIME, () -> Argon2.fits(kept.orElse(cost.nobody()), bytes)
                .orElse(false));
        Optional<Person> person = fits ? person(name) : Optional.empty();
        if (person.isPresent()) return new Verdict.Known(person.get());
        throttle.failed(from);
        return new Verdict.Denied();
    }

    /// Makes a key for a program. It is told once and kept as its hash.
    ///
    /// @param label what it is for, 1 to 64 characters
    /// @param life at most [#KEY_LIFE_MAX]
    /// @throws IllegalArgumentException if there is no such person, or they have [#KEYS_MAX]
    public String key(String name, String label, Duration life) {
        if (label.isBlank()
                || label.length() > 64) throw new IllegalArgumentException("label: must be 1 to 64 characters");
        if (life.isNegative() || life.isZero() || life.compareTo(KEY_LIFE_MAX) > 0) {
            throw new IllegalArgumentException("days: must be 1 to " + KEY_LIFE_MAX.toDays());
        }
        byte[] bytes = new byte[KEY_BYTES];
        RANDOM.nextBytes(bytes);
        String key = KEY_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.now();
        desk.write(s -> {
            if (read(s, name)
                    .isEmpty()) throw new IllegalArgumentException("name: nobody here is called that");
            s.change("DELETE FROM staff_keys WHERE until <= ?", now.toEpochMilli());
            if (s.number("SELECT count(*) FROM staff_keys WHERE name = ?", name) >= KEYS_MAX) {
                throw new IllegalArgumentException("name: has " + KEYS_MAX + " keys already");
            }
            return s.change("INSERT INTO staff_keys (hash, name, label, until) VALUES (?, ?, ?, ?)",
                    hashOf(key), name, label,
                    now.plus(life).toEpochMilli());
        });
        return key;
    }

    /// Ends the keys of that label. Returns how many there were.
    public int endKeys(String name, String label) {
        return desk.write(s -> s.change("DELETE FROM staff_keys WHERE name = ? AND label = ?", name, label));
    }

    /// Returns whose key it is, if it is good. 256 random bits: a hash without salt is enough, and looking it up by hash leaks
    /// nothing by time.
    public Optional<Person> byKey(String key) {
        if (!key.startsWith(KEY_PREFIX)) return Optional.empty();
        return desk.read(s -> s.row(
                "SELECT staff.name, staff.roles, staff.since FROM staff_keys JOIN staff USING (name) WHERE staff_keys.hash = ? AND until > ?",
                Staff::person, hashOf(key), clock.now().toEpochMilli()));
    }

    private String hash(String password) {
        if (password.length() < PASSWORD_CHARS_MIN) {
            throw new IllegalArgumentException("password: must have " + PASSWORD_CHARS_MIN
                    + " characters or more");
        }
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > PASSWORD_BYTES_MAX) throw new IllegalArgumentException("password: must be at most 1,024 bytes");
        return cores.call(HASH_TIME, () -> cost.hash(bytes));
    }

    private static String hashOf(String key) {
        return Sha256.of(key.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static Optional<Person> read(Statements s, String name) throws SQLException {
        return s.row("SELECT name, roles, since FROM staff WHERE name = ?", Staff::person, name);
    }

    private static Person person(ResultSet row) throws SQLException {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : row.getString(2).split(" ")) roles.add(Role.of(word));
        return new Person(row.getString(1), roles, Instant.ofEpochMilli(row.getLong(3)));
    }

    @Override
    public void close() {
        cores.close();
    }
}
