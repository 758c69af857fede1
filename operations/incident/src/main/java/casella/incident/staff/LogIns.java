package casella.incident.staff;

import casella.base.Clock;
import casella.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Who is logged in: a random token in a cookie, its hash here. In memory: a restart asks for the password again.
///
/// Whoever is taken out of the book, or gets another password, is logged out everywhere; other roles hold with the next thing that is
/// asked. Bounded: when there are too many, the one unused longest gives way.
public final class LogIns {
    static final int MAX = 2_000;
    static final Duration IDLE = Duration.ofHours(1);
    /// The longest a log-in lasts.
    public static final Duration LIFE = Duration.ofHours(12);
    private static final int TOKEN_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record LogIn(String name, long version, Instant made, Instant used) {}

    /// A log-in that holds.
    ///
    /// @param until when it ends at the latest
    public record Held(Person person, Instant until) {}

    private final Staff staff;
    private final Clock clock;
    private final Map<Sha256, LogIn> open = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, LogIn> eldest) {
            return size() > MAX;
        }
    };

    public LogIns(Staff staff, Clock clock) {
        this.staff = staff;
        this.clock = clock;
    }

    /// Returns the token of a new log-in.
    public String open(Person person) {
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        long version = staff.version(person.name());
        Instant now = clock.now();
        synchronized (open) {
            open.put(hash(token), new LogIn(person.name(), version, now, now));
        }
        return token;
    }

    /// Returns whose log-in `token` is, and counts it as used now.
    ///
    /// @throws casella.base.Fault.Unavailable if the book does not say now
    public Optional<Held> held(String token) {
        Sha256 key = hash(token);
        LogIn found;
        Instant now = clock.now();
        synchronized (open) {
            found = open.get(key);
            if (found == null) return Optional.empty();
            if (now.isAfter(found.used().plus(IDLE)) || now.isAfter(found.made().plus(LIFE))) {
                open.remove(key);
                return Optional.empty();
            }
            open.put(key, new LogIn(found.name(), found.version(), found.made(), now));
        }
        Optional<Person> person = staff.person(found.name()).filter(_ ->
                staff.version(found.name()) == found.version());
        if (person.isEmpty()) close(token);
        return person.map(one -> new Held(one, found.made().plus(LIFE)));
    }

    /// Ends a log-in; nothing happens if there is none.
    public void close(String token) {
        synchronized (open) {
            open.remove(hash(token));
        }
    }

    private static Sha256 hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
