package casella.server.api;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Redacted;
import casella.incident.staff.LogIns;
import casella.incident.staff.Person;
import casella.incident.staff.Role;
import casella.incident.staff.Staff;
import casella.server.api.StaffExchange.Problem;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What people who work here ask by the network: `/api/v1/session` to log in, `/api/v1/orders/NAME` for each [Order], and the files that
/// orders wrote for them.
///
/// An order is POSTed whether it changes something or looks: an address in a URL would be in every log on the way. Every order goes
/// the way of those from the command line, with who gave it.
final class StaffDoor {
    static final String SESSION = "/api/v1/session";
    static final String ORDERS = "/api/v1/orders/";
    static final String FILES = "/api/v1/files/{token}/{name}";
    static final int ROWS_MAX = 5_000;
    /// An order with a file in Base64 (10 MiB of it).
    static final int BYTES_MAX = 16 << 20;
    private static final int LOG_IN_BYTES_MAX = 8_192;
    private static final int ORDER_BYTES_MAX = 1 << 20;
    private static final int TOGETHER_MAX = 16;
    private static final String LINES = "application/x-ndjson";

    private final Staff staff;
    private final LogIns logIns;
    private final Operations operations;
    private final HandedFiles files;
    private final Semaphore places = new Semaphore(TOGETHER_MAX);

    /// @param operations carries out orders, and writes them down
    StaffDoor(Staff staff, LogIns logIns, Operations operations, HandedFiles files) {
        this.staff = staff;
        this.logIns = logIns;
        this.operations = operations;
        this.files = files;
    }

    void route(HttpRouting.Builder routing) {
        routing.post(SESSION, (request, response) -> guarded(request, response, this::logIn));
        routing.get(SESSION, (request, response) -> guarded(request, response, exchange -> shown(exchange,
                entered(exchange))));
        routing.delete(SESSION, (request, response) -> guarded(request, response, this::logOut));
        routing.post(ORDERS + "{name}", (request, response) -> guarded(request, response, this::order));
        routing.get(FILES, (request, response) -> guarded(request, response, this::file));
    }

    private interface Handler {
        void handle(StaffExchange exchange) throws Problem;
    }

    private static void guarded(ServerRequest request, ServerResponse response, Handler handler) {
        var exchange = new StaffExchange(request, response);
        ApiHeaders.put(response, request.isSecure());
        try {
            if (!exchange.ours()) throw new Problem(403, "not from another site's page");
            handler.handle(exchange);
        } catch (Problem e) {
            exchange.problem(e);
        } catch (Fault e) {
            Log.event(Event.CONTROL_FAILED, e, "door", "staff");
            exchange.problem(new Problem(503, "the part that answers this is away: " + e.getMessage()));
        }
    }

    /// Somebody who is in.
    ///
    /// @param until when the log-in ends; null for a key
    private record Entered(Person person, @Nullable String until) {}

    private Entered entered(StaffExchange exchange) throws Problem {
        String key = exchange.bearer();
        if (key != null) {
            return staff.byKey(key).map(person -> new Entered(person, null))
                    .orElseThrow(() -> new Problem(401, "the key is not good, or no more"));
        }
        String token = exchange.token();
        if (token == null) throw new Problem(401, "nobody is logged in");
        return logIns.held(token).map(held -> new Entered(held.person(), held.until().toString()))
                .orElseThrow(() -> new Problem(401, "the log-in is over"));
    }

    private void logIn(StaffExchange exchange) throws Problem {
        JsonNode body = exchange.json(LOG_IN_BYTES_MAX);
        JsonNode name = body.path("name");
        JsonNode password = body.path("password");
        if (!name.isString() || !password.isString()) throw new Problem(400,
                "name and password: must be strings");
        switch (staff.verify(name.asString(), password.asString(), exchange.peer())) {
            case Staff.Verdict.Known(Person person) -> {
                String before = exchange.token();
                if (before != null) logIns.close(before);
                String token = logIns.open(person);
                exchange.cookie(token, LogIns.LIFE);
                Log.event(Event.STAFF_LOG_IN, "name", person.name());
                shown(exchange, new Entered(person, logIns.held(token).map(held -> held.until().toString())
                        .orElse(null)));
            }
            case Staff.Verdict.Denied _ -> {
                Log.event(Event.STAFF_LOG_IN_DENIED, "name", new Redacted(name.asString()));
                throw new Problem(401, "name or password is wrong");
            }
            case Staff.Verdict.TryLater(Duration after) -> {
                exchange.response().header(HeaderNames.RETRY_AFTER, Long.toString(Math.max(1,
                        after.toSeconds())));
                throw new Problem(429, "too many failures came from this address; try again in " + Math.max(1,
                        after.toSeconds()) + " s");
            }
        }
    }

    private void logOut(StaffExchange exchange) {
        String token = exchange.token();
        if (token != null) logIns.close(token);
        exchange.cookie("", Duration.ZERO);
        exchange.empty();
    }

    private static void shown(StaffExchange exchange, Entered entered) {
        ObjectNode out = Json.object().put("name", entered.person().name());
        ArrayNode roles = out.putArray("roles");
        entered.person().roles().stream().sorted().forEach(role -> roles.add(role.word()));
        ArrayNode may = out.putArray("may");
        for (String name : OrderCatalogue.names()) {
            Class<? extends Order> type = OrderCatalogue.type(name).orElseThrow();
            if (allowed(entered.person(), type)) may.add(name);
        }
        exchange.answer(200, out.put("until", entered.until()));
    }

    private static boolean allowed(Person person, Class<? extends Order> type) {
        return !Collections.disjoint(person.roles(), Permission.of(type));
    }

    private void order(StaffExchange exchange) throws Problem {
        Entered entered = entered(exchange);
        String name = exchange.request().path().pathParameters().get("name");
        Class<? extends Order> type = OrderCatalogue.type(name)
                .orElseThrow(() -> new Problem(404, "there is no order '" + shortly(name) + "'"));
        if (!allowed(entered.person(), type)) throw new Problem(403, needs(name, Permission.of(type)));
        boolean follows = Order.WithBody.class.isAssignableFrom(type);
        JsonNode body = exchange.json(follows ? BYTES_MAX : ORDER_BYTES_MAX);
        if (!(body instanceof ObjectNode fields)) throw new Problem(400,
                "the body must be an object of the order's fields");
        String by = "staff:" + entered.person().name();
        if (fields.hasNonNull("as")) throw new Problem(400, "as: is whoever is logged in");
        HandedFiles.Place place = placed(by, type, fields);
        if (!places.tryAcquire()) throw new Problem(503, "more than " + TOGETHER_MAX
                + " orders are under way; try again shortly");
        try {
            perform(exchange, by, read(name, fields), place);
        } finally {
            places.release();
        }
    }

    private static String needs(String name, Set<Role> roles) {
        if (roles.isEmpty()) return name + " is given at the machine itself: casella on the command line";
        return name + " needs the role " + String.join(" or ", roles.stream().sorted().map(Role::word)
                .toList());
    }

    private static String shortly(String text) {
        return text.length() > 64 ? text.substring(0, 64) : text;
    }

    /// Has the file that the order names be written where only we put it.
    private HandedFiles.@Nullable Place placed(String by, Class<? extends Order> type,
            ObjectNode fields) throws Problem {
        String field = HandedFiles.field(type);
        if (field == null || !fields.path(field).isString()) return null;
        try {
            HandedFiles.Place place = files.place(by, fields.path(field).asString());
            fields.put(field, place.file().toString());
            return place;
        } catch (IllegalArgumentException e) {
            throw new Problem(422, field + ": " + e.getMessage());
        }
    }

    private static OrderCatalogue.Given read(String name, ObjectNode fields) throws Problem {
        try {
            return OrderCatalogue.read(name, fields);
        } catch (IllegalArgumentException e) {
            throw new Problem(400, String.valueOf(e.getMessage()));
        }
    }

    private void perform(StaffExchange exchange, String by, OrderCatalogue.Given given,
            HandedFiles.@Nullable Place place)
            throws Problem {
        boolean lines = exchange.request().headers().first(HeaderNames.ACCEPT).orElse("").contains(LINES);
        if (lines) {
            exchange.response().header(HeaderNames.CONTENT_TYPE, LINES);
            try (var out = new Lines(exchange.response().outputStream(), given.order())) {
                out.end(performed(by, given, out), place);
            } catch (IOException | UncheckedIOException e) {
                // Whoever asked is gone; what was ordered is carried out and written down.
                Log.event(Event.CONTROL_FAILED, "why", e.getClass().getSimpleName());
            }
            return;
        }
        var rows = new Rows(given.order());
        Outcome outcome = performed(by, given, rows);
        ObjectNode facts = facts(outcome, place);
        ObjectNode out = Json.object().put("outcome", outcome instanceof Outcome.Done ? "done" : "found");
        out.set("facts", facts);
        out.set("rows", rows.all);
        exchange.answer(200, out.put("more", rows.more));
    }

    private Outcome performed(String by, OrderCatalogue.Given given, Operations.Output out) {
        return ScopedValue.where(Audit.BY, by)
                .call(() -> operations.perform(given.order(), new StringReader(given.body()), out));
    }

    private ObjectNode facts(Outcome outcome, HandedFiles.@Nullable Place place) throws Problem {
        ObjectNode facts = switch (outcome) {
            case Outcome.Done(ObjectNode told) -> told;
            case Outcome.Found(ObjectNode told) -> told;
            case Outcome.Refused(String why) -> throw refused(place, new Problem(422, why));
            case Outcome.NotReachable(String why) -> throw refused(place, new Problem(503, why));
        };
        if (place != null) facts.put("download", place.path());
        return facts;
    }

    private Problem refused(HandedFiles.@Nullable Place place, Problem why) {
        if (place != null) files.drop(place);
        return why;
    }

    private void file(StaffExchange exchange) throws Problem {
        String by = "staff:" + entered(exchange).person().name();
        var parameters = exchange.request().path().pathParameters();
        try (var file = files.take(by, parameters.get("token"), parameters.get("name"))
                .orElseThrow(() -> new Problem(404, "it was fetched, or ten minutes have passed"))) {
            exchange.response().header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
            exchange.response().header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\""
                    + parameters.get("name") + "\"");
            try (OutputStream out = exchange.response().outputStream()) {
                file.writeTo(out);
            } catch (IOException | UncheckedIOException e) {
                Log.event(Event.CONTROL_FAILED, "why", e.getClass().getSimpleName());
            }
        }
    }

    /// What is left of a row for eyes that must not see mail: of a mail that is lost its id and times, not who wrote it or on what.
    private static ObjectNode discreet(Order order, ObjectNode row) {
        if (!(order instanceof Order.Verify) || !(row.path("lost") instanceof ObjectNode lost)) return row;
        lost.remove(List.of("from", "subject", "folders"));
        return row;
    }

    /// Rows for an answer in one piece.
    private static final class Rows implements Operations.Output {
        final ArrayNode all = Json.MAPPER.createArrayNode();
        boolean more;
        private final Order order;

        Rows(Order order) {
            this.order = order;
        }

        @Override
        public synchronized void row(ObjectNode row) {
            if (all.size() < ROWS_MAX) all.add(discreet(order, row));
            else more = true;
        }

        @Override
        public void progress(long count) {}
    }

    /// Rows and progress as they come, a line each.
    private final class Lines implements Operations.Output, AutoCloseable {
        private final OutputStream out;
        private final Order order;

        Lines(OutputStream out, Order order) {
            this.out = out;
            this.order = order;
        }

        @Override
        public void row(ObjectNode row) {
            write(Json.object().set("row", discreet(order, row)));
        }

        @Override
        public void progress(long count) {
            write(Json.object().put("progress", count));
        }

        @Override
        public void progress(long done, long total, String unit) {
            write(Json.object().put("progress", done).put("of", total).put("unit", unit));
        }

        void end(Outcome outcome, HandedFiles.@Nullable Place place) {
            try {
                ObjectNode facts = facts(outcome, place);
                write(Json.object().set(outcome instanceof Outcome.Done ? "done" : "found", facts));
            } catch (Problem e) {
                write(Json.object().set("problem", e.json()));
            }
        }

        private synchronized void write(JsonNode line) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
