package casella.server.drill;

/// One look at the server while a drill runs.
///
/// @param kind what was tried
/// @param account which of the accounts that are measured, from 1
/// @param at milliseconds since the drill began
/// @param took milliseconds until the answer
/// @param result what came
/// @param place who serves the account when the answer came
public record Sample(Kind kind, int account, long at, long took, Result result, Scene.Place place) {
    public enum Kind {
        /// Folders, the newest emails, and the bytes of the newest one.
        READ,
        /// A small mail.
        MAIL
    }

    public enum Result {
        RIGHT,
        /// Folders are named and closed.
        PARTIAL,
        FAILED,
        /// Bytes or identifiers that are not those there were.
        WRONG
    }

    public long end() {
        return at + took;
    }

    /// Says whether somebody got an answer worth having.
    public boolean served() {
        return result == Result.RIGHT || result == Result.PARTIAL;
    }
}
