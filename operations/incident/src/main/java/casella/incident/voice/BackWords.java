package casella.incident.voice;

import casella.directory.Brand;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What an owner is told when their mailbox is back.
///
/// @param kind what they had less of
/// @param mails how many came meanwhile; empty where that is not known
/// @param whole whether it is known that nothing was lost
/// @param incident what the incident was called in public; null without one
public record BackWords(
        Kind kind, Instant from, Instant until, OptionalInt mails, boolean whole, @Nullable String incident) {
    /// What an owner had less of.
    public enum Kind {
        /// Folders were closed, and new mail alone could be read.
        FOLDERS,
        /// Mails were listed and could not be opened.
        CONTENTS
    }

    /// As many as are counted; more are said to be more.
    static final int MAILS_MAX = 1_000;

    private record Zone(ZoneId id, Map<Language, String> said) {}

    private static final Zone ITALY = new Zone(ZoneId.of("Europe/Rome"),
            Map.of(Language.ITALIAN, "ora italiana", Language.ENGLISH, "Italian time"));
    private static final Zone WORLD = new Zone(ZoneOffset.UTC, Map.of(Language.ITALIAN, "UTC", Language.ENGLISH, "UTC"));

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm", Locale.ROOT);
    private static final DateTimeFormatter ITALIAN_DAY = DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.ITALIAN);
    private static final DateTimeFormatter ENGLISH_DAY = DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.UK);

    /// Returns the message.
    public Words in(Language language, Brand brand) {
        Zone zone = Language.of(brand.languages().getFirst()) == Language.ITALIAN ? ITALY : WORLD;
        String when = when(language, zone);
        return switch (language) {
            case ITALIAN -> italian(when);
            case ENGLISH -> english(when);
        };
    }

    private String when(Language language, Zone zone) {
        ZonedDateTime begin = from.atZone(zone.id());
        ZonedDateTime end = until.atZone(zone.id());
        boolean oneDay = begin.toLocalDate().equals(end.toLocalDate());
        String in = " (" + zone.said().getOrDefault(language, "UTC") + ")";
        return switch (language) {
            case ITALIAN -> oneDay
                    ? "Dalle ore " + TIME.format(begin) + " alle ore " + TIME.format(end) + " di " + ITALIAN_DAY.format(end) + in
                    : "Dalle ore " + TIME.format(begin) + " di " + ITALIAN_DAY.format(begin) + " alle ore " + TIME.format(end)
                            + " di " + ITALIAN_DAY.format(end) + in;
            case ENGLISH -> oneDay
                    ? "From " + TIME.format(begin) + " to " + TIME.format(end) + " on " + ENGLISH_DAY.format(end) + in
                    : "From " + TIME.format(begin) + " on " + ENGLISH_DAY.format(begin) + " to " + TIME.format(end) + " on "
                            + ENGLISH_DAY.format(end) + in;
        };
    }

    private Words italian(String when) {
        String matter = switch (kind) {
            case FOLDERS -> " un guasto nei nostri sistemi ha tenuto chiuse le cartelle della tua casella: potevi leggere soltanto la"
                    + " posta nuova.";
            case CONTENTS -> " per un guasto nei nostri sistemi i messaggi della tua casella si vedevano in elenco, ma non si"
                    + " potevano aprire.";
        };
        return words("La tua casella \u00e8 tornata a posto", when + matter, "Ne abbiamo dato notizia con il titolo \u00ab%s\u00bb.",
                "Ora funziona tutto come sempre, e non devi fare nulla.", cameItalian(),
                "Non \u00e8 andato perduto nulla.");
    }

    private String cameItalian() {
        if (mails.isEmpty()) return "La posta arrivata nel frattempo \u00e8 stata presa in consegna: la trovi nella tua casella.";
        int count = mails.getAsInt();
        if (count == 0) return "Nel frattempo non \u00e8 arrivato nessun messaggio.";
        if (count == 1) return "Nel frattempo \u00e8 arrivato un messaggio, che trovi nella tua casella.";
        String many = count > MAILS_MAX ? "pi\u00f9 di " + MAILS_MAX : String.valueOf(count);
        return "Nel frattempo sono arrivati " + many + " messaggi, che trovi nella tua casella.";
    }

    private Words english(String when) {
        String matter = switch (kind) {
            case FOLDERS -> ", a fault in our systems kept the folders of your mailbox closed: you could read new mail only.";
            case CONTENTS -> ", because of a fault in our systems, you could see the mails in your mailbox but not open them.";
        };
        return words("Your mailbox is back to normal", when + matter, "We reported on it under the title \u201c%s\u201d.",
                "Everything works as always now, and there is nothing you need to do.", cameEnglish(),
                "Nothing was lost.");
    }

    private String cameEnglish() {
        if (mails.isEmpty()) return "Mail that came in the meantime was accepted, and is in your mailbox.";
        int count = mails.getAsInt();
        if (count == 0) return "No mail came in the meantime.";
        if (count == 1) return "One mail came in the meantime; it is in your mailbox.";
        String many = count > MAILS_MAX ? "More than " + MAILS_MAX : String.valueOf(count);
        return many + " mails came in the meantime; they are in your mailbox.";
    }

    private Words words(
            String subject, String matter, String titled, String now, String came, String nothingLost) {
        var paragraphs = new ArrayList<String>();
        boolean named = incident != null && !incident.isBlank() && !Words.clickable(incident);
        paragraphs.add(named ? matter + " " + titled.formatted(incident) : matter);
        paragraphs.add(now);
        paragraphs.add(whole ? came + " " + nothingLost : came);
        return new Words(subject, List.copyOf(paragraphs));
    }
}
