package casella.directory;

import casella.directory.Authenticator.Verdict;
import java.time.Duration;
import java.util.Locale;

/// What an owner who is not let in yet is told by a protocol without a page of ours: in Italian and English, since nobody
/// knows who asks before the password is looked at; ASCII, and short enough for a line of POP3 (RFC 1939 §3: 512 octets).
public final class NotYetWords {
    private NotYetWords() {}

    /// Returns both sentences, 400 characters at most.
    public static String both(Verdict.NotYet told) {
        return italian(told) + " / " + english(told);
    }

    public static String italian(Verdict.NotYet told) {
        String place = told.place() == 0 ? "" : String.format(Locale.ROOT, "il tuo posto in fila e' il %d, ", told.place());
        return "Facciamo entrare tutti un po' alla volta: " + place + "tocca a te fra circa "
                + span(told.estimate(), "secondi", "minuti", "ore") + ". Riprova fra "
                + span(told.retry(), "secondi", "minuti", "ore") + "; la tua posta e' al sicuro.";
    }

    public static String english(Verdict.NotYet told) {
        String place = told.place() == 0 ? "" : String.format(Locale.ROOT, "your place in the line is %d, ", told.place());
        return "We let everyone in a few at a time: " + place + "your turn is in about "
                + span(told.estimate(), "seconds", "minutes", "hours") + ". Try again in "
                + span(told.retry(), "seconds", "minutes", "hours") + "; your mail is safe.";
    }

    /// Returns a time as people say it, always more than one of a unit.
    private static String span(Duration time, String seconds, String minutes, String hours) {
        long whole = Math.max(2, time.toSeconds());
        if (whole < 120) return whole + " " + seconds;
        if (whole < 7_200) return Math.ceilDiv(whole, 60) + " " + minutes;
        return Math.ceilDiv(whole, 3_600) + " " + hours;
    }
}
