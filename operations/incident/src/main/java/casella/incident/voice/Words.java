package casella.incident.voice;

import java.util.List;
import java.util.regex.Pattern;

/// What a message of a brand says, in one language.
///
/// @param subject one line
/// @param paragraphs each without line ends; at most [#PARAGRAPHS_MAX]
public record Words(String subject, List<String> paragraphs) {
    private static final int SUBJECT_CHARS_MAX = 120;
    private static final int PARAGRAPHS_MAX = 20;
    private static final int PARAGRAPH_CHARS_MAX = 2_000;

    /// What mail programs make a link of: addresses with a scheme, `www.`, names with a dot before letters, mail addresses.
    private static final Pattern CLICKABLE = Pattern.compile(
            "://|(?i:www\\.|mailto:|tel:)|[\\p{L}\\p{N}_-][.\u3002\uff0e\uff61][\\p{L}]{2}|@");

    public Words {
        check("subject", subject, SUBJECT_CHARS_MAX);
        if (paragraphs.isEmpty() || paragraphs.size() > PARAGRAPHS_MAX) {
            throw new IllegalArgumentException("paragraphs: must be 1 to " + PARAGRAPHS_MAX);
        }
        paragraphs = List.copyOf(paragraphs);
        for (String one : paragraphs) check("paragraph", one, PARAGRAPH_CHARS_MAX);
    }

    /// Says whether a mail program could make something to click of `text`.
    public static boolean clickable(String text) {
        return CLICKABLE.matcher(text).find();
    }

    /// Returns `name` as it can be said where nothing may be clicked: `Posta it` for a brand called `Posta.it`.
    public static String said(String name) {
        return name.replaceAll("[.\u3002\uff0e\uff61@:/]+", " ").strip();
    }

    private static void check(String what, String text, int most) {
        if (text.isBlank() || text.length() > most) throw new IllegalArgumentException(what + ": must be 1 to " + most + " characters");
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7F)) throw new IllegalArgumentException(what + ": must be one line");
        if (clickable(text)) throw new IllegalArgumentException(what + ": must hold nothing that can be clicked");
    }
}
