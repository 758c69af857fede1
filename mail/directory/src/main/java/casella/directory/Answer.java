package casella.directory;

/// What became of a command to the directory.
public sealed interface Answer<T> {
    /// It was done.
    record Done<T>(T value) implements Answer<T> {}

    /// It was not, and nothing was changed.
    ///
    /// @param field what was wrong: `address`, `plan`
    /// @param why the rule it breaks, as a sentence's end: `must have a domain`
    record Refused<T>(String field, String why) implements Answer<T> {
        /// Returns the same refusal for a command with another result.
        public <U> Refused<U> as() {
            return new Refused<>(field, why);
        }

        public String message() {
            return field + ": " + why;
        }
    }

    static <T> Answer<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Answer<T> refused(String field, String why) {
        return new Refused<>(field, why);
    }
}
