package casella.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `$names` of one dialogue and what they stand for.
final class DialogueNames {
    /// `$$`, `$_`, `$name`, `${3*text}`.
    private static final Pattern SIGN =
            Pattern.compile("\\$(?:(\\$)|(_)|([a-z][A-Za-z0-9]*)|\\{([0-9]+)\\*([^}]*)\\})");

    private final Map<String, String> values = new HashMap<>();

    /// Returns what the client sends.
    String fill(String text, String place) {
        Matcher sign = SIGN.matcher(text);
        return sign.replaceAll(found -> {
            String name = found.group(3);
            if (found.group(2) != null || (name != null && !values.containsKey(name))) {
                throw new IllegalArgumentException(place + ": " + found.group() + " stands for nothing yet");
            }
            return Matcher.quoteReplacement(name != null ? String.valueOf(values.get(name))
                    : plain(found.group()));
        });
    }

    /// Returns what a sign that is no name stands for.
    private static String plain(String sign) {
        Matcher found = SIGN.matcher(sign);
        if (!found.matches() || found.group(4) == null) return "$";
        return found.group(5).repeat(Integer.parseInt(found.group(4)));
    }

    /// Says whether `got` is what `wanted` says; if so, new names stand for their part of it from now on.
    boolean matches(String wanted, String got) {
        var free = new ArrayList<String>();
        var pattern = new StringBuilder();
        Matcher sign = SIGN.matcher(wanted);
        int from = 0;
        for (; sign.find(); from = sign.end()) {
            pattern.append(Pattern.quote(wanted.substring(from, sign.start())));
            String name = sign.group(3);
            if (sign.group(2) != null) {
                pattern.append(".*");
            } else if (name == null) {
                pattern.append(Pattern.quote(plain(sign.group())));
            } else if (values.containsKey(name)) {
                pattern.append(Pattern.quote(String.valueOf(values.get(name))));
            } else if (free.contains(name)) {
                pattern.append("\\").append(free.indexOf(name) + 1);
            } else {
                free.add(name);
                pattern.append("(\\S+)");
            }
        }
        pattern.append(Pattern.quote(wanted.substring(from)));
        Matcher match = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(got);
        if (!match.matches()) return false;
        for (int i = 0; i < free.size(); i++) values.put(free.get(i), match.group(i + 1));
        return true;
    }

    /// Returns `wanted` with the names that are known replaced, for the failure message.
    String known(String wanted) {
        List<String> names = new ArrayList<>(values.keySet());
        return SIGN.matcher(wanted)
                .replaceAll(found -> Matcher.quoteReplacement(
                        names.contains(found.group(3)) ? String.valueOf(values.get(found.group(3)))
                                : found.group()));
    }

    /// Returns `got` written so that it matches itself.
    String escape(String got) {
        return SIGN.matcher(got).replaceAll(found -> Matcher.quoteReplacement("$" + found.group()));
    }
}
