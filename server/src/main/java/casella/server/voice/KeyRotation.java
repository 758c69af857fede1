package casella.server.voice;

import casella.base.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Which keys of a domain do not sign: those that will, and those that did. All others do, the last of each kind.
///
/// ```text
/// Casella DKIM rotation, format 1
/// next casella-20261124-2
/// old casella-20260901 2026-11-24T03:00:00Z
/// retired casella-20260301 2026-09-08T09:30:00Z
/// ```
///
/// @param stages by selector
record KeyRotation(Map<String, Stage> stages) {
    static final KeyRotation NONE = new KeyRotation(Map.of());
    /// The number in the first line. 1: first.
    private static final int FORMAT = 1;
    private static final String FIRST = "Casella DKIM rotation, format ";

    /// Where a key is that does not sign.
    sealed interface Stage {
        /// To be published; signs when it is.
        record Next() implements Stage {}

        /// Signed until then. Still published: mail on its way was signed with it.
        record Old(Instant since) implements Stage {}

        /// No longer published. Known here, for what it signed.
        record Retired(Instant since) implements Stage {}
    }

    KeyRotation {
        stages = Map.copyOf(stages);
    }

    boolean signs(String selector) {
        return !stages.containsKey(selector);
    }

    /// Returns a word for it: `signs`, `next`, `old`, `retired`.
    String word(String selector) {
        Stage stage = stages.get(selector);
        return stage == null ? "signs" : word(stage);
    }

    private static String word(Stage stage) {
        return switch (stage) {
            case Stage.Next _ -> "next";
            case Stage.Old _ -> "old";
            case Stage.Retired _ -> "retired";
        };
    }

    KeyRotation with(String selector, Stage stage) {
        Map<String, Stage> out = new TreeMap<>(stages);
        out.put(selector, stage);
        return new KeyRotation(out);
    }

    KeyRotation signing(String selector) {
        Map<String, Stage> out = new TreeMap<>(stages);
        out.remove(selector);
        return new KeyRotation(out);
    }

    String text() {
        var out = new StringBuilder(FIRST).append(FORMAT).append('\n');
        new TreeMap<>(stages).forEach((selector, stage) -> {
            out.append(word(stage)).append(' ').append(selector);
            switch (stage) {
                case Stage.Next _ -> { }
                case Stage.Old(Instant since) -> out.append(' ').append(since);
                case Stage.Retired(Instant since) -> out.append(' ').append(since);
            }
            out.append('\n');
        });
        return out.toString();
    }

    /// @throws Fault.Corrupt if it is none, or a newer version wrote it
    static KeyRotation parse(String text) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(FIRST + FORMAT) || !lines[lines.length - 1].isEmpty()) {
            throw new Fault.Corrupt("Not a rotation of DKIM keys that this version reads", Map.of("line",
                    lines[0]));
        }
        Map<String, Stage> stages = new TreeMap<>();
        for (int i = 1; i < lines.length - 1; i++) stages.put(words(lines[i])[1], stage(words(lines[i])));
        return new KeyRotation(stages);
    }

    private static String[] words(String line) {
        String[] words = line.split(" ", -1);
        boolean dated = words.length == 3 && !words[0].equals("next");
        boolean bare = words.length == 2 && words[0].equals("next");
        if (!dated && !bare) throw new Fault.Corrupt("A rotation of DKIM keys cannot be read", Map.of("line",
                line));
        return words;
    }

    private static Stage stage(String[] words) {
        try {
            return switch (words[0]) {
                case "next" -> new Stage.Next();
                case "old" -> new Stage.Old(Instant.parse(words[2]));
                case "retired" -> new Stage.Retired(Instant.parse(words[2]));
                default -> throw new Fault.Corrupt("A rotation of DKIM keys cannot be read", Map.of("word",
                        words[0]));
            };
        } catch (DateTimeException e) {
            throw new Fault.Corrupt("A rotation of DKIM keys cannot be read", Map.of("date", words[2]), e);
        }
    }
}
