package casella.imap;

import casella.store.Keywords;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Flags between the wire (`\Seen`, `$Junk`) and the store's keywords (`$seen`, `$junk`). RFC 9051 §2.3.2, RFC 5788.
///
/// Keywords have no case; they are told in lower case. \Recent is never set and ignored when sent: IMAP4rev2 dropped it
/// (RFC 9051 Appendix E), and no client we know needs it.
final class Flags {
    /// The system flags in the order they are told.
    private static final Map<String, String> SYSTEM = Map.of(
            Keywords.ANSWERED, "\\Answered",
            Keywords.FLAGGED, "\\Flagged",
            Keywords.DELETED, "\\Deleted",
            Keywords.SEEN, "\\Seen",
            Keywords.DRAFT, "\\Draft");

    private static final List<String> ORDER =
            List.of(Keywords.ANSWERED, Keywords.FLAGGED, Keywords.DELETED, Keywords.SEEN, Keywords.DRAFT);

    private Flags() {}

    /// Returns `(\Seen $junk)`.
    static String text(Keywords keywords) {
        return "(" + String.join(" ", list(keywords)) + ")";
    }

    static List<String> list(Keywords keywords) {
        var flags = new ArrayList<String>();
        for (String system : ORDER) if (keywords.has(system)) flags.add(wire(system));
        for (String keyword : keywords) if (!system(keyword)) flags.add(keyword);
        return flags;
    }

    /// Returns the system flags and then `more`, as FLAGS and PERMANENTFLAGS tell them.
    static List<String> all(Iterable<String> more) {
        Set<String> flags = new LinkedHashSet<>();
        for (String system : ORDER) flags.add(wire(system));
        for (String keyword : more) if (!system(keyword)) flags.add(keyword);
        return List.copyOf(flags);
    }

    /// Says whether `keyword` is one of the five system flags.
    static boolean system(String keyword) {
        return SYSTEM.containsKey(keyword);
    }

    private static String wire(String keyword) {
        return SYSTEM.getOrDefault(keyword, keyword);
    }

    /// Returns the keywords that `flags` mean.
    ///
    /// @throws Arguments.Syntax for a system flag nobody knows
    static Keywords keywords(List<String> flags) {
        var words = new ArrayList<String>();
        for (String flag : flags) {
            String word = keyword(flag);
            if (!word.equals("\\recent")) words.add(word);
        }
        return Keywords.of(words);
    }

    /// Returns the keyword that `flag` means.
    static String keyword(String flag) {
        String lower = flag.toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "\\answered", "\\flagged", "\\seen", "\\draft" -> "$" + lower.substring(1);
            case "\\deleted" -> Keywords.DELETED;
            case "\\recent" -> lower;
            default -> {
                if (lower.startsWith("\\")) throw new Arguments.Syntax("unknown system flag");
                yield lower;
            }
        };
    }
}
