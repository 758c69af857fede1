package casella.server.api;

import casella.server.cli.Version;
import casella.server.control.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI document of a table of endpoints.
final class OpenApi {
    private OpenApi() {}

    /// Returns the document, OpenAPI 3.1.
    ///
    /// @param staff whether orders are taken here
    static ObjectNode document(List<Endpoint> endpoints, boolean staff) {
        ObjectNode out = Json.object().put("openapi", "3.1.0");
        out.putObject("info")
                .put("title", "Casella operations API")
                .put("version", Version.NAME)
                .put("description",
                        "How the server is, for whoever asks; and what people who work here may order, for them alone. Not for the open network.");
        ObjectNode paths = out.putObject("paths");
        for (Endpoint endpoint : endpoints) path(paths.putObject(endpoint.path()), endpoint);
        if (staff) StaffApi.describe(out);
        return out;
    }

    private static void path(ObjectNode path, Endpoint endpoint) {
        // An order may have the same name.
        ObjectNode get = path.putObject("get").put("operationId", "get-" + endpoint.name()).put("summary",
                endpoint.summary());
        ObjectNode ok = get.putObject("responses").putObject("200");
        ok.put("description", endpoint.answers().description());
        String type = endpoint.answers().contentType().replaceAll(";.*", "");
        ObjectNode schema = ok.putObject("content").putObject(type).putObject("schema");
        if (!type.equals("application/json")) {
            schema.put("type", "string");
            return;
        }
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (String name : endpoint.propertyNames()) {
            properties.putObject(name).put("type", endpoint.answers().properties().get(name));
        }
        var required = schema.putArray("required");
        endpoint.propertyNames().forEach(required::add);
    }
}
