package casella.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// FilterOperators and what they join. RFC 8620 §5.5.
final class Filters {
    private static final int DEPTH_MAX = 20;
    private static final int CONDITIONS_MAX = 500;

    private Filters() {}

    /// Returns `filter` as a claim about a record; no filter is true of all.
    ///
    /// @param condition reads a FilterCondition; what it leaves unread is refused here
    /// @throws Refusal `unsupportedFilter` for a condition nobody knows, or too much of everything
    static <T> Claim<T> read(@Nullable ObjectNode filter, Function<Arguments, Claim<T>> condition) {
        if (filter == null) return _ -> Claim.Truth.YES;
        return read(filter, condition, 0, new int[] {CONDITIONS_MAX});
    }

    private static <T> Claim<T> read(
            ObjectNode filter, Function<Arguments, Claim<T>> condition, int depth, int[] left) {
        if (depth > DEPTH_MAX || --left[0] < 0) {
            throw Refusal.of(MethodError.Type.UNSUPPORTED_FILTER, "Too many conditions, or too deep");
        }
        var in = new Arguments(filter, "filter/");
        if (!filter.has("operator")) {
            Claim<T> one = condition.apply(in);
            in.end(MethodError.Type.UNSUPPORTED_FILTER);
            return one;
        }
        String operator = in.requiredText("operator");
        List<ObjectNode> inside = in.list("conditions", "an array of filters", Filters::objectOrNull);
        in.end();
        if (inside == null) throw in.wrong("conditions", "given");
        var parts = new ArrayList<Claim<T>>();
        for (ObjectNode one : inside) parts.add(read(one, condition, depth + 1, left));
        return switch (operator) {
            case "AND" -> Claim.all(parts);
            case "OR" -> Claim.any(parts);
            case "NOT" -> Claim.not(Claim.any(parts));
            default -> throw in.wrong("operator", "AND, OR or NOT");
        };
    }

    private static @Nullable ObjectNode objectOrNull(JsonNode node) {
        return node.isObject() ? (ObjectNode) node : null;
    }
}
