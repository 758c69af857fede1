package casella.jmap;

import casella.jmap.Request.Invocation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Arguments taken from the responses of earlier calls in the same request. RFC 8620 §3.7.
final class References {
    /// More values than one reference may bring: what a page of queries and gets needs, many times
    /// over.
    static final int VALUES_MAX = 50_000;

    /// The most that one reference may bring, in characters, each value counting 8 more.
    static final int WEIGHT_MAX = 4_000_000;

    /// A path longer than this is nobody's.
    private static final int PATH_STEPS_MAX = 32;

    private References() {}

    /// Returns `arguments` with each `#name` replaced by what it refers to.
    ///
    /// @param responses those of the calls before, in order
    /// @throws Refusal `invalidResultReference`, or `invalidArguments` if `name` and `#name` are
    /// both there
    static ObjectNode resolve(ObjectNode arguments, List<Invocation> responses) {
        boolean any = false;
        for (String name : arguments.propertyNames()) any |= name.startsWith("#");
        if (!any) return arguments;
        ObjectNode out = Json.object();
        for (var entry : arguments.properties()) {
            String name = entry.getKey();
            if (!name.startsWith("#")) {
                out.set(name, entry.getValue());
                continue;
            }
            String plain = name.substring(1);
            if (arguments.has(plain)) {
                throw Refusal.of(MethodError.Type.INVALID_ARGUMENTS, plain + ": given both plainly and by reference");
            }
            out.set(plain, resolve(name, entry.getValue(), responses));
        }
        return out;
    }

    private static JsonNode resolve(String name, JsonNode reference, List<Invocation> responses) {
        String resultOf = text(name, reference, "resultOf");
        String from = text(name, reference, "name");
        String path = text(name, reference, "path");
        // RFC 8620 §3.7: the first response with that call id; its name must be the one given.
        for (Invocation response : responses) {
            if (!response.callId().equals(resultOf)) continue;
            if (!response.name().equals(from)) throw wrong(name, "that call answered " + response.name());
            JsonNode value = evaluate(response.arguments(), path);
            if (value == null) throw wrong(name, "the path leads nowhere");
            weigh(value, new int[] {WEIGHT_MAX});
            return value;
        }
        throw wrong(name, "no earlier call has that id");
    }

    /// Returns what `path` points at: a JSON Pointer in which `*` stands for every item of an
    /// array, results of arrays being joined into one. Null if it leads nowhere. RFC 6901 §4, RFC
    /// 8620 §3.7.
    static @Nullable JsonNode evaluate(JsonNode root, String path) {
        if (path.isEmpty()) return root;
        if (!path.startsWith("/")) return null;
        String[] steps = path.substring(1).split("/", -1);
        if (steps.length > PATH_STEPS_MAX) return null;
        return walk(root, steps, 0, new int[] {VALUES_MAX});
    }

    private static @Nullable JsonNode walk(JsonNode at, String[] steps, int index, int[] left) {
        if (index == steps.length) return at;
        String step = steps[index].replace("~1", "/").replace("~0", "~");
        if (at.isArray() && step.equals("*")) {
            ArrayNode joined = Json.array();
            for (JsonNode item : at) {
                JsonNode value = walk(item, steps, index + 1, left);
                if (value == null) return null;
                if (value.isArray()) joined.addAll((ArrayNode) value);
                else joined.add(value);
                left[0] -= value.isArray() ? value.size() : 1;
                if (left[0] < 0) throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "A reference brings too many values");
            }
            return joined;
        }
        JsonNode next = null;
        if (at.isObject()) next = at.get(step);
        else if (at.isArray() && step.matches("0|[1-9][0-9]{0,8}")) next = at.get(Integer.parseInt(step));
        return next == null ? null : walk(next, steps, index + 1, left);
    }

    /// Calls that refer to the whole of each other's answers would double them each time; this is
    /// where it ends.
    private static void weigh(JsonNode value, int[] left) {
        left[0] -= value.isString() ? 8 + value.stringValue().length() : 8;
        if (left[0] < 0) throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "A reference brings too much");
        if (value.isContainer()) for (JsonNode item : value.values()) weigh(item, left);
    }

    private static String text(String name, JsonNode reference, String member) {
        JsonNode value = reference.isObject() ? reference.get(member) : null;
        if (value == null || !value.isString()) throw wrong(name, member + " must be a string");
        return value.stringValue();
    }

    private static Refusal wrong(String name, String why) {
        return Refusal.of(MethodError.Type.INVALID_RESULT_REFERENCE, name + ": " + why);
    }
}
