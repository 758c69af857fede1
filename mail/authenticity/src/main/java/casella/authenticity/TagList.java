package casella.authenticity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A list of tags and what they say: of a signature, of the record with its key, of a domain's policy. RFC 6376 §3.2.
final class TagList {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*+");
    /// `b=` alone: `bh=` has a letter before its sign.
    private static final Pattern SIGNATURE = Pattern.compile("((?:^|;)[ \t\r\n]*+b[ \t\r\n]*+=)[^;]*+");
    private static final int TAGS_MAX = 100;

    private final String value;
    private final Map<String, String> tags;

    private TagList(String value, Map<String, String> tags) {
        this.value = value;
        this.tags = tags;
    }

    /// Returns the tags of `value`; empty if it is no list of tags, or has one twice.
    static Optional<TagList> of(String value) {
        Map<String, String> tags = new LinkedHashMap<>();
        String list = value.strip();
        if (list.endsWith(";")) list = list.substring(0, list.length() - 1);
        for (String spec : list.split(";", -1)) {
            int sign = spec.indexOf('=');
            if (sign < 0 || tags.size() == TAGS_MAX) return Optional.empty();
            String name = spec.substring(0, sign).strip();
            if (!NAME.matcher(name).matches()) return Optional.empty();
            if (tags.put(name, spec.substring(sign + 1).strip()) != null) return Optional.empty();
        }
        return Optional.of(new TagList(value, tags));
    }

    boolean has(String tag) {
        return tags.containsKey(tag);
    }

    /// Returns what a tag says; empty where it says nothing.
    String tag(String tag) {
        return tags.getOrDefault(tag, "");
    }

    /// Says whether the first tag is this one and says this.
    boolean begins(String tag, String says) {
        Map.Entry<String, String> first = tags.entrySet().iterator().next();
        return first.getKey().equals(tag) && first.getValue().equals(says);
    }

    /// Returns the value with nothing behind `b=`. RFC 6376 §3.5.
    String withoutSignature() {
        Matcher found = SIGNATURE.matcher(value);
        return found.replaceFirst("$1");
    }
}
