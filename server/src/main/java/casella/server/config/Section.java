package casella.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One section of the file, read key by key; each reading says what the key is for.
///
/// {@snippet :
/// atLeast(in.duration("idle-timeout"), Duration.ofMinutes(30), "RFC 9051 §5.4")
///         .means("How long a silent, logged-in client keeps its connection.")
///         .orElse(Duration.ofMinutes(30));
/// }
/// A value that is absent or wrong reads as the default; what is wrong is among the problems.
public final class Section {
    /// A key as the reference shows it.
    ///
    /// @param kind what may be written: `time`, `size`, `number`, `yes/no` …
    /// @param rule limits in words; empty without any
    /// @param otherwise the default as it would be written
    public record Entry(String key, String meaning, String kind, String rule, String otherwise,
            Effect effect) {}

    private final String name;
    private final String about;
    private final Map<String, Source.Value> values;
    private final List<Problem> problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Section(String name, String about, Map<String, Source.Value> values, List<Problem> problems) {
        this.name = name;
        this.about = about;
        this.values = values;
        this.problems = problems;
    }

    public String name() {
        return name;
    }

    /// Returns one sentence on what the section is for.
    public String about() {
        return about;
    }

    /// Returns the keys in the order they were read.
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /// Adds a problem with what several keys say together.
    public void problem(String key, String rule) {
        Source.Value value = values.get(key);
        problems.add(new Problem(value == null ? 0 : value.line(), name + "." + key, rule));
    }

    public Key<Duration> duration(String key) {
        return new Key<>(key, "time", "must be a time like 30s, 10m or 2h", Units::duration, Units::text);
    }

    public Key<Long> size(String key) {
        return new Key<>(key, "size", "must be a size like 64KiB or 50MiB", Units::size, Units::text);
    }

    public Key<Integer> number(String key) {
        return new Key<>(key, "number", "must be a whole number", Section::integer, String::valueOf);
    }

    public Key<Boolean> yesNo(String key) {
        return new Key<>(key, "yes or no", "must be yes or no", Section::bool, yes -> yes ? "yes" : "no");
    }

    /// A port; `off` for none, 0 for any free one.
    public Key<OptionalInt> port(String key) {
        return new Key<>(
                key,
                "port or off",
                "must be 0 to 65535, or off",
                Section::portOrOff,
                port -> port.isPresent() ? String.valueOf(port.getAsInt()) : "off");
    }

    public Key<String> text(String key) {
        return new Key<>(key, "text", "must be a text", Optional::of, text -> text.isEmpty() ? "none" : text);
    }

    /// A path; one that is not absolute is taken from where the caller says.
    public Key<Path> path(String key) {
        return new Key<>(key, "path", "must be a path", Section::pathOf, Path::toString);
    }

    /// One of `words`.
    public Key<String> word(String key, List<String> words) {
        String choice = String.join(", ", words);
        return new Key<>(
                key, choice, "must be one of " + choice, text -> Optional.of(text).filter(words::contains),
                        w -> w);
    }

    public ListKey texts(String key) {
        return new ListKey(key);
    }

    private static Optional<Integer> integer(String text) {
        return text.matches("-?\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "yes", "true", "on" -> Optional.of(true);
            case "no", "false", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Optional<OptionalInt> portOrOff(String text) {
        if (text.equals("off")) return Optional.of(OptionalInt.empty());
        return integer(text).filter(port -> port >= 0 && port <= 65_535).map(OptionalInt::of);
    }

    private static Optional<Path> pathOf(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (java.nio.file.InvalidPathException e) {
            return Optional.empty();
        }
    }

    /// Names every key of the file that nobody has read.
    void refuseUnknown() {
        values.forEach((key, value) -> {
            if (entries.containsKey(key)) return;
            Optional<String> near = nearest(key, List.copyOf(entries.keySet()));
            String hint = near.map(other -> "; did you mean " + name + "." + other + "?").orElse("");
            problems.add(new Problem(value.line(), name + "." + key, "is no key" + hint));
        });
    }

    /// Returns the word of `words` that takes the fewest changes of a letter to become `wrong`; empty if all take many.
    static Optional<String> nearest(String wrong, List<String> words) {
        int limit = Math.max(2, wrong.length() / 2);
        return words.stream()
                .filter(word -> distance(wrong, word) <= limit)
                .min(Comparator.comparingInt(word -> distance(wrong, word)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(same, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    /// A key with one value, being described and read.
    public final class Key<T> {
        private final String key;
        private final String kind;
        private final String form;
        private final Function<String, Optional<T>> read;
        private final Function<T, String> write;
        private final List<String> rules = new ArrayList<>();
        private final List<Predicate<T>> checks = new ArrayList<>();
        private String meaning = "";
        private Effect effect = Effect.RESTART;

        private Key(
                String key, String kind, String form, Function<String, Optional<T>> read, Function<T,
                        String> write) {
            this.key = key;
            this.kind = kind;
            this.form = form;
            this.read = read;
            this.write = write;
        }

        /// Says what the key is for, in whole sentences.
        public Key<T> means(String sentence) {
            meaning = sentence;
            return this;
        }

        public Key<T> effect(Effect when) {
            effect = when;
            return this;
        }

        /// @param rule what must hold, after "must be": `a folder`
        public Key<T> must(Predicate<T> holds, String rule) {
            checks.add(holds);
            rules.add(rule);
            return this;
        }

        /// Reads the value, `otherwise` when there is none or it is wrong.
        public T orElse(T otherwise) {
            return read(otherwise, write.apply(otherwise));
        }

        /// Reads the value, `otherwise` when there is none; the reference shows `shown` as the default.
        public T orElse(T otherwise, String shown) {
            return read(otherwise, shown);
        }

        private T read(T otherwise, String shown) {
            entries.put(key, new Entry(name + "." + key, meaning, kind, String.join(", ", rules), shown,
                    effect));
            Source.Value value = values.get(key);
            if (value == null) return otherwise;
            if (value.list() || value.texts().isEmpty()) return refuse(form, otherwise);
            Optional<T> found = read.apply(value.texts().getFirst());
            if (found.isEmpty()) return refuse(form, otherwise);
            for (int i = 0; i < checks.size(); i++) {
                if (!checks.get(i).test(found.get())) return refuse("must be " + rules.get(i), otherwise);
            }
            return found.get();
        }

        private T refuse(String rule, T otherwise) {
            problem(key, rule);
            return otherwise;
        }

        Function<T, String> writer() {
            return write;
        }
    }

    /// Returns `key` held to at least `least`.
    ///
    /// @param source where the rule comes from, `RFC 9051 §5.4`; null for our own
    public static <T extends Comparable<T>> Key<T> atLeast(Key<T> key, T least, @Nullable String source) {
        String from = source == null ? "" : " (" + source + ")";
        return key.must(value -> value.compareTo(least) >= 0, "at least " + key.writer().apply(least) + from);
    }

    /// Returns `key` held between `least` and `most`, both allowed.
    public static <T extends Comparable<T>> Key<T> between(Key<T> key, T least, T most) {
        return key.must(
                value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                key.writer().apply(least) + " to " + key.writer().apply(most));
    }

    /// A key with a list of texts.
    public final class ListKey {
        private final String key;
        private String meaning = "";

        private ListKey(String key) {
            this.key = key;
        }

        public ListKey means(String sentence) {
            meaning = sentence;
            return this;
        }

        /// Reads the list; a single value is a list of one.
        public List<String> orElse(List<String> otherwise) {
            String shown = otherwise.isEmpty() ? "none" : String.join(", ", otherwise);
            entries.put(key, new Entry(name + "." + key, meaning, "list", "", shown, Effect.RESTART));
            Source.Value value = values.get(key);
            return value == null ? otherwise : value.texts();
        }
    }
}
