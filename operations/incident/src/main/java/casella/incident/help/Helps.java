package casella.incident.help;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.HelpDesk;
import casella.base.Sha256;
import casella.incident.Desk;
import casella.sqlite.Statements;
import casella.store.deletion.Erasure;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which owners let somebody look inside their mailbox, who did, and at what; in the desk's database. Safe from any thread.
///
/// An owner makes a code and tells it to whoever helps. It can be used once, by one person, who may then look for a while, as far as the
/// owner said. Every look is written down before it is answered. What was looked at is kept as ids: nothing of any mail is in here.
public final class Helps implements HelpDesk, Erasure.Place {
    /// Of the place, to whoever erases.
    public static final String NAME = "help";

    /// How long a code can be used.
    public static final Duration CODE_LIFE = Duration.ofMinutes(15);

    /// How long somebody may look once they used it.
    public static final Duration HELP_LIFE = Duration.ofMinutes(30);

    /// Wrong codes after which the right one is good no more.
    public static final int GUESSES_MAX = 5;

    /// Wrong codes, of any accounts, after which a person waits.
    public static final int GUESSES_OF_PERSON_MAX = 10;

    /// Looks of one help.
    public static final int LOOKS_MAX = 500;

    /// How long a help is kept once it is over.
    public static final Duration KEPT = Duration.ofDays(400);

    private static final Duration PERSON_WINDOW = Duration.ofMinutes(15);
    private static final int PEOPLE_MAX = 1_000;
    private static final int LISTED_MAX = 50;
    private static final int LOOKS_LISTED_MAX = 200;
    /// Helps of an account in a day: more is a mistake, or somebody else's.
    private static final int DAILY_MAX = 50;
    /// Crockford's digits: none looks like another, all can be spelt on the telephone. 10 of them are 50 bits.
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int CODE_DIGITS = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Guesses(int count, Instant since) {}

    private final Desk desk;
    private final Clock clock;
    private final Map<String, Guesses> guesses = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > PEOPLE_MAX;
        }
    };

    public Helps(Desk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    @Override
    public List<Help> of(AccountId account) {
        return desk.read(s -> {
            List<Help> all = s.rows("SELECT " + COLUMNS + " FROM helps WHERE account = ? ORDER BY id DESC LIMIT " + LISTED_MAX,
                    Helps::help, account.value());
            for (int i = 0; i < all.size(); i++) all.set(i, withLooks(s, all.get(i)));
            return all;
        });
    }

    @Override
    public Allowed allow(AccountId account, Scope scope) {
        Instant now = clock.now();
        String code = code();
        return desk.write(s -> {
            forgetBefore(s, now.minus(KEPT));
            long since = now.minus(Duration.ofDays(1)).toEpochMilli();
            if (s.number("SELECT count(*) FROM helps WHERE account = ? AND made > ?", account.value(), since) >= DAILY_MAX) {
                throw new IllegalArgumentException("There were " + DAILY_MAX + " within a day");
            }
            s.change("UPDATE helps SET ended = ?, code = '' WHERE account = ? AND code <> '' AND ended IS NULL", now.toEpochMilli(),
                    account.value());
            s.change("INSERT INTO helps (account, scope, made, until, code, guesses, person, told) VALUES (?, ?, ?, ?, ?, 0, '', 0)",
                    account.value(), scope.word(), now.toEpochMilli(), now.plus(CODE_LIFE).toEpochMilli(),
                    hash(account, code));
            return new Allowed(read(s, s.number("SELECT last_insert_rowid()")), code.substring(0, 5) + "-" + code.substring(5));
        });
    }

    @Override
    public Optional<Help> end(AccountId account, long id) {
        long now = clock.now().toEpochMilli();
        return desk.write(s -> {
            s.change("UPDATE helps SET ended = ?, code = '' WHERE id = ? AND account = ? AND ended IS NULL AND until > ?", now, id,
                    account.value(), now);
            return s.row("SELECT " + COLUMNS + " FROM helps WHERE id = ? AND account = ?", Helps::help, id, account.value());
        });
    }

    /// Uses a code: `person` may look from now on.
    ///
    /// @throws IllegalArgumentException if the code is not good: which part of it is not said
    public Help begin(AccountId account, String code, String person) {
        Instant now = clock.now();
        mayGuess(person, now);
        byte[] brought = hash(account, plain(code)).getBytes(UTF_8);
        Optional<Help> begun = desk.write(s -> {
            Optional<Open> open = s.row("SELECT id, code, guesses FROM helps WHERE account = ? AND code <> '' AND ended IS NULL"
                    + " AND until > ? ORDER BY id DESC LIMIT 1", row -> new Open(row.getLong(1), row.getString(2), row.getInt(3)),
                    account.value(), now.toEpochMilli());
            if (open.isEmpty()) return Optional.empty();
            long id = open.get().id();
            if (!MessageDigest.isEqual(open.get().code().getBytes(UTF_8), brought)) {
                boolean last = open.get().guesses() + 1 >= GUESSES_MAX;
                s.change("UPDATE helps SET guesses = guesses + 1, code = iif(?, '', code), ended = iif(?, ?, ended) WHERE id = ?",
                        last, last, now.toEpochMilli(), id);
                return Optional.empty();
            }
            s.change("UPDATE helps SET code = '', person = ?, began = ?, until = ? WHERE id = ?", person, now.toEpochMilli(),
                    now.plus(HELP_LIFE).toEpochMilli(), id);
            return Optional.of(read(s, id));
        });
        if (begun.isEmpty()) guessed(person, now);
        return begun.orElseThrow(() -> new IllegalArgumentException(
                "code: is not good; codes are good for 15 minutes, once, and after 5 wrong ones the owner makes a new one"));
    }

    private record Open(long id, String code, int guesses) {}

    /// Returns what `person` may look at in an account now.
    public Optional<Help> running(AccountId account, String person) {
        return desk.read(s -> running(s, account, person));
    }

    /// Writes down that `person` looks at something, which they may do: only then is it to be answered.
    ///
    /// @param about the folder's or the mail's id; empty for the list of folders
    /// @throws IllegalArgumentException if the owner does not allow it now
    public Help looks(AccountId account, String person, Scope what, String about) {
        Instant now = clock.now();
        return desk.write(s -> {
            Help help = running(s, account, person).orElseThrow(() -> new IllegalArgumentException(
                    "account: its owner lets you look no more, or not yet; they make a code, and help begin uses it"));
            if (!help.scope().covers(what)) {
                throw new IllegalArgumentException("account: its owner lets you look at " + help.scope().word() + ", and no further");
            }
            long number = s.number("SELECT count(*) FROM help_looks WHERE help = ?", help.id());
            if (number >= LOOKS_MAX) throw new IllegalArgumentException("account: " + LOOKS_MAX + " looks are one help's");
            s.change("INSERT INTO help_looks (help, number, at, what, about) VALUES (?, ?, ?, ?, ?)", help.id(), number + 1,
                    now.toEpochMilli(), what.word(), about);
            return help;
        });
    }

    /// Returns whether the owner was told by mail that a help began.
    public boolean told(long id) {
        return desk.read(s -> s.number("SELECT told FROM helps WHERE id = ?", id)) != 0;
    }

    public void tell(long id) {
        desk.write(s -> s.change("UPDATE helps SET told = 1 WHERE id = ?", id));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean erased(AccountId account) {
        desk.write(s -> {
            s.change("DELETE FROM help_looks WHERE help IN (SELECT id FROM helps WHERE account = ?)", account.value());
            return s.change("DELETE FROM helps WHERE account = ?", account.value());
        });
        return true;
    }

    private static void forgetBefore(Statements s, Instant time) throws SQLException {
        s.change("DELETE FROM help_looks WHERE help IN (SELECT id FROM helps WHERE until < ?)", time.toEpochMilli());
        s.change("DELETE FROM helps WHERE until < ?", time.toEpochMilli());
    }

    private Optional<Help> running(Statements s, AccountId account, String person) throws SQLException {
        return s.row("SELECT " + COLUMNS + " FROM helps WHERE account = ? AND person = ? AND ended IS NULL AND until > ?"
                + " ORDER BY id DESC LIMIT 1", Helps::help, account.value(), person, clock.now().toEpochMilli());
    }

    private void mayGuess(String person, Instant now) {
        synchronized (guesses) {
            Guesses so = guesses.get(person);
            if (so == null || so.count() < GUESSES_OF_PERSON_MAX) return;
            if (now.isAfter(so.since().plus(PERSON_WINDOW))) return;
        }
        throw new IllegalArgumentException("code: you brought too many that are not good; wait a quarter of an hour");
    }

    private void guessed(String person, Instant now) {
        synchronized (guesses) {
            Guesses so = guesses.get(person);
            Guesses next = so == null || now.isAfter(so.since().plus(PERSON_WINDOW))
                    ? new Guesses(1, now) : new Guesses(so.count() + 1, so.since());
            guesses.put(person, next);
        }
    }

    private static String code() {
        var out = new StringBuilder(CODE_DIGITS);
        for (int i = 0; i < CODE_DIGITS; i++) out.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        return out.toString();
    }

    /// Returns a code as it was made, however it was written down: letters that are read as digits are those.
    private static String plain(String code) {
        return code.toUpperCase(Locale.ROOT).replace('O', '0').replace('I', '1').replace('L', '1').replaceAll("[\\s-]", "");
    }

    /// A code lives for minutes and is then forgotten, hash and all: the account's id is salt enough.
    private static String hash(AccountId account, String code) {
        return Sha256.of(("casella.help " + account + " " + code).getBytes(UTF_8)).toString();
    }

    private static final String COLUMNS = "id, scope, made, until, person, began, ended";

    private static Help read(Statements s, long id) throws SQLException {
        return s.row("SELECT " + COLUMNS + " FROM helps WHERE id = ?", Helps::help, id).orElseThrow();
    }

    private static Help help(ResultSet row) throws SQLException {
        return new Help(row.getLong(1), Scope.of(row.getString(2)), Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)), row.getString(5), instant(row, 6), instant(row, 7),
                List.of());
    }

    private static Look look(ResultSet row) throws SQLException {
        return new Look(Instant.ofEpochMilli(row.getLong(1)), Scope.of(row.getString(2)), row.getString(3));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static Help withLooks(Statements s, Help help) throws SQLException {
        List<Look> looks = s.rows("SELECT at, what, about FROM (SELECT number, at, what, about FROM help_looks WHERE help = ?"
                + " ORDER BY number DESC LIMIT " + LOOKS_LISTED_MAX + ") ORDER BY number",
                Helps::look, help.id());
        return new Help(help.id(), help.scope(), help.made(), help.until(), help.by(), help.began(),
                help.ended(), looks);
    }
}
