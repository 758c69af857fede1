package casella.jmap;

import casella.base.Event;
import casella.base.Log;
import casella.base.Notices;
import casella.base.Redacted;
import casella.directory.Account;
import casella.directory.Authenticator.Verdict;
import casella.directory.Brand;
import casella.directory.Directory;
import casella.directory.NotYetWords;
import casella.jmap.Doorkeeper.Entry;
import casella.jmap.Doorkeeper.Guard;
import io.helidon.http.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The webmail's own log-in, `/auth/session`, and what it looks like, `/brand`.
final class AuthEndpoint {
    private static final int BODY_BYTES_MAX = 8_192;
    private static final List<String> LANGUAGES = List.of("it", "en");

    private final Directory directory;
    private final Doorkeeper doorkeeper;
    private final WebSessions sessions;
    private final Notices notices;
    private final PublicForm complaints;
    private final Duration life;

    AuthEndpoint(
            Directory directory, Doorkeeper doorkeeper, WebSessions sessions, Notices notices,
            PublicForm complaints, Duration life) {
        this.directory = directory;
        this.doorkeeper = doorkeeper;
        this.sessions = sessions;
        this.notices = notices;
        this.complaints = complaints;
        this.life = life;
    }

    /// `POST /auth/session` with `{login, password}`: 204 and a cookie, 401, 403, 429 or 503.
    void open(Exchange exchange) throws Exchange.BodyRefused {
        // A form of another page can post text or forms, not JSON; and a browser says where the
        // page is from.
        if (!exchange.contentType().equals("application/json")) {
            exchange.problem(RequestError.plain(415, "Content-Type must be application/json"));
            return;
        }
        if (!Doorkeeper.sameOrigin(exchange)) {
            exchange.problem(RequestError.plain(403, "Not from a page of ours"));
            return;
        }
        if (!doorkeeper.passwordsAllowed(exchange)) {
            exchange.problem(RequestError.plain(403, "Passwords need TLS"));
            return;
        }
        JsonNode body;
        try {
            body = Json.read(exchange.body(BODY_BYTES_MAX));
        } catch (Json.NotJson e) {
            exchange.problem(RequestError.plain(400, "Not JSON"));
            return;
        }
        JsonNode login = body.get("login");
        JsonNode password = body.get("password");
        if (login == null || !login.isString() || password == null || !password.isString()) {
            exchange.problem(RequestError.plain(400, "login and password must be strings"));
            return;
        }
        byte[] secret = password.stringValue().getBytes(StandardCharsets.UTF_8);
        try {
            answer(exchange, login.stringValue(), doorkeeper.verify(exchange, login.stringValue(), secret));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private void answer(Exchange exchange, String login, Verdict verdict) {
        switch (verdict) {
            case Verdict.Granted granted -> {
                enter(exchange, granted);
                exchange.empty(204);
            }
            case Verdict.Denied _ -> denied(exchange, login, "denied");
            case Verdict.AccountDisabled _ -> denied(exchange, login, "disabled");
            case Verdict.NotYet told -> notYet(exchange, told);
            case Verdict.TryLater(var after, var why, var cause) -> {
                exchange.response().header(HeaderNames.RETRY_AFTER,
                        Long.toString(Math.max(1, after.toSeconds())));
                exchange.json(Doorkeeper.status(cause),
                        Json.object().put("type", "tryLater").put("detail", why));
            }
        }
    }

    /// Begins a log-in in the place of the one there was: its cookie goes with the answer.
    void enter(Exchange exchange, Verdict.Granted granted) {
        String before = Doorkeeper.token(exchange);
        if (before != null) sessions.close(before);
        Account account = granted.account();
        cookie(exchange, sessions.open(account.id(), granted.grant()), life.toSeconds());
        Log.event(Event.JMAP_LOG_IN, "account", account.id());
    }

    /// Ends the log-in of a request, if there is one: its cookie goes with the answer.
    void leave(Exchange exchange) {
        String token = Doorkeeper.token(exchange);
        if (token == null) return;
        sessions.close(token);
        cookie(exchange, "", 0);
    }

    /// RFC 9110 §15.6. The page says it in its own words; whoever has none shows `detail`.
    private static void notYet(Exchange exchange, Verdict.NotYet told) {
        long retry = Math.max(1, told.retry().toSeconds());
        exchange.response().header(HeaderNames.RETRY_AFTER, Long.toString(retry));
        ObjectNode body = Json.object().put("type", "notYet").put("place", told.place())
                .put("estimateSeconds", Math.max(1, told.estimate().toSeconds())).put("retrySeconds", retry);
        body.putObject("detail").put("it", NotYetWords.italian(told)).put("en", NotYetWords.english(told));
        exchange.json(503, body);
    }

    private static void denied(Exchange exchange, String login, String type) {
        written(login, type);
        exchange.json(401, Json.object().put("type", type));
    }

    static void written(String login, String outcome) {
        Log.event(Event.JMAP_LOG_IN_DENIED, "login", new Redacted(login), "outcome", outcome);
    }

    /// `GET /auth/session`: who is logged in, or 401.
    void show(Exchange exchange) {
        switch (doorkeeper.enter(exchange, Guard.HEADER)) {
            case Entry.Out out -> refuse(exchange, out);
            case Entry.In(Caller caller) -> {
                ObjectNode out = Json.object().put("address", caller.address())
                        .put("language", caller.language());
                out.set("brand", brand(directory.brand(caller.brand()).or(() -> first()).orElse(null)));
                exchange.json(200, out);
            }
        }
    }

    /// `DELETE /auth/session`: 204, logged in or not.
    void close(Exchange exchange) {
        boolean ours = Doorkeeper.sameOrigin(exchange)
                && "1".equals(exchange.header(Doorkeeper.GUARD_HEADER));
        if (!ours && Doorkeeper.token(exchange) != null) {
            exchange.problem(RequestError.plain(403, "Not from a page of ours"));
            return;
        }
        leave(exchange);
        exchange.empty(204);
    }

    /// `GET /brand`: the brand of the Host, or the first one, what its owners are told now, and where its form for complaints is.
    void brand(Exchange exchange) {
        Optional<Brand> brand = directory.brandOfHost(exchange.hostName()).or(this::first);
        ObjectNode out = brand(brand.orElse(null));
        Optional<Notices.Notice> notice = brand.flatMap(one ->
                notices.of(Notices.Listener.anybody(one.name())));
        if (notice.isPresent()) out.set("notice", NoticeGet.json(notice.get()));
        else out.putNull("notice");
        String form = brand.map(one -> complaints.at(one.name())).orElse("");
        out.put("complaints", form.isEmpty() ? null : form);
        exchange.json(200, out);
    }

    /// Answers a request nobody was let in for. RFC 9110 §11.6.1.
    static void refuse(Exchange exchange, Entry.Out out) {
        // A page of ours asks for the password itself; the browser's own window must not open over
        // it.
        if (out.status() == 401 && exchange.header(Doorkeeper.GUARD_HEADER) == null) {
            exchange.response().header(HeaderNames.WWW_AUTHENTICATE,
                    "Basic realm=\"Casella\", charset=\"UTF-8\"");
        }
        if (out.afterSeconds() > 0) {
            exchange.response().header(HeaderNames.RETRY_AFTER, Long.toString(out.afterSeconds()));
        }
        exchange.problem(RequestError.plain(out.status(), out.why()));
    }

    private Optional<Brand> first() {
        return directory.brands().stream().findFirst();
    }

    private static ObjectNode brand(@Nullable Brand brand) {
        ObjectNode out = Json.object();
        out.put("name", brand == null ? "casella" : brand.name());
        out.put("title", brand == null ? "Casella" : brand.title());
        out.put("accent", brand == null ? "#1b6ac9" : brand.accent());
        out.set("languages", Json.array(brand == null ? LANGUAGES : brand.languages()));
        return out;
    }

    private static void cookie(Exchange exchange, String token, long seconds) {
        String secure = exchange.request().isSecure() ? "; Secure" : "";
        exchange.response()
                .header(
                        HeaderNames.SET_COOKIE,
                        Doorkeeper.COOKIE + "=" + token + "; Path=/; Max-Age=" + seconds
                                + "; HttpOnly; SameSite=Strict"
                                + secure);
    }
}
