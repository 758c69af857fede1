package casella.incident;

import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// What a text assures that only evidence can: that nothing was lost, that nobody attacked.
///
/// Read from the words people use for it in either language; a text that says it in other words is not noticed, which is why this
/// warns and does not decide.
public enum Claims {
    NO_DATA_LOST(
            "no (data|mail|messages?|e-?mails?) (has been|have been|was|were|will be|is|are|got) lost",
            "(nothing|no data) (has been |was |is |will be )?lost",
            "without (any )?(data )?loss|no loss of data",
            "(nessun|alcun)[oa]? (dato|messaggio|mail|email|e-mail|posta)[^.]{0,30}(pers[oa]|andat[oa] pers[oa])",
            "(nulla|niente) ([èe]|va|andr[àa]|[èe] andato|[èe] stato)? ?pers[oa]",
            "senza (alcuna )?perdita",
            "non [^.]{0,30}pers[oaie]\\b"),
    NO_ATTACK(
            "no (cyber ?)?attack|not (a|an|the result of an?|caused by an?) (cyber ?)?attack|exclude[sd]? (an? |any )?(cyber ?)?attack",
            "(nessun|alcun) attacco|non (è|e'|si tratta di|si è trattato di) un attacco|esclud\\w+ [^.]{0,20}attacc\\w+");

    private final Pattern pattern;

    Claims(String... words) {
        this.pattern = Pattern.compile(String.join("|", words),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /// Returns what `text` assures in either language.
    public static Set<Claims> in(Words text) {
        return in(text.italian(), text.english());
    }

    /// Returns the same of a text in both languages.
    public static Set<Claims> in(String italian, String english) {
        Set<Claims> found = EnumSet.noneOf(Claims.class);
        for (Claims claim : values()) {
            if (claim.pattern.matcher(italian).find()
                    || claim.pattern.matcher(english).find()) found.add(claim);
        }
        return found;
    }

    /// Returns it as an operator reads it.
    public String sentence() {
        return switch (this) {
            case NO_DATA_LOST -> "that no data was lost (casella verify --all shows it)";
            case NO_ATTACK -> "that there was no attack (the log-in figures of the time show it)";
        };
    }
}
