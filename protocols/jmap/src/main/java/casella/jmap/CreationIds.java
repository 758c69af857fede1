package casella.jmap;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the creation ids of one request became. RFC 8620 §3.3, §5.3.
final class CreationIds {
    private final Map<String, String> ids = new LinkedHashMap<>();

    CreationIds(@Nullable Map<String, String> given) {
        if (given != null) ids.putAll(given);
    }

    /// Returns the id for `text`: itself, or with `#` before it what was made under that creation
    /// id, null if nothing.
    @Nullable String resolve(String text) {
        return text.startsWith("#") ? ids.get(text.substring(1)) : text;
    }

    void made(String creationId, String id) {
        ids.put(creationId, id);
    }

    Map<String, String> all() {
        return ids;
    }
}
