package casella.jmap;

import casella.base.Admission;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.jmap.Doorkeeper.Entry;
import casella.jmap.Doorkeeper.Guard;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Which path goes where, and what is the same for all: headers, time, who is let in, what an
/// exception becomes.
final class Endpoints {
    /// An upload may take this many times as long as another request.
    private static final int UPLOAD_TIMES = 10;

    private final JmapServer.Parts parts;
    private final JmapConfig config;
    private final Doorkeeper doorkeeper;
    private final AuthEndpoint auth;
    private final PlainDoor door;
    private final Api api;
    private final Gate requests;
    private final BlobEndpoint blobs;
    private final EventStreams streams;

    /// Something done for a caller who was let in.
    interface ForCaller {
        void handle(Exchange exchange, Caller caller) throws Exchange.BodyRefused;
    }

    /// Something done for anybody.
    interface ForAnybody {
        void handle(Exchange exchange) throws Exchange.BodyRefused;
    }

    Endpoints(JmapServer.Parts parts) {
        this.parts = parts;
        this.config = parts.config();
        var sessions = new WebSessions(config, parts.clock());
        this.doorkeeper = new Doorkeeper(parts.directory(), parts.authenticator(), sessions,
                config.basicOnLoopback());
        this.auth = new AuthEndpoint(parts.directory(), doorkeeper, sessions, parts.notices(),
                parts.complaints(), config.sessionLife());
        this.api = new Api(new House(parts));
        this.blobs = new BlobEndpoint(config, parts.accounts(), parts.uploads());
        this.streams = new EventStreams(
                parts.accounts(), parts.notices(), parts.clock(), config.streamsPerAccountMax());
        this.requests = new Gate(config.requestsMax());
        var first = new FirstPage(StaticFiles.read(config.webmail()));
        this.door = new PlainDoor(parts, doorkeeper, auth, requests, first);
    }

    void route(HttpRouting.Builder routing) {
        routing.get("/.well-known/jmap", anybody(this::wellKnown));
        routing.get("/jmap/session", caller(Guard.HEADER, this::session));
        routing.post("/jmap/api", caller(Guard.HEADER, this::api));
        routing.post("/jmap/upload/{accountId}", caller(Guard.HEADER, blobs::upload, UPLOAD_TIMES));
        routing.get("/jmap/download/{accountId}/{blobId}/{name}", caller(Guard.READS_ONLY, blobs::download));
        // A name may be anything: some clients send its slashes as they are, some files have none.
        routing.get("/jmap/download/{accountId}/{blobId}", caller(Guard.READS_ONLY, blobs::download));
        routing.get("/jmap/download/{accountId}/{blobId}/", caller(Guard.READS_ONLY, blobs::download));
        routing.get("/jmap/download/{accountId}/{blobId}/{+name}", caller(Guard.READS_ONLY, blobs::download));
        routing.get("/jmap/eventsource", caller(Guard.READS_ONLY, streams::serve));
        routing.post("/auth/session", anybody(auth::open));
        routing.get("/auth/session", anybody(auth::show));
        routing.delete("/auth/session", anybody(auth::close));
        routing.get("/brand", anybody(auth::brand));
        routing.get("/status", anybody(exchange -> lead(exchange, "/status/")));
        routing.get("/status/", anybody(this::status));
        routing.get("/status/{+path}", anybody(this::status));
        form(routing, "/complaints", parts.complaints());
        form(routing, "/news", parts.news());
        plain(routing);
        routing.get(anybody(exchange -> {
            if (!setup(exchange)) door.enter(exchange);
        }));
        routing.any(anybody(exchange -> {
            if (!setup(exchange)) exchange.problem(RequestError.plain(404, "Nothing here"));
        }));
    }

    /// What works without script.
    private void plain(HttpRouting.Builder routing) {
        routing.get("/login/style.css", anybody(door::style));
        routing.get("/login", anybody(exchange -> door.choose(exchange, LogInPage.PATH)));
        routing.get("/login/", anybody(exchange -> door.choose(exchange, LogInPage.PATH)));
        routing.get("/login/{language}/", anybody(door::show));
        routing.post("/login/{language}/", anybody(door::open));
        routing.get("/mailbox", anybody(door::mailbox));
        routing.get("/mailbox/", anybody(door::mailbox));
        routing.get("/mailbox/{language}/", anybody(door::mailbox));
        routing.post("/logout/{language}/", anybody(door::close));
    }

    /// RFC 8620 §2.2: the well-known place may lead elsewhere.
    private void wellKnown(Exchange exchange) {
        exchange.response().header(HeaderNames.LOCATION, base(exchange) + "/jmap/session");
        exchange.empty(307);
    }

    private void session(Exchange exchange, Caller caller) {
        exchange.response().header(HeaderNames.CACHE_CONTROL, "no-cache, no-store, must-revalidate");
        parts.apps().used(caller.account(), Admission.Door.JMAP, app(exchange));
        exchange.json(200, SessionObject.of(config, caller, base(exchange)));
    }

    /// The program that asks: our page in a browser, or the first product it names. RFC 9110 §10.1.5.
    static String app(Exchange exchange) {
        if (exchange.header(HeaderNames.AUTHORIZATION) == null) return "webmail";
        String agent = exchange.header(HeaderNames.USER_AGENT);
        return agent == null ? "" : agent.split("[/ ]", 2)[0];
    }

    private void api(Exchange exchange, Caller caller) throws Exchange.BodyRefused {
        if (!exchange.contentType().equals("application/json")) {
            exchange.problem(RequestError.notJson("Content-Type must be application/json"));
            return;
        }
        if (!requests.enter(caller.account())) {
            exchange.response().header(HeaderNames.RETRY_AFTER, "1");
            var limit = RequestError.limit("maxConcurrentRequests", config.requestsMax());
            exchange.problem(new RequestError(limit.type(), 429, limit.detail(), limit.limit()));
            return;
        }
        try {
            byte[] body;
            try {
                body = exchange.body(config.requestBytesMax());
            } catch (Exchange.BodyRefused e) {
                if (e.status() != 413) throw e;
                var limit = RequestError.limit("maxSizeRequest", config.requestBytesMax());
                exchange.problem(new RequestError(limit.type(), 413, limit.detail(), limit.limit()));
                return;
            }
            switch (Request.read(body, Capability.OFFERED, config.callsMax())) {
                case Request.Reading.Refused(var error) -> exchange.problem(error);
                case Request.Reading.Read(var request) ->
                    exchange.json(200, api.answer(request, caller, exchange.deadline()));
            }
        } finally {
            requests.leave(caller.account());
        }
    }

    private static void lead(Exchange exchange, String path) {
        exchange.response().header(HeaderNames.LOCATION, path);
        exchange.empty(307);
    }

    private void form(HttpRouting.Builder routing, String path, PublicForm form) {
        routing.get(path, anybody(exchange -> lead(exchange, path + "/it/")));
        routing.get(path + "/", anybody(exchange -> lead(exchange, path + "/it/")));
        routing.get(path + "/{language}/", anybody(exchange ->
                page(exchange, form.show(exchange.hostName(), exchange.path("language")))));
        routing.post(path + "/{language}/", anybody(exchange -> filledIn(exchange, form)));
    }

    private static void filledIn(Exchange exchange, PublicForm form) throws Exchange.BodyRefused {
        if (!Doorkeeper.sameOrigin(exchange)) {
            exchange.problem(RequestError.plain(403, "Not from a page of ours"));
            return;
        }
        if (!exchange.contentType().equals("application/x-www-form-urlencoded")) {
            exchange.problem(RequestError.plain(415,
                    "Content-Type must be application/x-www-form-urlencoded"));
            return;
        }
        Optional<Map<String, String>> fields = FormFields.of(exchange.body(PublicForm.BYTES_MAX));
        if (fields.isEmpty()) {
            exchange.problem(RequestError.plain(400, "Not a form"));
            return;
        }
        page(exchange, form.take(exchange.hostName(), exchange.path("language"),
                fields.get(), exchange.peer()));
    }

    private static void page(Exchange exchange, PublicForm.Answer answer) {
        SecurityHeaders.publicPage(exchange.response());
        exchange.response().header(HeaderNames.CONTENT_TYPE, answer.page().type());
        exchange.bytes(answer.status(), answer.page().bytes());
    }

    private void status(Exchange exchange) {
        Optional<PublicPages.Page> page = parts.status().page(exchange.hostName(), exchange.path("path"));
        if (page.isEmpty()) {
            exchange.problem(RequestError.plain(404, "Nothing here"));
            return;
        }
        SecurityHeaders.publicPage(exchange.response());
        exchange.response().header(HeaderNames.CACHE_CONTROL, "public, max-age=10");
        exchange.response().header(HeaderNames.CONTENT_TYPE, page.get().type());
        exchange.bytes(200, page.get().bytes());
    }

    /// Answers what programs ask of our domains, at paths in any case; returns false where it is none of theirs.
    private boolean setup(Exchange exchange) throws Exchange.BodyRefused {
        String method = exchange.request().prologue().method().text();
        String path = exchange.request().path().path();
        if (!parts.setup().knows(method, path)) return false;
        byte[] body = exchange.body(ClientSetup.BYTES_MAX);
        var question = new ClientSetup.Question(method, exchange.hostName(), path, exchange.queries(), body);
        Optional<PublicPages.Page> page = parts.setup().answer(question);
        if (page.isEmpty()) {
            exchange.problem(RequestError.plain(404, "Nothing here"));
            return true;
        }
        exchange.response().header(HeaderNames.CONTENT_TYPE, page.get().type());
        exchange.bytes(200, page.get().bytes());
        return true;
    }

    private String base(Exchange exchange) {
        URI base = config.baseUrl();
        if (base != null) {
            String text = base.toString();
            return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        }
        return (exchange.request().isSecure() ? "https://" : "http://") + exchange.host();
    }

    /// Ends the event streams, which would last for ever.
    void close() {
        streams.close();
    }

    private io.helidon.webserver.http.Handler caller(Guard guard, ForCaller then) {
        return caller(guard, then, 1);
    }

    private io.helidon.webserver.http.Handler caller(Guard guard, ForCaller then, int times) {
        return anybody(times, exchange -> {
            switch (doorkeeper.enter(exchange, guard)) {
                case Entry.Out out -> AuthEndpoint.refuse(exchange, out);
                case Entry.In(Caller caller) -> then.handle(exchange, caller);
            }
        });
    }

    private io.helidon.webserver.http.Handler anybody(ForAnybody then) {
        return anybody(1, then);
    }

    private io.helidon.webserver.http.Handler anybody(int times, ForAnybody then) {
        return (request, response) -> handle(request, response, config.requestTime().multipliedBy(times),
                then);
    }

    private void handle(ServerRequest request, ServerResponse response, Duration time, ForAnybody then) {
        long from = parts.clock().nanos();
        SecurityHeaders.put(response, request.isSecure());
        var exchange = new Exchange(request, response, Deadline.in(time));
        try {
            then.handle(exchange);
        } catch (Exchange.BodyRefused refused) {
            fail(exchange, RequestError.plain(refused.status(),
                    "The body is too long, too slow, or breaks off"));
        } catch (Fault fault) {
            Log.event(Event.JMAP_CALL_FAILED, fault, "method", "http");
            fail(exchange, Faults.requestError(fault));
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException mistake) {
            Log.event(Event.JMAP_MISTAKE, mistake, "method", "http");
            fail(exchange, RequestError.plain(500, "A mistake of the server"));
        }
        parts.metrics().time(Metric.JMAP_REQUEST_SECONDS, Duration.ofNanos(parts.clock().nanos() - from));
    }

    private static void fail(Exchange exchange, RequestError error) {
        if (!exchange.response().isSent()) exchange.problem(error);
    }

    /// Answers what Helidon refuses before any route: a line too long, a path it cannot read.
    /// Without telling why.
    static DirectHandler.TransportResponse refuseDirectly(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            Status status,
            io.helidon.http.ServerResponseHeaders headers,
            String message) {
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderValues.create("X-Content-Type-Options", "nosniff"))
                .keepAlive(false)
                .build();
    }
}
