package casella.continuity.ladder;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// One thing that happened on the way up, and what was measured then.
///
/// @param by who had it happen: an operating system's user, or `casella`
/// @param what a few words: `passed`, `halted`
/// @param why a sentence, or empty
/// @param measured by name
public record Evidence(Instant at, String by, Stage stage, String what, String why, Map<String,
        String> measured) {
    /// Who goes on by itself.
    public static final String ITSELF = "casella";

    public Evidence {
        by = plain(by).replace(' ', '_');
        what = plain(what).replace(' ', '-');
        why = plain(why);
        measured = new LinkedHashMap<>(measured);
    }

    @Override
    public Map<String, String> measured() {
        return new LinkedHashMap<>(measured);
    }

    private static String plain(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /// Returns it as a line: time, who, stage, what, figures, ` : `, why.
    String line() {
        var out = new StringBuilder();
        out.append(at).append(' ').append(by).append(' ').append(stage.word()).append(' ').append(what);
        measured.forEach((name, value) ->
                out.append(' ').append(name).append('=').append(value.replace(' ', '_')));
        return out.append(" : ").append(why).toString();
    }

    /// @throws IllegalArgumentException if it is no such line
    static Evidence of(String line) {
        int end = line.indexOf(" : ");
        if (end < 0) throw new IllegalArgumentException("evidence: no sentence");
        String[] words = line.substring(0, end).split(" ");
        if (words.length < 4) throw new IllegalArgumentException("evidence: too few words");
        var measured = new LinkedHashMap<String, String>();
        for (int i = 4; i < words.length; i++) {
            int at = words[i].indexOf('=');
            if (at < 0) throw new IllegalArgumentException("evidence: no figure");
            measured.put(words[i].substring(0, at), words[i].substring(at + 1));
        }
        Stage stage = Stage.of(words[2]).orElseThrow(() ->
                new IllegalArgumentException("evidence: no stage"));
        return new Evidence(Instant.parse(words[0]), words[1], stage, words[3], line.substring(end + 3),
                measured);
    }
}
