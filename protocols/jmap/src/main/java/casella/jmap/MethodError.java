package casella.jmap;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A call that is refused; the calls after it go on. RFC 8620 §3.6.2.
///
/// @param description for the client's developer; never shown to an owner
record MethodError(Type type, @Nullable String description) {
    /// RFC 8620 §3.6.2, §5.1 to §5.6; RFC 8621 §4.4.2, §5.
    enum Type {
        SERVER_UNAVAILABLE("serverUnavailable"),
        SERVER_FAIL("serverFail"),
        SERVER_PARTIAL_FAIL("serverPartialFail"),
        UNKNOWN_METHOD("unknownMethod"),
        INVALID_ARGUMENTS("invalidArguments"),
        INVALID_RESULT_REFERENCE("invalidResultReference"),
        ACCOUNT_NOT_FOUND("accountNotFound"),
        REQUEST_TOO_LARGE("requestTooLarge"),
        CANNOT_CALCULATE_CHANGES("cannotCalculateChanges"),
        STATE_MISMATCH("stateMismatch"),
        ANCHOR_NOT_FOUND("anchorNotFound"),
        UNSUPPORTED_SORT("unsupportedSort"),
        UNSUPPORTED_FILTER("unsupportedFilter"),
        /// Ours: a limit of the server or the account, from `Fault.Exhausted`.
        LIMIT("limit");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    static MethodError of(Type type) {
        return new MethodError(type, null);
    }

    static MethodError of(Type type, String description) {
        return new MethodError(type, description);
    }

    /// The arguments of an `error` response.
    ObjectNode json() {
        ObjectNode out = Json.object().put("type", type.wire());
        if (description != null) out.put("description", description);
        return out;
    }
}
