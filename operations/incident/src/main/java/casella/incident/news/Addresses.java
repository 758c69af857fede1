package casella.incident.news;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Sha256;
import casella.incident.Desk;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The second addresses of owners, in the desk's database: they are there when nothing else is. Safe from any thread.
final class Addresses {
    /// For how long a code is good, and how many wrong ones are heard.
    static final Duration CODE_LIFE = Duration.ofMinutes(30);
    static final int GUESSES_MAX = 5;
    /// How many codes an account is sent in a day.
    static final int CODES_A_DAY_MAX = 5;
    /// How long after news the next go to the same address.
    static final Duration NEWS_EVERY = Duration.ofMinutes(30);

    /// What can be written to without quotes: RFC 5321 §4.1.2 `Dot-string "@" Domain`.
    private static final Pattern ADDRESS = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}");
    private static final int ADDRESS_CHARS_MAX = 254;
    private static final int LOCAL_CHARS_MAX = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Desk desk;
    private final Clock clock;

    /// @param address where news go; null for none
    /// @param pending where a code was sent; null for none
    record Row(@Nullable String address, @Nullable String pending) {}

    Addresses(Desk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// Returns the address as it is kept; empty if it is none.
    static Optional<String> checked(String text) {
        String address = text.strip();
        int at = address.lastIndexOf('@');
        if (address.length() > ADDRESS_CHARS_MAX || at > LOCAL_CHARS_MAX || !ADDRESS.matcher(address)
                .matches()) {
            return Optional.empty();
        }
        return Optional.of(address.substring(0, at) + address.substring(at).toLowerCase(Locale.ROOT));
    }

    Row of(AccountId account) {
        long now = clock.now().toEpochMilli();
        return desk.read(s ->
                s.row("SELECT address, CASE WHEN until > ? THEN pending END FROM news_addresses WHERE account = ?",
                row -> new Row(row.getString(1), row.getString(2)), now, account.value()).orElse(new Row(null,
                        null)));
    }

    /// Returns the code that is to be sent to `address`; empty if there were too many today.
    Optional<String> begin(AccountId account, String address) {
        long now = clock.now().toEpochMilli();
        long day = now / Duration.ofDays(1).toMillis();
        String code = String.format(Locale.ROOT, "%06d", RANDOM.nextInt(1_000_000));
        int begun = desk.write(s -> {
            s.change("INSERT INTO news_addresses (account, codes, day, guesses, told) VALUES (?, 0, ?, 0, 0)"
                    + " ON CONFLICT (account) DO UPDATE SET codes = 0, day = excluded.day WHERE day <> excluded.day",
                    account.value(), day);
            return s.change("UPDATE news_addresses SET pending = ?, code = ?, until = ?, guesses = 0, codes = codes + 1"
                    + " WHERE account = ? AND codes < ?", address, hash(account, code),
                    now + CODE_LIFE.toMillis(), account.value(), CODES_A_DAY_MAX);
        });
        return begun == 0 ? Optional.empty() : Optional.of(code);
    }

    /// Says whether `code` is the one that was sent; each wrong one counts.
    boolean confirm(AccountId account, String code) {
        long now = clock.now().toEpochMilli();
        byte[] brought = hash(account, code.strip()).getBytes(US_ASCII);
        return desk.write(s -> {
            int heard = s.change("UPDATE news_addresses SET guesses = guesses + 1"
                    + " WHERE account = ? AND pending IS NOT NULL AND until > ? AND guesses < ?",
                            account.value(), now, GUESSES_MAX);
            if (heard == 0) return false;
            String sent = s.row("SELECT code FROM news_addresses WHERE account = ?", row -> row.getString(1),
                    account.value())
                    .orElse("");
            if (!MessageDigest.isEqual(sent.getBytes(US_ASCII), brought)) return false;
            return s.change("UPDATE news_addresses SET address = pending, pending = NULL, code = NULL, told = 0 WHERE account = ?",
                    account.value()) == 1;
        });
    }

    void remove(AccountId account) {
        // How often codes were sent today stays: who removes and begins again is not sent more.
        desk.write(s ->
                s.change("UPDATE news_addresses SET address = NULL, pending = NULL, code = NULL WHERE account = ?",
                account.value()));
    }

    void forget(AccountId account) {
        desk.write(s -> s.change("DELETE FROM news_addresses WHERE account = ?", account.value()));
    }

    /// Returns where news go if that is `claimed`, and none went there for a while; counts them as gone.
    Optional<String> take(AccountId account, String claimed) {
        long now = clock.now().toEpochMilli();
        return desk.write(s -> {
            Optional<String> address =
                    s.row("SELECT address FROM news_addresses WHERE account = ? AND address IS NOT NULL",
                    row -> row.getString(1), account.value());
            boolean fits = address.isPresent() && MessageDigest.isEqual(
                    address.get().toLowerCase(Locale.ROOT).getBytes(UTF_8), claimed.strip()
                            .toLowerCase(Locale.ROOT).getBytes(UTF_8));
            if (!fits) return Optional.<String>empty();
            int due = s.change("UPDATE news_addresses SET told = ? WHERE account = ? AND told <= ?", now,
                    account.value(),
                    now - NEWS_EVERY.toMillis());
            return due == 1 ? address : Optional.<String>empty();
        });
    }

    private static String hash(AccountId account, String code) {
        return Sha256.of(("casella.news " + account + " " + code).getBytes(UTF_8)).toString();
    }
}
