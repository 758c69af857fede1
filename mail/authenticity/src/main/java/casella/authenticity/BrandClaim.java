package casella.authenticity;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads names and domains for whether they claim to be a brand's: as people read them, not as machines compare them.
///
/// @param title what people call the brand: `Posta`
/// @param domains its own, in lower case, A-labels
public record BrandClaim(String title, List<String> domains) {
    private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{M}\\p{Cf}]+");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final int NAME_CHARS_MAX = 500;

    /// Letters of other scripts, and figures, that are read as Latin letters; after NFKD, which knows of full width, of letters
    /// in circles and of accents, but not of these. Unicode Technical Standard 39 has some thousand more.
    private static final String SEEN = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0442\u043a\u043c\u043d\u0432\u0501\u04bb"
            + "\u03b1\u03bf\u03c1\u03c4\u03b9\u03ba\u03bd\u03c5\u03b5\u03b7\u03c3\u03c2\u0131\u0261\u0251015$";
    private static final String READ = "aeopcyxijstkmhbdh"
            + "aoptikvuenocigaolss";

    public BrandClaim {
        if (SEEN.length() != READ.length()) throw new IllegalStateException("look-alikes: not in pairs");
        domains = List.copyOf(domains);
    }

    /// Says whether `name` has the brand's title in it, as a word or words.
    public boolean named(@Nullable String name) {
        if (name == null) return false;
        String cut = name.substring(0, Math.min(name.length(), NAME_CHARS_MAX));
        List<String> ours = words(title);
        List<String> theirs = words(cut);
        if (ours.isEmpty()) return false;
        return Collections.indexOfSubList(theirs, ours) >= 0 || String.join("", theirs).equals(String.join("", ours));
    }

    /// Says whether `domain` is one of the brand's own.
    public boolean owns(String domain) {
        return domains.contains(domain.toLowerCase(Locale.ROOT));
    }

    /// Says whether `domain` is none of the brand's own and reads like one of them: other letters that look alike, a host below or
    /// before one, or one with a hyphen for the dot.
    public boolean looksOwned(String domain) {
        if (owns(domain)) return false;
        String lower = domain.toLowerCase(Locale.ROOT);
        String read = read(lower);
        for (String own : domains) {
            String ours = read(own);
            if (lower.endsWith("." + own)) return true;
            if (("." + read + ".").contains("." + ours + ".")) return true;
            if (Arrays.asList(read.split("[.]")).contains(ours.replace('.', '-'))) return true;
        }
        return false;
    }

    private static String read(String domain) {
        String shown;
        try {
            shown = IDN.toUnicode(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            shown = domain;
        }
        return folded(shown).replace("rn", "m").replace("vv", "w");
    }

    private static List<String> words(String text) {
        return Arrays.stream(BETWEEN.split(folded(text))).filter(word -> !word.isEmpty()).toList();
    }

    private static String folded(String text) {
        String plain = NOT_SHOWN.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("")
                .toLowerCase(Locale.ROOT);
        var out = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            int at = SEEN.indexOf(plain.charAt(i));
            out.append(at < 0 ? plain.charAt(i) : READ.charAt(at));
        }
        return out.toString();
    }
}
