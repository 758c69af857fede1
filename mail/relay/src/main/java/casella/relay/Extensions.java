package casella.relay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a server says it can do. RFC 5321 §4.1.1.1.
///
/// @param keywords in upper case, with what stands behind them
record Extensions(Map<String, String> keywords) {
    static final Extensions NONE = new Extensions(Map.of());
    private static final int KEYWORDS_MAX = 100;

    /// Reads the lines of a reply to EHLO; the first is the server's name.
    static Extensions of(List<String> lines) {
        var found = new HashMap<String, String>();
        for (String line : lines.subList(1, Math.min(lines.size(), KEYWORDS_MAX))) {
            String[] words = line.strip().split("[ =]", 2);
            found.put(words[0].toUpperCase(Locale.ROOT), words.length == 2 ? words[1].strip() : "");
        }
        return new Extensions(found);
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /// Returns the largest message the server takes; the largest number for no limit said. RFC 1870 §4
    long size() {
        String size = keywords.getOrDefault("SIZE", "");
        if (!size.matches("\\d{1,18}")) return Long.MAX_VALUE;
        long bytes = Long.parseLong(size);
        return bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    boolean logsIn(String mechanism) {
        return Arrays.asList(keywords.getOrDefault("AUTH", "").toUpperCase(Locale.ROOT).split(" "))
                .contains(mechanism);
    }
}
