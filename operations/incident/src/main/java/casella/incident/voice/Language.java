package casella.incident.voice;

/// A language that our own words are written in.
public enum Language {
    ITALIAN,
    ENGLISH;

    /// @param tag BCP 47: `it`, `it-CH`; what is not Italian is answered in English
    public static Language of(String tag) {
        return tag.equals("it") || tag.startsWith("it-") ? ITALIAN : ENGLISH;
    }
}
