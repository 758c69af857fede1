package casella.jmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A PatchObject: pointers into a record and what to put there, null to take away. RFC 8620 §5.3.
final class Patch {
    private static final int POINTERS_MAX = 2_000;

    private Patch() {}

    /// What became of applying a patch.
    sealed interface Patched {
        /// @param record the record after the patch, a copy
        record Done(ObjectNode record) implements Patched {}

        record Invalid(String why) implements Patched {}
    }

    /// Applies `patch` to a copy of `record`. A pointer goes through objects only, each but the last name must be
    /// there, and none may be the beginning of another. RFC 8620 §5.3.
    static Patched apply(ObjectNode record, ObjectNode patch) {
        if (patch.size() > POINTERS_MAX) return new Patched.Invalid("More than " + POINTERS_MAX + " pointers");
        var steps = new TreeMap<String, List<String>>();
        for (String pointer : patch.propertyNames()) steps.put(pointer, steps(pointer));
        String nested = nested(steps.keySet());
        if (nested != null) return new Patched.Invalid(nested);
        ObjectNode out = record.deepCopy();
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            List<String> path = steps.getOrDefault(entry.getKey(), List.of());
            JsonNode at = out;
            for (String step : path.subList(0, path.size() - 1)) {
                at = at.get(step);
                if (at == null || !at.isObject()) return new Patched.Invalid("A pointer leads through nothing");
            }
            ObjectNode parent = (ObjectNode) at;
            String last = path.get(path.size() - 1);
            if (entry.getValue().isNull() && path.size() > 1) parent.remove(last);
            else parent.set(last, entry.getValue());
        }
        return new Patched.Done(out);
    }

    /// Returns the first name of each pointer: the properties a patch touches.
    static List<String> properties(ObjectNode patch) {
        var out = new ArrayList<String>();
        for (String pointer : patch.propertyNames()) {
            String first = steps(pointer).get(0);
            if (!out.contains(first)) out.add(first);
        }
        return out;
    }

    private static List<String> steps(String pointer) {
        var out = new ArrayList<String>();
        for (String step : pointer.split("/", -1)) out.add(step.replace("~1", "/").replace("~0", "~"));
        return out;
    }

    /// Names a pointer that begins another one, which then would have two meanings.
    private static @Nullable String nested(Iterable<String> pointers) {
        var all = new java.util.HashSet<String>();
        for (String one : pointers) all.add(one);
        for (String one : all) {
            for (int slash = one.indexOf('/'); slash > 0; slash = one.indexOf('/', slash + 1)) {
                if (all.contains(one.substring(0, slash))) return "One pointer is the beginning of another";
            }
        }
        return null;
    }
}
