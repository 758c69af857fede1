package casella.server.api;

import casella.base.Clock;
import casella.incident.staff.LogIns;
import casella.incident.staff.Role;
import casella.incident.staff.Staff;
import casella.jmap.StaticFiles;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The console at `/console/` and the API it stands on, [StaffDoor].
public final class StaffApi implements AutoCloseable {
    private static final String CONSOLE = "/console";

    private final StaffDoor door;
    private final StaticFiles pages;
    private final HandedFiles files;

    private StaffApi(StaffDoor door, StaticFiles pages, HandedFiles files) {
        this.door = door;
        this.pages = pages;
        this.files = files;
    }

    /// @param operations carries out orders, and writes them down
    /// @param console folder of the built console; null for none
    /// @param handed a folder for files that orders write; all in it is removed
    /// @throws IOException if `handed` cannot be used
    public static StaffApi open(Staff staff, Operations operations, @Nullable Path console, Path handed,
            Clock clock)
            throws IOException {
        HandedFiles files = HandedFiles.open(handed, clock);
        return new StaffApi(new StaffDoor(staff, new LogIns(staff, clock), operations, files),
                StaticFiles.read(console), files);
    }

    void route(HttpRouting.Builder routing) {
        door.route(routing);
        routing.get(CONSOLE, StaffApi::toPages);
        routing.get(CONSOLE + "/{+path}", this::page);
        routing.get(CONSOLE + "/", this::page);
    }

    private static void toPages(ServerRequest request, ServerResponse response) {
        ApiHeaders.put(response, request.isSecure());
        response.header(HeaderNames.LOCATION, CONSOLE + "/");
        response.status(Status.SEE_OTHER_303).send();
    }

    private void page(ServerRequest request, ServerResponse response) {
        ApiHeaders.put(response, request.isSecure());
        StaticFiles.File file = pages.at(request.path().path().substring(CONSOLE.length()));
        if (file == null) {
            response.status(Status.NOT_FOUND_404).send();
            return;
        }
        ApiHeaders.page(response);
        response.header(HeaderNames.ETAG, file.tag());
        response.header(HeaderNames.CACHE_CONTROL, file.cached());
        if (file.tag().equals(request.headers().first(HeaderNames.IF_NONE_MATCH).orElse(""))) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, file.type());
        response.send(file.bytes());
    }

    /// Adds the paths of the API to an OpenAPI document: one for each order, with the roles that may give it.
    static void describe(ObjectNode document) {
        ObjectNode paths = (ObjectNode) document.path("paths");
        session(paths.putObject(StaffDoor.SESSION));
        for (String name : OrderCatalogue.names()) order(paths.putObject(StaffDoor.ORDERS + name), name);
        ObjectNode file = paths.putObject(StaffDoor.FILES).putObject("get").put("operationId", "file")
                .put("summary", "A file that an order wrote for whoever gave it; once, within ten minutes.");
        for (String parameter : new String[] {"token", "name"}) {
            ObjectNode one = file.withArray("parameters").addObject().put("name", parameter).put("in", "path")
                    .put("required", true);
            one.putObject("schema").put("type", "string");
        }
        ObjectNode answers = file.putObject("responses");
        answers.putObject("200").put("description", "The file.").putObject("content")
                .putObject("application/octet-stream");
        problems(answers, "401", "404");
        ObjectNode schemes = document.putObject("components").putObject("securitySchemes");
        schemes.putObject("cookie").put("type", "apiKey").put("in", "cookie").put("name",
                StaffExchange.COOKIE);
        schemes.putObject("key").put("type", "http").put("scheme", "bearer");
        schemas(document);
    }

    private static void session(ObjectNode path) {
        ObjectNode in = path.putObject("post").put("operationId", "log-in").put("summary",
                "Log in; the answer sets the cookie.");
        ObjectNode schema = in.putObject("requestBody").put("required", true).putObject("content")
                .putObject("application/json")
                .putObject("schema").put("type", "object").put("additionalProperties", false);
        ObjectNode fields = schema.putObject("properties");
        for (String name : new String[] {"name", "password"}) {
            fields.putObject(name).put("type", "string");
            schema.withArray("required").add(name);
        }
        ObjectNode answers = in.putObject("responses");
        referring(answers, "200", "Who is in, and what they may order.", "Session");
        problems(answers, "400", "401", "403", "413", "415", "429", "503");
        ObjectNode who = path.putObject("get").put("operationId", "session").put("summary",
                "Who is logged in.");
        secured(who);
        ObjectNode told = who.putObject("responses");
        referring(told, "200", "Who is in, and what they may order.", "Session");
        problems(told, "401", "503");
        path.putObject("delete").put("operationId", "log-out").put("summary", "Log out.")
                .putObject("responses")
                .putObject("204").put("description", "Nobody is logged in any more.");
    }

    private static void order(ObjectNode path, String name) {
        Class<? extends Order> type = OrderCatalogue.type(name).orElseThrow();
        var roles = Permission.of(type).stream().sorted().map(Role::word).toList();
        ObjectNode post = path.putObject("post").put("operationId", name);
        post.put("summary", roles.isEmpty() ? "Given at the machine itself alone." : "For: "
                + String.join(", ", roles) + ".");
        ArrayNode may = post.putArray("x-roles");
        roles.forEach(may::add);
        secured(post);
        post.putObject("requestBody").put("required", true).putObject("content").putObject("application/json")
                .set("schema", OrderCatalogue.schema(type));
        ObjectNode answers = post.putObject("responses");
        referring(answers, "200",
                "It was carried out. With Accept: application/x-ndjson the same in lines, as they come.",
                "Outcome");
        problems(answers, "400", "401", "403", "413", "415", "422", "503");
    }

    private static void secured(ObjectNode operation) {
        ArrayNode ways = operation.putArray("security");
        ways.addObject().putArray("cookie");
        ways.addObject().putArray("key");
    }

    private static void referring(ObjectNode answers, String status, String description, String schema) {
        answers.putObject(status).put("description", description).putObject("content")
                .putObject("application/json")
                .putObject("schema").put("$ref", "#/components/schemas/" + schema);
    }

    private static void problems(ObjectNode answers, String... statuses) {
        for (String status : statuses) {
            answers.putObject(status).put("description", "RFC 9457: why not.").putObject("content")
                    .putObject("application/problem+json").putObject("schema").put("$ref",
                            "#/components/schemas/Problem");
        }
    }

    private static void schemas(ObjectNode document) {
        ObjectNode schemas = ((ObjectNode) document.path("components")).putObject("schemas");
        schemas.set("Session", object("name", "string", "roles", "array", "may", "array", "until", "string"));
        schemas.set("Outcome", object("outcome", "string", "facts", "object", "rows", "array", "more",
                "boolean"));
        schemas.set("Problem", object("type", "string", "title", "string", "status", "integer", "detail",
                "string"));
        ArrayNode until = ((ObjectNode) schemas.path("Session").path("properties").path("until"))
                .putArray("type");
        until.add("string").add("null");
        ((ObjectNode) schemas.path("Outcome").path("properties").path("outcome")).putArray("enum").add("done")
                .add("found");
    }

    private static ObjectNode object(String... namesAndTypes) {
        ObjectNode out = Json.object().put("type", "object");
        ObjectNode properties = out.putObject("properties");
        ArrayNode required = out.putArray("required");
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            properties.putObject(namesAndTypes[i]).put("type", namesAndTypes[i + 1]);
            required.add(namesAndTypes[i]);
        }
        return out;
    }

    @Override
    public void close() {
        files.close();
    }
}
