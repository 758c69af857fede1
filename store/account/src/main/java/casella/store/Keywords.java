package casella.store;

import casella.base.Fault;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// The keywords of a placement, in JMAP's spelling: lower case, `$seen` for `\Seen`. RFC 8621 §4.1.1, RFC 5788.
///
/// [#DELETED] is IMAP's alone: JMAP shows no placement that has it. At most [#COUNT_MAX] of at most [#LENGTH_MAX]
/// characters.
public final class Keywords implements Iterable<String> {
    public static final String SEEN = "$seen";
    public static final String ANSWERED = "$answered";
    public static final String FLAGGED = "$flagged";
    public static final String DRAFT = "$draft";
    public static final String DELETED = "\\deleted";
    public static final Keywords NONE = new Keywords(new TreeSet<>());
    public static final int COUNT_MAX = 100;
    public static final int LENGTH_MAX = 255;

    private final SortedSet<String> words;

    private Keywords(SortedSet<String> words) {
        this.words = words;
    }

    public static Keywords of(String... words) {
        return of(List.of(words));
    }

    /// Returns the set of `words`, in lower case.
    ///
    /// @throws Fault.Exhausted if they are too many or one is too long
    public static Keywords of(Collection<String> words) {
        if (words.isEmpty()) return NONE;
        var set = new TreeSet<String>();
        for (String word : words) {
            if (word.length() > LENGTH_MAX) throw new Fault.Exhausted("Keyword too long",
                    Map.of("max", LENGTH_MAX));
            set.add(word.toLowerCase(Locale.ROOT));
        }
        if (set.size() > COUNT_MAX) throw new Fault.Exhausted("Too many keywords", Map.of("max", COUNT_MAX));
        return new Keywords(set);
    }

    public boolean has(String word) {
        return words.contains(word);
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    public Keywords with(Keywords more) {
        var set = new TreeSet<>(words);
        set.addAll(more.words);
        return of(set);
    }

    public Keywords without(Keywords fewer) {
        var set = new TreeSet<>(words);
        set.removeAll(fewer.words);
        return of(set);
    }

    public List<String> list() {
        return List.copyOf(words);
    }

    @Override
    public Iterator<String> iterator() {
        return list().iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keywords that && words.equals(that.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    @Override
    public String toString() {
        return words.toString();
    }

    /// A change of keywords. RFC 9051 §6.4.6.
    public sealed interface Edit {
        record Add(Keywords words) implements Edit {}

        record Remove(Keywords words) implements Edit {}

        record Replace(Keywords words) implements Edit {}

        /// Some on, some off, the rest as they are: a JMAP patch. RFC 8620 §5.3.
        record Patch(Keywords on, Keywords off) implements Edit {}

        default Keywords apply(Keywords before) {
            return switch (this) {
                case Add(Keywords words) -> before.with(words);
                case Remove(Keywords words) -> before.without(words);
                case Replace(Keywords words) -> words;
                case Patch(Keywords on, Keywords off) -> before.without(off).with(on);
            };
        }
    }
}
