package casella.continuity.burnin;

/// What a burn-in came to.
public sealed interface Verdict {
    /// Everything was tried past what was projected, and held.
    record Passed() implements Verdict {}

    /// @param reason a sentence: what did not hold
    record Failed(String reason) implements Verdict {}

    /// It cannot be said: something was not tried.
    ///
    /// @param reason a sentence: what, and why
    record MissingData(String reason) implements Verdict {}

    default String word() {
        return switch (this) {
            case Passed _ -> "passed";
            case Failed _ -> "failed";
            case MissingData _ -> "missing-data";
        };
    }

    /// Returns the reason; empty when it passed.
    default String reason() {
        return switch (this) {
            case Passed _ -> "";
            case Failed(String reason) -> reason;
            case MissingData(String reason) -> reason;
        };
    }
}
