package casella.incident.compensation;

import casella.directory.Brand;
import casella.incident.Words;
import casella.incident.voice.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What an owner is told of what they were given.
///
/// @param title what the incident was called in public; null where that is not known any more
record CompensationWords(Owed owed, @Nullable Words title) {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /// Returns the message.
    casella.incident.voice.Words in(Language language, Brand brand) {
        var paragraphs = new ArrayList<String>();
        paragraphs.add(matter(language));
        if (owed.bytes() > 0) paragraphs.add(space(language));
        if (owed.months() > 0) paragraphs.add(months(language));
        paragraphs.add(switch (language) {
            case ITALIAN -> "Non devi fare nulla. Ci dispiace per il disservizio.";
            case ENGLISH -> "There is nothing you need to do. We are sorry for what happened.";
        });
        String subject = switch (language) {
            case ITALIAN -> "Il ristoro per il disservizio alla tua casella";
            case ENGLISH -> "What we give you for the fault of your mailbox";
        };
        return new casella.incident.voice.Words(subject, List.copyOf(paragraphs));
    }

    private String matter(Language language) {
        String called = title == null ? "" : switch (language) {
            case ITALIAN -> title.italian();
            case ENGLISH -> title.english();
        };
        boolean named = !called.isBlank() && !called.contains("\n")
                && !casella.incident.voice.Words.clickable(called);
        return switch (language) {
            case ITALIAN -> "Per un guasto nei nostri sistemi la tua casella non ha funzionato come doveva."
                    + (named ? " Ne abbiamo dato notizia con il titolo «" + called + "»." : "")
                    + " Per questo ti riconosciamo un ristoro.";
            case ENGLISH -> "Because of a fault in our systems your mailbox did not work as it should have."
                    + (named ? " We reported on it under the title “" + called + "”." : "")
                    + " This is what we give you for it.";
        };
    }

    private String space(Language language) {
        String size = size(owed.bytes(), language);
        String share = owed.percent() == 0 ? "" : switch (language) {
            case ITALIAN -> " (il " + owed.percent() + " % in più di quanto prevede il tuo piano)";
            case ENGLISH -> " (" + owed.percent() + " % more than your plan has)";
        };
        return switch (language) {
            case ITALIAN -> "Lo spazio della tua casella è cresciuto di " + size + share
                    + ", per sempre. Puoi già usarlo.";
            case ENGLISH -> "Your mailbox has " + size + " more room" + share + ", for ever. You can use it already.";
        };
    }

    private String months(Language language) {
        boolean one = owed.months() == 1;
        return switch (language) {
            case ITALIAN -> (one ? "Ti riconosciamo un mese gratuito del tuo piano."
                    : "Ti riconosciamo " + owed.months() + " mesi gratuiti del tuo piano.")
                    + " Ne teniamo conto noi nella fatturazione.";
            case ENGLISH -> (one ? "You have one month of your plan free."
                    : "You have " + owed.months() + " months of your plan free.") + " Billing takes account of it by itself.";
        };
    }

    /// Returns a size as owners read it elsewhere: `205 MB`, `1,5 GB`.
    private static String size(long bytes, Language language) {
        Locale locale = switch (language) {
            case ITALIAN -> Locale.ITALIAN;
            case ENGLISH -> Locale.UK;
        };
        if (bytes < MIB) return String.format(locale, "%,d KB", Math.max(1, Math.round(bytes / 1024.0)));
        if (bytes < GIB) return String.format(locale, "%,d MB", Math.round(bytes / (double) MIB));
        return bytes % GIB == 0 ? String.format(locale, "%,d GB", bytes / GIB)
                : String.format(locale, "%,.1f GB", bytes / (double) GIB);
    }
}
