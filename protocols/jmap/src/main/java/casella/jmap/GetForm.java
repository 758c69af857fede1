package casella.jmap;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments that every `/get` has. RFC 8620 §5.1.
///
/// @param ids as given, creation ids with their `#`; null for all
/// @param properties those asked for and `id`
record GetForm(@Nullable List<String> ids, Set<String> properties) {

    /// Reads them; the caller ends the arguments.
    ///
    /// @param known all properties, those a null `properties` stands for
    /// @throws Refusal `requestTooLarge` for too many ids, `invalidArguments` for a property
    /// nobody has
    static GetForm read(Call call, Set<String> known) {
        call.accountId();
        List<String> ids = ids(call, "ids");
        List<String> names = call.arguments().texts("properties");
        if (names == null) return new GetForm(ids, known);
        var properties = new LinkedHashSet<String>();
        properties.add("id");
        for (String name : names) {
            if (!known.contains(name)) throw call.arguments().wrong("properties", "properties of the type");
            properties.add(name);
        }
        return new GetForm(ids, properties);
    }

    static @Nullable List<String> ids(Call call, String name) {
        List<String> ids = call.arguments().ids(name);
        if (ids != null && ids.size() > call.config().objectsInGetMax()) {
            throw Refusal.of(
                    MethodError.Type.REQUEST_TOO_LARGE, "maxObjectsInGet is " + call.config().objectsInGetMax());
        }
        return ids;
    }

    boolean wants(String property) {
        return properties.contains(property);
    }

    /// Returns the response. RFC 8620 §5.1.
    static ObjectNode response(Call call, String state, List<? extends JsonNode> list, List<String> notFound) {
        ObjectNode out = call.response().put("state", state);
        ArrayNode records = out.putArray("list");
        list.forEach(records::add);
        out.set("notFound", Json.array(notFound));
        return out;
    }
}
