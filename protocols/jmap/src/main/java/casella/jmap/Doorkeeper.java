package casella.jmap;

import casella.base.AccountId;
import casella.directory.Account;
import casella.directory.Authenticator;
import casella.directory.Authenticator.Origin;
import casella.directory.Directory;
import casella.directory.NotYetWords;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides who a request is from: HTTP Basic (RFC 7617 §2), the webmail's cookie, or its token as
/// a bearer token (RFC 6750 §2.1), for programs that log in once.
///
/// A cookie is sent by the browser whoever made it ask. So a request that comes with one must also
/// carry a header that only our own page can set, or be of a kind that changes nothing
/// ([Guard#READS_ONLY]); and Origin and Sec-Fetch-Site, where the browser sends them, must say
/// that the page is ours.
final class Doorkeeper {
    static final String COOKIE = "casella-session";
    static final String GUARD_HEADER = "X-Casella";

    private static final String BEARER = "Bearer ";
    private static final int CREDENTIALS_CHARS_MAX = 4_096;

    private final Directory directory;
    private final Authenticator authenticator;
    private final WebSessions sessions;
    private final boolean basicOnLoopback;

    Doorkeeper(Directory directory, Authenticator authenticator, WebSessions sessions, boolean basicOnLoopback) {
        this.directory = directory;
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.basicOnLoopback = basicOnLoopback;
    }

    /// Whether a request by cookie needs the guard header.
    enum Guard {
        HEADER,
        /// Downloads and event streams: a browser fetches them without asking the page for
        /// headers.
        READS_ONLY
    }

    /// What was decided.
    sealed interface Entry {
        record In(Caller caller) implements Entry {}

        /// 401, 403, 429 or 503.
        ///
        /// @param afterSeconds for Retry-After, 0 for none
        record Out(int status, String why, long afterSeconds) implements Entry {}
    }

    Entry enter(Exchange exchange, Guard guard) {
        String authorization = exchange.header(HeaderNames.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            // Whoever can set this header has the token in hand: no page of another origin does.
            return owner(authorization.substring(BEARER.length()).strip());
        }
        if (authorization != null) return basic(exchange, authorization);
        String token = token(exchange);
        if (token == null) return new Entry.Out(401, "Log in first", 0);
        if (sessions.account(token).isEmpty()) return new Entry.Out(401, "Log in again", 0);
        if (!sameOrigin(exchange)) return new Entry.Out(403, "Not from a page of ours", 0);
        if (guard == Guard.HEADER && !"1".equals(exchange.header(GUARD_HEADER))) {
            return new Entry.Out(403, "The header " + GUARD_HEADER + " is missing", 0);
        }
        return owner(token);
    }

    private Entry owner(String token) {
        Optional<AccountId> account = sessions.account(token);
        if (account.isEmpty()) return new Entry.Out(401, "Log in again", 0);
        Optional<Account> found = directory.account(account.get());
        if (found.isEmpty() || !found.get().active()) {
            sessions.closeAll(account.get());
            return new Entry.Out(401, "Log in again", 0);
        }
        return new Entry.In(caller(found.get(), sessions.grant(token)));
    }

    /// Tries a log-in.
    Authenticator.Verdict verify(Exchange exchange, String login, byte[] password) {
        return authenticator.verify(login, password, new Origin(exchange.peer(), "jmap"));
    }

    /// Says whether a password may be sent over this connection.
    boolean passwordsAllowed(Exchange exchange) {
        return exchange.request().isSecure() || (basicOnLoopback && exchange.loopback());
    }

    /// Says whether the browser, if it is one, sent this for a page of ours. Fetch Metadata; RFC
    /// 6454 §7.
    static boolean sameOrigin(Exchange exchange) {
        String site = exchange.header("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) return false;
        String origin = exchange.header(HeaderNames.ORIGIN);
        if (origin == null) return true;
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(exchange.host());
    }

    /// Says whether a request brings the cookie of a log-in that holds. Nobody is let in by this.
    boolean known(Exchange exchange) {
        String token = token(exchange);
        return token != null && sessions.account(token).isPresent();
    }

    static @Nullable String token(Exchange exchange) {
        return cookie(exchange, COOKIE);
    }

    /// Returns the value of a cookie as it was sent; null if there is none.
    static @Nullable String cookie(Exchange exchange, String name) {
        for (String line : exchange.request().headers().values(HeaderNames.COOKIE)) {
            for (String pair : line.split(";")) {
                String one = pair.strip();
                if (one.startsWith(name + "=")) return one.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static Caller caller(Account account, Authenticator.Grant grant) {
        return new Caller(account.id(), account.address(), account.brand(), account.language(), grant);
    }

    private Entry basic(Exchange exchange, String authorization) {
        if (!passwordsAllowed(exchange)) return new Entry.Out(403, "Passwords need TLS", 0);
        Credentials credentials = Credentials.read(authorization);
        if (credentials == null) return new Entry.Out(401, "Not readable as Basic credentials", 0);
        try {
            return switch (verify(exchange, credentials.login(), credentials.password())) {
                case Authenticator.Verdict.Granted(Account account, var grant) ->
                    new Entry.In(caller(account, grant));
                case Authenticator.Verdict.Denied _ -> new Entry.Out(401, "Denied", 0);
                case Authenticator.Verdict.AccountDisabled _ -> new Entry.Out(403, "The account is disabled", 0);
                case Authenticator.Verdict.NotYet told ->
                    new Entry.Out(503, NotYetWords.both(told), Math.max(1, told.retry().toSeconds()));
                case Authenticator.Verdict.TryLater(var after, var why, var cause) ->
                    new Entry.Out(status(cause), why, Math.max(1, after.toSeconds()));
            };
        } finally {
            Arrays.fill(credentials.password(), (byte) 0);
        }
    }

    /// 429 where the client does too much, 503 where it is this side that cannot tell (RFC 9110 §15.6).
    static int status(Authenticator.Verdict.Cause cause) {
        return switch (cause) {
            case FAILURES -> 429;
            case AWAY -> 503;
        };
    }

    /// What Basic carries. RFC 7617 §2: base64 of login, a colon, password.
    private record Credentials(String login, byte[] password) {
        static @Nullable Credentials read(String authorization) {
            if (authorization.length() > CREDENTIALS_CHARS_MAX) return null;
            if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) return null;
            byte[] both;
            try {
                both = Base64.getDecoder().decode(authorization.substring(6).strip());
            } catch (IllegalArgumentException e) {
                return null;
            }
            int colon = 0;
            while (colon < both.length && both[colon] != ':') colon++;
            if (colon == 0 || colon >= both.length - 1) return null;
            String login = new String(both, 0, colon, StandardCharsets.UTF_8);
            byte[] password = Arrays.copyOfRange(both, colon + 1, both.length);
            Arrays.fill(both, (byte) 0);
            return new Credentials(login, password);
        }
    }
}
