package casella.jmap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.AccountId;
import casella.base.Notices;
import casella.base.Notices.Notice;
import casella.directory.Authenticator.Verdict;
import casella.directory.Brand;
import casella.jmap.Doorkeeper.Entry;
import casella.jmap.Doorkeeper.Guard;
import io.helidon.http.HeaderNames;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way in for whoever has no script, or has none yet: `/login/`, `/mailbox/`, `/logout/`, and the webmail's first page.
///
/// A page of another origin must not log a reader in as somebody else, nor out. So a form is taken only from a page of ours, as Origin and
/// Sec-Fetch-Site say; and because browsers without script are often old and say neither, only with the token of a cookie that no other
/// origin knows. The token is random and kept nowhere: a flood of readers leaves nothing behind.
final class PlainDoor {
    static final String FORM_COOKIE = "casella-form";

    private static final int FORM_BYTES_MAX = 8_192;
    private static final int TOKEN_BYTES = 16;
    private static final int TOKEN_CHARS = 22;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final JmapServer.Parts parts;
    private final Doorkeeper doorkeeper;
    private final AuthEndpoint auth;
    private final Gate requests;
    private final FirstPage first;

    /// @param requests how many requests an account may have at a time
    PlainDoor(
            JmapServer.Parts parts, Doorkeeper doorkeeper, AuthEndpoint auth, Gate requests,
            FirstPage first) {
        this.parts = parts;
        this.doorkeeper = doorkeeper;
        this.auth = auth;
        this.requests = requests;
        this.first = first;
    }

    /// `GET /`, and each view of the webmail: its page, with the form in it for whoever is not logged in.
    void enter(Exchange exchange) {
        if (!first.at(exchange.request().path().path()) || doorkeeper.known(exchange)) {
            first.serve(exchange);
            return;
        }
        String token = token(exchange);
        LogInPage form = new LogInPage(frame(exchange, asked(exchange)), token);
        keep(exchange, token);
        first.serveWith(exchange, form);
    }

    /// Leads to the page in a language the reader asks for.
    void choose(Exchange exchange, String path) {
        lead(exchange, path.formatted(asked(exchange).tag()));
    }

    /// `GET /login/{language}/`.
    void show(Exchange exchange) {
        String token = token(exchange);
        var page = new LogInPage(frame(exchange, language(exchange)), token);
        keep(exchange, token);
        answer(exchange, 200, page.whole("", exchange.query("left") == null ? "" : page.left(), ""));
    }

    void style(Exchange exchange) {
        SecurityHeaders.publicPage(exchange.response());
        exchange.response().header(HeaderNames.CACHE_CONTROL, "public, max-age=300");
        exchange.response().header(HeaderNames.CONTENT_TYPE, "text/css; charset=utf-8");
        exchange.bytes(200, PlainPage.style(brand(exchange).map(Brand::accent).orElse("#1b6ac9"))
                .getBytes(UTF_8));
    }

    /// `POST /login/{language}/`: leads into the webmail, or says what is wrong on the same page.
    void open(Exchange exchange) throws Exchange.BodyRefused {
        Optional<Map<String, String>> fields = fields(exchange);
        if (fields.isEmpty()) return;
        String login = fields.get().getOrDefault("login", "").strip();
        String password = fields.get().getOrDefault("password", "");
        String token = token(exchange);
        var page = new LogInPage(frame(exchange, language(exchange)), token);
        if (!carried(exchange, fields.get())) {
            keep(exchange, token);
            answer(exchange, 403, page.whole(login, "", page.stale()));
        } else if (!doorkeeper.passwordsAllowed(exchange)) {
            answer(exchange, 403, page.whole("", "", page.clear()));
        } else if (login.isEmpty() || password.isEmpty()) {
            answer(exchange, 422, page.whole(login, "", page.missing()));
        } else {
            byte[] secret = password.getBytes(UTF_8);
            try {
                answer(exchange, page, login, doorkeeper.verify(exchange, login, secret));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    private void answer(Exchange exchange, LogInPage page, String login, Verdict verdict) {
        switch (verdict) {
            case Verdict.Granted granted -> {
                auth.enter(exchange, granted);
                lead(exchange, first.there() ? "/" : "/mailbox/");
            }
            case Verdict.Denied _ -> refused(exchange, page, login, "denied");
            case Verdict.AccountDisabled _ -> refused(exchange, page, login, "disabled");
            case Verdict.NotYet told -> {
                retry(exchange, told.retry());
                answer(exchange, 503, page.whole(login, "", page.notYet(told)));
            }
            case Verdict.TryLater later -> {
                retry(exchange, later.after());
                String said = switch (later.cause()) {
                    case FAILURES -> page.tooMany(later.after());
                    case AWAY -> page.away();
                };
                answer(exchange, Doorkeeper.status(later.cause()), page.whole(login, "", said));
            }
        }
    }

    private static void refused(Exchange exchange, LogInPage page, String login, String outcome) {
        AuthEndpoint.written(login, outcome);
        answer(exchange, 401, page.whole(login, "", page.refused()));
    }

    private static void retry(Exchange exchange, Duration after) {
        exchange.response().header(HeaderNames.RETRY_AFTER, Long.toString(Math.max(1, after.toSeconds())));
    }

    /// `GET /mailbox/`, in the owner's language, and `GET /mailbox/{language}/`.
    void mailbox(Exchange exchange) {
        switch (doorkeeper.enter(exchange, Guard.READS_ONLY)) {
            case Entry.Out _ -> lead(exchange, "/login/");
            case Entry.In(Caller caller) -> {
                if (!requests.enter(caller.account())) {
                    exchange.response().header(HeaderNames.RETRY_AFTER, "1");
                    exchange.problem(RequestError.plain(429, "Too many requests at a time"));
                    return;
                }
                try {
                    mailbox(exchange, caller);
                } finally {
                    requests.leave(caller.account());
                }
            }
        }
    }

    private void mailbox(Exchange exchange, Caller caller) {
        boolean chosen = !exchange.path("language").isEmpty();
        PlainLanguage in = chosen ? language(exchange) : PlainLanguage.of(caller.language());
        AccountId id = caller.account();
        String token = token(exchange);
        Brand brand = parts.directory().brand(caller.brand()).or(() -> brand(exchange)).orElse(null);
        keep(exchange, token);
        var facts = new MailboxPage.Facts(caller.address(), parts.accounts().open(id).service(),
                MailboxPage.Facts.now(() -> parts.own().absences(id)),
                MailboxPage.Facts.now(() -> parts.own().reckoned(id)),
                MailboxPage.Facts.now(() -> parts.own().attempts(id)),
                MailboxPage.Facts.now(() -> parts.given().to(id)));
        var page = new MailboxPage(frame(brand, id, in), parts.programs(), token);
        answer(exchange, 200, page.whole(facts));
    }

    /// `POST /logout/{language}/`: leads to the log-in page, logged in or not.
    void close(Exchange exchange) throws Exchange.BodyRefused {
        Optional<Map<String, String>> fields = fields(exchange);
        if (fields.isEmpty()) return;
        if (!carried(exchange, fields.get())) {
            exchange.problem(RequestError.plain(403, "Not from a page of ours"));
            return;
        }
        auth.leave(exchange);
        lead(exchange, LogInPage.PATH.formatted(language(exchange).tag()) + "?left=1");
    }

    /// Reads a form of ours; anything else is answered here.
    private static Optional<Map<String, String>> fields(Exchange exchange) throws Exchange.BodyRefused {
        if (!Doorkeeper.sameOrigin(exchange)) {
            exchange.problem(RequestError.plain(403, "Not from a page of ours"));
            return Optional.empty();
        }
        if (!exchange.contentType().equals("application/x-www-form-urlencoded")) {
            exchange.problem(RequestError.plain(415,
                    "Content-Type must be application/x-www-form-urlencoded"));
            return Optional.empty();
        }
        Optional<Map<String, String>> fields = FormFields.of(exchange.body(FORM_BYTES_MAX));
        if (fields.isEmpty()) exchange.problem(RequestError.plain(400, "Not a form"));
        return fields;
    }

    /// Says whether a form brings the token of the cookie.
    private static boolean carried(Exchange exchange, Map<String, String> fields) {
        String kept = Doorkeeper.cookie(exchange, FORM_COOKIE);
        String brought = fields.getOrDefault("token", "");
        return kept != null && kept.length() == TOKEN_CHARS
                && MessageDigest.isEqual(kept.getBytes(US_ASCII), brought.getBytes(UTF_8));
    }

    /// Returns the reader's token: the one there is, so that pages side by side have the same, or a new one.
    private static String token(Exchange exchange) {
        String kept = Doorkeeper.cookie(exchange, FORM_COOKIE);
        boolean good = kept != null && kept.length() == TOKEN_CHARS
                && kept.chars().allMatch(PlainDoor::ofToken);
        if (kept != null && good) return kept;
        byte[] bytes = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean ofToken(int c) {
        return Ascii.letterOrDigit((char) c) || c == '-' || c == '_';
    }

    private static void keep(Exchange exchange, String token) {
        String secure = exchange.request().isSecure() ? "; Secure" : "";
        exchange.response().header(HeaderNames.SET_COOKIE,
                FORM_COOKIE + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" + secure);
    }

    private Optional<Brand> brand(Exchange exchange) {
        return parts.directory().brandOfHost(exchange.hostName())
                .or(() -> parts.directory().brands().stream().findFirst());
    }

    private PlainPage frame(Exchange exchange, PlainLanguage in) {
        return frame(brand(exchange).orElse(null), null, in);
    }

    /// @param account whose owner it is for; null for anybody
    private PlainPage frame(@Nullable Brand brand, @Nullable AccountId account, PlainLanguage in) {
        if (brand == null) return new PlainPage(in, "Casella", null, "", "");
        var listener = new Notices.Listener(brand.name(), account, Notices.Listener.WEB, "");
        Notice notice = parts.notices().of(listener).orElse(null);
        return new PlainPage(in, brand.title(), notice, parts.complaints().at(brand.name()),
                parts.news().at(brand.name()));
    }

    private PlainLanguage asked(Exchange exchange) {
        String accepted = exchange.header(HeaderNames.ACCEPT_LANGUAGE);
        return PlainLanguage.asked(accepted, brand(exchange).orElse(null));
    }

    private static PlainLanguage language(Exchange exchange) {
        return PlainLanguage.of(exchange.path("language"));
    }

    private static void answer(Exchange exchange, int status, byte[] page) {
        SecurityHeaders.publicPage(exchange.response());
        exchange.response().header(HeaderNames.CONTENT_TYPE, PlainPage.TYPE);
        exchange.bytes(status, page);
    }

    /// RFC 9110 §15.4.4: to be fetched with GET.
    private static void lead(Exchange exchange, String path) {
        exchange.response().header(HeaderNames.LOCATION, path);
        exchange.empty(303);
    }
}
