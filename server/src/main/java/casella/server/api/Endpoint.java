package casella.server.api;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// One thing that can be asked by GET.
///
/// @param path `/health`
/// @param name of the operation in the OpenAPI document: `health`
/// @param summary one line
/// @param answers what may come back
/// @param answer makes the answer; must not wait
record Endpoint(String path, String name, String summary, Returns answers, Supplier<Body> answer) {

    /// @param contentType with its charset where it has one
    /// @param properties of the JSON object: name to JSON Schema type; empty for what is no JSON object
    record Returns(String contentType, String description, Map<String, String> properties) {}

    /// What goes back, always with status 200.
    record Body(String contentType, String text) {
        static Body json(Object json) {
            return new Body("application/json", json.toString());
        }
    }

    /// Returns the properties in the order of the document.
    List<String> propertyNames() {
        return answers.properties().keySet().stream().sorted().toList();
    }
}
