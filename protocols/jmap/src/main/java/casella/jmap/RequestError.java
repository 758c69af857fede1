package casella.jmap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A request that is refused as a whole, with a problem document. RFC 8620 §3.6.1, RFC 7807 §3.
///
/// @param type the problem's URI, or `about:blank`
/// @param status the HTTP status
/// @param detail what is wrong, for the client's developer
/// @param limit which limit was passed, for [#LIMIT]
record RequestError(String type, int status, String detail, @Nullable String limit) {
    private static final String URN = "urn:ietf:params:jmap:error:";
    static final String LIMIT = URN + "limit";

    static RequestError unknownCapability(String capability) {
        return new RequestError(URN + "unknownCapability", 400, "Not offered here: " + clip(capability), null);
    }

    static RequestError notJson(String detail) {
        return new RequestError(URN + "notJSON", 400, detail, null);
    }

    static RequestError notRequest(String detail) {
        return new RequestError(URN + "notRequest", 400, detail, null);
    }

    /// @param limit as in the core capability: `maxCallsInRequest`. RFC 8620 §2
    static RequestError limit(String limit, long most) {
        return new RequestError(LIMIT, 400, limit + " is " + most, limit);
    }

    /// A refusal that RFC 8620 has no name for: only the HTTP status tells.
    static RequestError plain(int status, String detail) {
        return new RequestError("about:blank", status, detail, null);
    }

    /// Returns the problem document. RFC 7807 §3.1.
    ObjectNode json() {
        ObjectNode out = Json.object();
        out.put("type", type).put("status", status).put("detail", detail);
        if (limit != null) out.put("limit", limit);
        return out;
    }

    private static String clip(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200);
    }
}
