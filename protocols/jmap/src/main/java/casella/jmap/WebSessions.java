package casella.jmap;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Sha256;
import casella.directory.Authenticator.Grant;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Log-ins of the webmail: a random token in a cookie, its hash here. In memory: a restart asks
/// for the password again.
///
/// A token is 256 random bits, so a hash without salt is enough, and looking it up by hash leaks
/// nothing by time. Bounded: when there are too many, of an account or in all, the one unused
/// longest gives way.
final class WebSessions {
    private static final int TOKEN_BYTES = 32;

    private static final class Session {
        final AccountId account;
        final Grant grant;
        final Instant made;
        Instant used;

        Session(AccountId account, Grant grant, Instant made) {
            this.account = account;
            this.grant = grant;
            this.made = made;
            this.used = made;
        }
    }

    private final Clock clock;
    private final Duration idle;
    private final Duration life;
    private final int sessionsMax;
    private final int sessionsPerAccountMax;
    private final SecureRandom random = new SecureRandom();
    /// By hash of the token, the least used first.
    private final LinkedHashMap<Sha256, Session> sessions = new LinkedHashMap<>(64, 0.75f, true);

    private final Map<AccountId, Integer> counts = new HashMap<>();

    WebSessions(JmapConfig config, Clock clock) {
        this.clock = clock;
        this.idle = config.sessionIdle();
        this.life = config.sessionLife();
        this.sessionsMax = config.sessionsMax();
        this.sessionsPerAccountMax = config.sessionsPerAccountMax();
    }

    /// Returns the token of a new log-in of `account`, which lasts no longer than `grant`.
    synchronized String open(AccountId account, Grant grant) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.now();
        while (!sessions.isEmpty()) {
            var oldest = sessions.entrySet().iterator().next();
            if (sessions.size() < sessionsMax && !over(oldest.getValue(), now)) break;
            remove(oldest.getKey());
        }
        while (counts.getOrDefault(account, 0) >= sessionsPerAccountMax) remove(leastUsed(account));
        sessions.put(hash(token), new Session(account, grant, now));
        counts.merge(account, 1, Integer::sum);
        return token;
    }

    /// Returns whose log-in `token` is, and counts it as used now.
    synchronized Optional<AccountId> account(String token) {
        Sha256 key = hash(token);
        Session session = sessions.get(key);
        if (session == null) return Optional.empty();
        Instant now = clock.now();
        if (over(session, now)) {
            remove(key);
            return Optional.empty();
        }
        session.used = now;
        return Optional.of(session.account);
    }

    /// Returns what the log-in of `token` rests on: what lasts longer than a request asks it again.
    synchronized Grant grant(String token) {
        Session session = sessions.get(hash(token));
        return session == null ? () -> false : session.grant;
    }

    /// Ends a log-in; nothing happens if there is none.
    synchronized void close(String token) {
        remove(hash(token));
    }

    /// Ends every log-in of `account`.
    synchronized void closeAll(AccountId account) {
        while (counts.containsKey(account)) remove(leastUsed(account));
    }

    synchronized int count() {
        return sessions.size();
    }

    private Sha256 leastUsed(AccountId account) {
        for (var entry : sessions.entrySet()) if (entry.getValue().account.equals(account)) return entry.getKey();
        throw new IllegalStateException("an account is counted that has no session");
    }

    private boolean over(Session session, Instant now) {
        return !session.grant.stands()
                || now.isAfter(session.used.plus(idle))
                || now.isAfter(session.made.plus(life));
    }

    private void remove(Sha256 key) {
        Session gone = sessions.remove(key);
        if (gone != null) counts.computeIfPresent(gone.account, (_, count) -> count == 1 ? null : count - 1);
    }

    private static Sha256 hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
