package casella.jmap;

import casella.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Answers a `/get` of objects that are few and all known, from which a client may want some. RFC 8620 §5.1.
final class OwnList {
    private OwnList() {}

    /// What there is.
    @FunctionalInterface
    interface Objects {
        /// Returns all by their ids, in the order in which they are told.
        Map<String, ObjectNode> all();
    }

    /// Reads the arguments, then asks for the objects, and answers.
    ///
    /// @param known all properties of the type
    static Answer answer(Call call, Set<String> known, Objects objects) {
        GetForm form = GetForm.read(call, known);
        call.arguments().end();
        Map<String, ObjectNode> all = objects.all();
        List<String> ids = form.ids();
        String state = state(all);
        var list = new ArrayList<ObjectNode>();
        var missing = new ArrayList<String>();
        if (ids != null) ids.stream().filter(id -> !all.containsKey(id)).distinct().forEach(missing::add);
        all.forEach((id, one) -> {
            if (ids == null || ids.contains(id)) list.add(one.retain(form.properties()));
        });
        return new Answer.Done(GetForm.response(call, state, list, missing));
    }

    /// Returns the state string of objects: another one for each thing they say.
    static String state(Map<String, ObjectNode> all) {
        return all.isEmpty() ? "none"
                : Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).toString().substring(0, 16);
    }

    static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
