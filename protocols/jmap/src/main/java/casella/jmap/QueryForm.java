package casella.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The arguments that every `/query` has. RFC 8620 §5.5.
///
/// @param filter null for none
/// @param position where to begin, from the end if negative; counts only without `anchor`
/// @param limit how many ids at most; never more than [#LIMIT_MAX]
/// @param limited whether the client's limit, or its absence, was brought down to ours
record QueryForm(
        @Nullable ObjectNode filter,
        List<Sort> sort,
        long position,
        @Nullable String anchor,
        long anchorOffset,
        int limit,
        boolean limited,
        boolean calculateTotal) {

    /// Ids in one response.
    static final int LIMIT_MAX = 5_000;

    private static final int SORTS_MAX = 10;

    /// One comparator. RFC 8620 §5.5, RFC 8621 §4.4.2.
    ///
    /// @param keyword for the sorts that look at one, else null
    record Sort(String property, boolean ascending, @Nullable String keyword) {}

    /// Reads them; the caller ends the arguments.
    ///
    /// @param sortable properties that can be sorted by
    /// @throws Refusal `unsupportedSort` for another
    static QueryForm read(Call call, List<String> sortable) {
        call.accountId();
        Arguments in = call.arguments();
        ObjectNode filter = in.object("filter");
        List<Sort> sort = sorts(in, sortable);
        Long position = in.whole("position");
        String anchor = in.text("anchor");
        Long anchorOffset = in.whole("anchorOffset");
        Long limit = in.unsigned("limit");
        boolean total = in.truth("calculateTotal", false);
        boolean limited = limit == null || limit > LIMIT_MAX;
        return new QueryForm(
                filter,
                sort,
                position == null ? 0 : position,
                anchor,
                anchorOffset == null ? 0 : anchorOffset,
                limit == null || limited ? LIMIT_MAX : limit.intValue(),
                limited,
                total);
    }

    static List<Sort> sorts(Arguments in, List<String> sortable) {
        List<ObjectNode> given = in.list("sort", "an array of comparators", QueryForm::objectOrNull);
        var sorts = new ArrayList<Sort>();
        if (given == null) return sorts;
        if (given.size() > SORTS_MAX) throw Refusal.of(MethodError.Type.UNSUPPORTED_SORT, "More than " + SORTS_MAX);
        for (ObjectNode one : given) {
            var comparator = new Arguments(one, "sort/");
            String property = comparator.requiredText("property");
            boolean ascending = comparator.truth("isAscending", true);
            String collation = comparator.text("collation");
            String keyword = comparator.text("keyword");
            comparator.end();
            if (!sortable.contains(property)) {
                throw Refusal.of(MethodError.Type.UNSUPPORTED_SORT, "Cannot sort by that property");
            }
            if (collation != null && !collation.equals("i;unicode-casemap") && !collation.equals("i;ascii-casemap")) {
                throw Refusal.of(MethodError.Type.UNSUPPORTED_SORT, "That collation is not offered");
            }
            boolean needed = property.toLowerCase(Locale.ROOT).contains("keyword");
            if (needed != (keyword != null)) {
                throw Refusal.argument("sort/keyword", needed ? "given" : "absent for that property");
            }
            String folded = keyword == null ? null : keyword.toLowerCase(Locale.ROOT);
            sorts.add(new Sort(property, ascending, folded));
        }
        return sorts;
    }

    private static @Nullable ObjectNode objectOrNull(JsonNode node) {
        return node.isObject() ? (ObjectNode) node : null;
    }

    /// Returns the response for the whole list of results. RFC 8620 §5.5.
    ///
    /// @throws Refusal `anchorNotFound` if the anchor is not among them
    ObjectNode answer(Call call, String state, List<String> all) {
        int from;
        if (anchor != null) {
            String id = call.created().resolve(anchor);
            int at = id == null ? -1 : all.indexOf(id);
            if (at < 0) throw new Refusal(MethodError.of(MethodError.Type.ANCHOR_NOT_FOUND));
            from = (int) Math.clamp(at + anchorOffset, 0L, all.size());
        } else {
            from = (int) Math.clamp(position < 0 ? all.size() + position : position, 0L, all.size());
        }
        int until = Math.min(all.size(), from + limit);
        return answer(call, state, from, all.subList(from, until), calculateTotal ? (long) all.size() : null);
    }

    ObjectNode answer(Call call, String state, long from, List<String> ids, @Nullable Long total) {
        ObjectNode out = call.response().put("queryState", state).put("canCalculateChanges", false);
        out.put("position", from);
        out.set("ids", Json.array(ids));
        if (total != null) out.put("total", total);
        if (limited && ids.size() == LIMIT_MAX) out.put("limit", LIMIT_MAX);
        return out;
    }
}
