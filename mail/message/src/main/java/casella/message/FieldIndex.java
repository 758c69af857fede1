package casella.message;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the fields of one header that a summary reads are: the first and the last of each name.
final class FieldIndex implements HeaderScan.Visitor {
    /// Only these are remembered, so that a header of a million fields costs no memory.
    private static final Set<String> WANTED =
            Set.of(
                    "content-type",
                    "content-transfer-encoding",
                    "content-id",
                    "content-description",
                    "content-disposition",
                    "content-language",
                    "content-location",
                    "content-md5",
                    "date",
                    "subject",
                    "from",
                    "sender",
                    "reply-to",
                    "to",
                    "cc",
                    "bcc",
                    "in-reply-to",
                    "message-id",
                    "references");

    private static final int NAME_BYTES_MAX = 32;

    private final byte[] raw;
    private final Map<String, Range> first = new HashMap<>();
    private final Map<String, Range> last = new HashMap<>();

    FieldIndex(byte[] raw) {
        this.raw = raw;
    }

    @Override
    public void field(int name, int colon, int end) {
        int nameEnd = colon;
        while (nameEnd > name && Octets.isSpace(raw[nameEnd - 1])) nameEnd--;
        if (nameEnd - name > NAME_BYTES_MAX) return;
        String key =
                Octets.lower(new String(raw, name, nameEnd - name, StandardCharsets.ISO_8859_1));
        if (!WANTED.contains(key)) return;
        Range value = new Range(colon + 1, end - colon - 1);
        first.putIfAbsent(key, value);
        last.put(key, value);
    }

    @Nullable Range first(String name) {
        return first.get(name);
    }

    @Nullable Range last(String name) {
        return last.get(name);
    }
}
