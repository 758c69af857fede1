package casella.jmap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments that every `/set` has. RFC 8620 §5.3.
///
/// @param ifInState null if any state will do
/// @param update by id as given, creation ids with their `#`
/// @param destroy likewise
record SetForm(
        @Nullable String ifInState,
        Map<String, ObjectNode> create,
        Map<String, ObjectNode> update,
        List<String> destroy) {

    /// Reads them; the caller ends the arguments.
    ///
    /// @throws Refusal `requestTooLarge` if they are too many together
    static SetForm read(Call call) {
        call.accountId();
        Arguments in = call.arguments();
        String ifInState = in.text("ifInState");
        Map<String, ObjectNode> create = records(in, "create");
        Map<String, ObjectNode> update = records(in, "update");
        List<String> destroy = in.ids("destroy");
        if (destroy == null) destroy = List.of();
        int count = create.size() + update.size() + destroy.size();
        if (count > call.config().objectsInSetMax()) {
            throw Refusal.of(
                    MethodError.Type.REQUEST_TOO_LARGE, "maxObjectsInSet is " + call.config().objectsInSetMax());
        }
        return new SetForm(ifInState, create, update, destroy);
    }

    static Map<String, ObjectNode> records(Arguments in, String name) {
        ObjectNode given = in.object(name);
        var out = new LinkedHashMap<String, ObjectNode>();
        if (given == null) return out;
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            if (!entry.getValue().isObject()) throw in.wrong(name, "an object of objects");
            if (!Arguments.id(entry.getKey())) throw in.wrong(name, "an object by ids");
            out.put(entry.getKey(), (ObjectNode) entry.getValue());
        }
        return out;
    }

    /// Refuses the call if the client thinks of another state. RFC 8620 §5.3.
    void check(String now) {
        if (ifInState != null && !ifInState.equals(now)) {
            throw new Refusal(MethodError.of(MethodError.Type.STATE_MISMATCH));
        }
    }
}
