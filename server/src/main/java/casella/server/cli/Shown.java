package casella.server.cli;

import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How an order's facts read without `--json`.
///
/// @param listed whether rows come
/// @param row a row as a line; empty for nothing
/// @param facts the facts at the end; empty for nothing
record Shown(boolean listed, Function<ObjectNode, String> row, Function<ObjectNode, String> facts) {
    static Shown facts(Function<ObjectNode, String> facts) {
        return new Shown(false, _ -> "", facts);
    }

    static Shown rows(Function<ObjectNode, String> row) {
        return new Shown(true, row, _ -> "");
    }

    /// Returns whose row it is: the address, or the id where the directory knows none.
    static String who(JsonNode row) {
        String address = text(row, "address");
        return address.isEmpty() ? text(row, "account") : address;
    }

    /// Returns the member `name` as text; empty when it is not there or null.
    static String text(JsonNode facts, String name) {
        JsonNode value = facts.path(name);
        return value.isNull() || value.isMissingNode() ? "" : value.asString("");
    }
}
