package casella.jmap;

import casella.directory.Brand;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The languages of pages that need no script.
enum PlainLanguage {
    ITALIAN("it", "Italiano"),
    ENGLISH("en", "English");

    private static final int RANGES_MAX = 20;

    private final String tag;
    private final String title;

    PlainLanguage(String tag, String title) {
        this.tag = tag;
        this.title = title;
    }

    String tag() {
        return tag;
    }

    /// Returns its own name for itself.
    String title() {
        return title;
    }

    PlainLanguage other() {
        return this == ITALIAN ? ENGLISH : ITALIAN;
    }

    String say(String italian, String english) {
        return this == ITALIAN ? italian : english;
    }

    /// Returns a number with its noun.
    String count(long number, String one, String more) {
        return number(number) + " " + (number == 1 ? one : more);
    }

    String number(long number) {
        return String.format(locale(), "%,d", number);
    }

    /// Returns a moment as people read it.
    String moment(Instant at, ZoneId zone) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT).withLocale(locale())
                .format(at.atZone(zone));
    }

    private Locale locale() {
        return this == ITALIAN ? Locale.ITALY : Locale.UK;
    }

    /// Returns the language of a BCP 47 tag; who has neither reads English.
    static PlainLanguage of(String tag) {
        return tag.toLowerCase(Locale.ROOT).startsWith("it") ? ITALIAN : ENGLISH;
    }

    /// Returns what somebody reads best: as their browser says (RFC 9110 §12.5.4), else as the brand does.
    static PlainLanguage asked(@Nullable String accepted, @Nullable Brand brand) {
        PlainLanguage best = null;
        double most = 0;
        String[] ranges = accepted == null ? new String[0] : accepted.split(",", RANGES_MAX + 1);
        for (int at = 0; at < Math.min(ranges.length, RANGES_MAX); at++) {
            String[] parts = ranges[at].split(";", 3);
            String range = parts[0].strip().toLowerCase(Locale.ROOT);
            double quality = quality(parts);
            for (PlainLanguage one : values()) {
                boolean named = range.equals(one.tag) || range.startsWith(one.tag + "-");
                if (!named || quality <= most) continue;
                best = one;
                most = quality;
            }
        }
        if (best != null) return best;
        List<String> offered = brand == null ? List.of() : brand.languages();
        return offered.isEmpty() ? ENGLISH : of(offered.getFirst());
    }

    private static double quality(String[] parts) {
        if (parts.length < 2) return 1;
        String weight = parts[1].strip();
        try {
            return weight.startsWith("q=") ? Double.parseDouble(weight.substring(2)) : 1;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
