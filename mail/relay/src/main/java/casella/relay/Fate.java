package casella.relay;

/// What became of a message for one recipient elsewhere.
public sealed interface Fate {
    /// Returns the enhanced status code. RFC 3463 §2
    String status();

    /// Returns what the other server said, on one line; or a sentence of ours where it said nothing.
    String reply();

    /// Returns the server that said it; empty where none did.
    String host();

    /// The other server has it.
    record Taken(String status, String reply, String host) implements Fate {}

    /// It never will.
    record Refused(String status, String reply, String host) implements Fate {}

    /// Not now.
    record Later(String status, String reply, String host) implements Fate {}
}
