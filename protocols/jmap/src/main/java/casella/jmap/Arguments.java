package casella.jmap;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the members of one JSON object, each once, each checked. What nobody read is refused by
/// [#end()].
///
/// An absent member and `null` are the same. RFC 8620 §1.1 (types), §3.6.2 (`invalidArguments`).
final class Arguments {
    /// The largest integer JMAP knows: 2^53 - 1. RFC 8620 §1.3.
    static final long INT_MAX = (1L << 53) - 1;

    static final int ID_LENGTH_MAX = 255;

    private final ObjectNode object;
    private final String where;
    private final Set<String> read = new HashSet<>();

    /// @param where what stands before a member's name in an error: `filter/`, or nothing
    Arguments(ObjectNode object, String where) {
        this.object = object;
        this.where = where;
    }

    Arguments(ObjectNode object) {
        this(object, "");
    }

    /// Returns the member, null if it is absent or null.
    @Nullable JsonNode node(String name) {
        read.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    @Nullable String text(String name) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isString()) throw wrong(name, "a string");
        return value.stringValue();
    }

    String requiredText(String name) {
        String value = text(name);
        if (value == null) throw wrong(name, "given");
        return value;
    }

    boolean truth(String name, boolean otherwise) {
        JsonNode value = node(name);
        if (value == null) return otherwise;
        if (!value.isBoolean()) throw wrong(name, "true or false");
        return value.booleanValue();
    }

    @Nullable Boolean truth(String name) {
        return node(name) == null ? null : truth(name, false);
    }

    /// Returns an Int. RFC 8620 §1.3.
    @Nullable Long whole(String name) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw wrong(name, "an integer");
        }
        long number = value.longValue();
        if (Math.abs(number) > INT_MAX) throw wrong(name, "within 2^53");
        return number;
    }

    /// Returns an UnsignedInt. RFC 8620 §1.3.
    @Nullable Long unsigned(String name) {
        Long value = whole(name);
        if (value != null && value < 0) throw wrong(name, "0 or more");
        return value;
    }

    /// Returns a Date or UTCDate. RFC 8620 §1.4.
    @Nullable Instant instant(String name) {
        String value = text(name);
        if (value == null) return null;
        Instant instant = Dates.read(value);
        if (instant == null) throw wrong(name, "a date and time (RFC 3339)");
        return instant;
    }

    @Nullable ObjectNode object(String name) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isObject()) throw wrong(name, "an object");
        return (ObjectNode) value;
    }

    /// Returns the strings of an array, null if absent.
    @Nullable List<String> texts(String name) {
        return list(name, "an array of strings", item -> item.isString() ? item.stringValue() : null);
    }

    /// Returns the ids of an array, each once, in order; null if absent. A creation id stays as it
    /// is, `#` before it.
    @Nullable List<String> ids(String name) {
        List<String> all = list(name, "an array of ids", item -> item.isString() && id(item.stringValue())
                ? item.stringValue()
                : null);
        return all == null ? null : List.copyOf(new LinkedHashSet<>(all));
    }

    <T> @Nullable List<T> list(String name, String rule, Function<JsonNode, @Nullable T> read) {
        JsonNode value = node(name);
        if (value == null) return null;
        if (!value.isArray()) throw wrong(name, rule);
        var out = new ArrayList<T>(value.size());
        for (JsonNode item : value) {
            T one = read.apply(item);
            if (one == null) throw wrong(name, rule);
            out.add(one);
        }
        return out;
    }

    /// Says whether the member is there, be it null.
    boolean has(String name) {
        return object.has(name);
    }

    /// Refuses members that nobody asked for: a misspelt argument is told, not ignored.
    void end() {
        end(MethodError.Type.INVALID_ARGUMENTS);
    }

    void end(MethodError.Type type) {
        for (String name : object.propertyNames()) {
            if (!read.contains(name)) throw Refusal.of(type, where + clip(name) + ": not known");
        }
    }

    Refusal wrong(String name, String rule) {
        return Refusal.argument(where + name, rule);
    }

    /// Says whether `text` is an id, or a creation id with `#` before it. RFC 8620 §1.2, §5.3.
    static boolean id(String text) {
        int from = text.startsWith("#") ? 1 : 0;
        if (text.length() == from || text.length() - from > ID_LENGTH_MAX) return false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Ascii.letterOrDigit(c) && c != '-' && c != '_') return false;
        }
        return true;
    }

    private static String clip(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100);
    }

    /// Dates as JMAP writes them. RFC 8620 §1.4, RFC 3339 §5.6.
    static final class Dates {
        private Dates() {}

        static @Nullable Instant read(String text) {
            if (text.length() < 20 || text.length() > 40) return null;
            try {
                return java.time.OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                return null;
            }
        }

        /// Returns a UTCDate: no fraction of a second when it is zero.
        static String write(Instant instant) {
            return java.time.format.DateTimeFormatter.ISO_INSTANT.format(
                    instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        }
    }
}
