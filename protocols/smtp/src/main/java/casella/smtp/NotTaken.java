package casella.smtp;

/// Hears of mail that was not taken. What it is told costs the session nothing: it must not wait and not fail.
@FunctionalInterface
public interface NotTaken {
    /// @param recipient an address as the client wrote it; of those there are of somebody's or nobody's
    /// @param sender empty for `<>`
    /// @param remote the address it came from; empty for our own users, whose machine is not named
    /// @param code what was answered, 400 to 599; 0 where the connection broke and nothing was
    /// @param reason a constant sentence
    /// @param message its Message-ID; empty where it is not known
    void notTaken(String sender, String recipient, String remote, int code, String reason, String message);
}
