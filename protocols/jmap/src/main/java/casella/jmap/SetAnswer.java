package casella.jmap;

import casella.base.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Gathers what became of each record of a `/set`. RFC 8620 §5.3.
final class SetAnswer {
    private final Map<String, ObjectNode> created = new LinkedHashMap<>();
    private final Map<String, JsonNode> updated = new LinkedHashMap<>();
    private final ArrayNode destroyed = Json.array();
    private final Map<String, SetError> notCreated = new LinkedHashMap<>();
    private final Map<String, SetError> notUpdated = new LinkedHashMap<>();
    private final Map<String, SetError> notDestroyed = new LinkedHashMap<>();

    /// What one create came to.
    sealed interface Made {
        /// @param properties what the server set, `id` first
        record Done(ObjectNode properties) implements Made {}

        record Refused(SetError error) implements Made {}
    }

    void create(Call call, String creationId, Supplier<Made> work) {
        Made made;
        try {
            made = work.get();
        } catch (Fault fault) {
            made = new Made.Refused(Faults.setError(fault));
        }
        switch (made) {
            case Made.Done(var properties) -> {
                created.put(creationId, properties);
                call.created().made(creationId, properties.get("id").stringValue());
            }
            case Made.Refused(var error) -> notCreated.put(creationId, error);
        }
    }

    /// @param work returns null when done, else why not
    void update(String id, Supplier<@Nullable SetError> work) {
        SetError error = safely(work);
        if (error == null) updated.put(id, Json.nothing());
        else notUpdated.put(id, error);
    }

    /// @param work returns null when done, else why not
    void destroy(String id, Supplier<@Nullable SetError> work) {
        SetError error = safely(work);
        if (error == null) destroyed.add(id);
        else notDestroyed.put(id, error);
    }

    boolean hasCreated(String creationId) {
        return created.containsKey(creationId);
    }

    private static @Nullable SetError safely(Supplier<@Nullable SetError> work) {
        try {
            return work.get();
        } catch (Fault fault) {
            return Faults.setError(fault);
        }
    }

    ObjectNode json(Call call, String oldState, String newState) {
        ObjectNode out = call.response().put("oldState", oldState).put("newState", newState);
        put(out, "created", created);
        put(out, "updated", updated);
        out.set("destroyed", destroyed.isEmpty() ? Json.nothing() : destroyed);
        errors(out, "notCreated", notCreated);
        errors(out, "notUpdated", notUpdated);
        errors(out, "notDestroyed", notDestroyed);
        return out;
    }

    private static void put(ObjectNode out, String name, Map<String, ? extends JsonNode> records) {
        if (records.isEmpty()) {
            out.putNull(name);
            return;
        }
        ObjectNode object = out.putObject(name);
        records.forEach(object::set);
    }

    private static void errors(ObjectNode out, String name, Map<String, SetError> errors) {
        if (errors.isEmpty()) {
            out.putNull(name);
            return;
        }
        ObjectNode object = out.putObject(name);
        errors.forEach((id, error) -> object.set(id, error.json()));
    }
}
