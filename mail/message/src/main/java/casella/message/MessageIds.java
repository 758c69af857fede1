package casella.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads lists of message ids. RFC 5322 §3.6.4, RFC 8621 §4.1.2.5.
public final class MessageIds {
    /// Ids kept of one field; the newest are last and are kept.
    static final int COUNT_MAX = 1_000;

    private MessageIds() {}

    /// Returns the ids in `value` without angle brackets. Where there are no angle brackets, each
    /// word that has an `@` is one (In-Reply-To of old mail is often prose).
    public static List<String> parse(@Nullable String value) {
        if (value == null) return List.of();
        List<String> ids = new ArrayList<>();
        int open = value.indexOf('<');
        while (open >= 0) {
            int close = value.indexOf('>', open);
            if (close < 0) break;
            String id = value.substring(open + 1, close).replaceAll("\\s+", "");
            if (!id.isEmpty()) ids.add(id);
            open = value.indexOf('<', close);
        }
        if (ids.isEmpty() && value.indexOf('<') < 0) {
            for (String word : value.split("[\\s,]+")) {
                if (word.indexOf('@') > 0) ids.add(word);
            }
        }
        return ids.size() <= COUNT_MAX
                ? ids
                : List.copyOf(ids.subList(ids.size() - COUNT_MAX, ids.size()));
    }
}
