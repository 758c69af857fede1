package casella.jmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client posts to the API: capabilities it uses, and calls in order. RFC 8620 §3.3.
///
/// @param createdIds creation id to id, null if the client sent none and wants none back
record Request(Set<String> using, List<Invocation> calls, @Nullable Map<String, String> createdIds) {

    /// One call or one response: `[name, arguments, callId]`. RFC 8620 §3.2.
    record Invocation(String name, ObjectNode arguments, String callId) {
        ArrayNode json() {
            return Json.array().add(name).add(arguments).add(callId);
        }
    }

    /// The request itself, or why there is none.
    sealed interface Reading {
        record Read(Request request) implements Reading {}

        record Refused(RequestError error) implements Reading {}
    }

    /// Reads a request body. RFC 8620 §3.3, §3.6.1.
    ///
    /// @param body at most `maxSizeRequest` bytes, which the caller has made sure of
    static Reading read(byte[] body, Set<String> offered, int callsMax) {
        JsonNode root;
        try {
            root = Json.read(body);
        } catch (Json.NotJson e) {
            return new Reading.Refused(RequestError.notJson(e.sentence()));
        }
        if (!root.isObject()) return notRequest("Not an object");
        JsonNode using = root.get("using");
        JsonNode calls = root.get("methodCalls");
        if (using == null || !using.isArray()) return notRequest("using: must be an array");
        if (calls == null || !calls.isArray()) return notRequest("methodCalls: must be an array");
        var capabilities = new LinkedHashSet<String>();
        for (JsonNode one : using) {
            if (!one.isString()) return notRequest("using: must hold strings");
            capabilities.add(one.stringValue());
        }
        for (String one : capabilities) {
            if (!offered.contains(one)) return new Reading.Refused(RequestError.unknownCapability(one));
        }
        if (calls.size() > callsMax) return new Reading.Refused(RequestError.limit("maxCallsInRequest", callsMax));
        var invocations = new ArrayList<Invocation>();
        for (JsonNode call : calls) {
            Invocation one = invocation(call);
            if (one == null) return notRequest("methodCalls: each must be [String, Object, String]");
            invocations.add(one);
        }
        JsonNode created = root.get("createdIds");
        Map<String, String> ids = null;
        if (created != null && !created.isNull()) {
            ids = ids(created);
            if (ids == null) return notRequest("createdIds: must be an object of ids");
        }
        return new Reading.Read(new Request(capabilities, invocations, ids));
    }

    private static Reading notRequest(String detail) {
        return new Reading.Refused(RequestError.notRequest(detail));
    }

    private static @Nullable Invocation invocation(JsonNode call) {
        if (!call.isArray() || call.size() != 3) return null;
        if (!call.get(0).isString() || !call.get(1).isObject() || !call.get(2).isString()) return null;
        return new Invocation(call.get(0).stringValue(), (ObjectNode) call.get(1), call.get(2).stringValue());
    }

    private static @Nullable Map<String, String> ids(JsonNode created) {
        if (!created.isObject()) return null;
        var ids = new LinkedHashMap<String, String>();
        for (var entry : created.properties()) {
            if (!entry.getValue().isString()) return null;
            ids.put(entry.getKey(), entry.getValue().stringValue());
        }
        return ids;
    }
}
