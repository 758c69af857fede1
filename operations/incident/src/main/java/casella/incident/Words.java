package casella.incident;

/// A text in both languages, each written and not translated word by word.
///
/// @param italian 1 to 2,000 characters; of control characters only line breaks
/// @param english the same
public record Words(String italian, String english) {
    public static final int CHARACTERS_MAX = 2_000;

    public Words {
        italian = checked("italian", italian);
        english = checked("english", english);
    }

    private static String checked(String language, String text) {
        String stripped = text.strip().replace("\r\n", "\n");
        if (stripped.isEmpty()) throw new IllegalArgumentException(language + ": must not be empty");
        if (stripped.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException(language + ": must be at most " + CHARACTERS_MAX
                    + " characters");
        }
        if (stripped.chars().anyMatch(c -> c != '\n' && Character.isISOControl(c))) {
            throw new IllegalArgumentException(language + ": must have no control characters");
        }
        return stripped;
    }

    /// Returns the text for a BCP 47 tag: what is not Italian is told in English.
    public String in(String language) {
        return language.startsWith("it") ? italian : english;
    }
}
