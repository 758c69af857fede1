package casella.server.api;

import casella.server.control.Json;
import casella.server.control.Order;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every order by its name: read from the very table by which orders are parsed, so that what is published is what is taken.
final class OrderCatalogue {
    /// In an order [Order.WithBody], the member with what follows it.
    static final String BODY = "body";

    private static final Map<String, Class<? extends Order>> BY_NAME = new TreeMap<>();
    // A misspelt field would else be left out in silence.
    private static final ObjectReader READER = Json.MAPPER.readerFor(Order.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static {
        for (JsonSubTypes.Type type : Order.class.getAnnotation(JsonSubTypes.class).value()) {
            BY_NAME.put(type.name(), type.value().asSubclass(Order.class));
        }
    }

    private OrderCatalogue() {}

    /// An order, with what follows it.
    record Given(Order order, String body) {}

    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    static Optional<Class<? extends Order>> type(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Reads an order out of its fields.
    ///
    /// @throws IllegalArgumentException with field and rule if they are not this order's
    static Given read(String name, ObjectNode fields) {
        Class<? extends Order> type = type(name).orElseThrow();
        ObjectNode whole = fields.deepCopy();
        String body = "";
        if (Order.WithBody.class.isAssignableFrom(type)) {
            JsonNode said = whole.remove(BODY);
            if (said == null
                    || !said.isString()) throw new IllegalArgumentException("body: must be there, a text");
            body = said.asString();
        }
        if (whole.has("order")) throw new IllegalArgumentException("order: is in the path");
        for (RecordComponent field : type.getRecordComponents()) complete(whole, field);
        whole.put("order", name);
        try {
            return new Given(READER.readValue(whole), body);
        } catch (JacksonException e) {
            String field = e.getPath().isEmpty() ? "order" : String.valueOf(e.getPath().getFirst()
                    .getPropertyName());
            throw new IllegalArgumentException(field + ": " + String.valueOf(e.getOriginalMessage()).lines()
                    .findFirst().orElse(""), e);
        }
    }

    /// Puts what may be left out, and refuses what may not.
    private static void complete(ObjectNode fields, RecordComponent field) {
        if (fields.hasNonNull(field.getName()) || optional(field)) return;
        if (field.getType() == boolean.class) fields.put(field.getName(), false);
        else if (field.getType() == List.class) fields.putArray(field.getName());
        else throw new IllegalArgumentException(field.getName() + ": must be there");
    }

    private static boolean optional(RecordComponent field) {
        return field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /// Returns the JSON Schema of an order's fields.
    static ObjectNode schema(Class<? extends Order> type) {
        ObjectNode out = object(type);
        if (!Order.WithBody.class.isAssignableFrom(type)) return out;
        ((ObjectNode) out.path("properties")).putObject(BODY).put("type", "string").put("description",
                "What follows the order.");
        if (out.path("required") instanceof ArrayNode required) required.add(BODY);
        return out;
    }

    private static ObjectNode object(Class<?> type) {
        ObjectNode out = Json.object().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = out.putObject("properties");
        ArrayNode required = out.putArray("required");
        for (RecordComponent field : type.getRecordComponents()) {
            properties.set(field.getName(), value(field));
            boolean must = !optional(field) && field.getType() != boolean.class
                    && field.getType() != List.class;
            if (must) required.add(field.getName());
        }
        return out;
    }

    private static ObjectNode value(RecordComponent field) {
        Class<?> type = field.getType();
        if (type == String.class) return typed("string", optional(field));
        if (type == boolean.class || type == Boolean.class) return typed("boolean", optional(field));
        if (type == long.class || type == int.class || type == Long.class || type == Integer.class) {
            return typed("integer", optional(field));
        }
        if (type == List.class) {
            ObjectNode list = typed("array", optional(field));
            list.putObject("items").put("type", "string");
            return list;
        }
        if (type.isRecord()) return object(type);
        throw new IllegalStateException("an order has a field of a type that is not published: " + field);
    }

    private static ObjectNode typed(String type, boolean optional) {
        ObjectNode out = Json.object();
        if (!optional) return out.put("type", type);
        ArrayNode types = out.putArray("type");
        Arrays.asList(type, "null").forEach(types::add);
        return out;
    }
}
