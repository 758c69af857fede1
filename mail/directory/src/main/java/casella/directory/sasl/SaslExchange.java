package casella.directory.sasl;

import casella.directory.Authenticator.Verdict;

/// One log-in of one connection. The protocol carries the messages; base64 around them is its affair.
public interface SaslExchange {
    /// The most responses of a client any exchange takes.
    int ROUNDS_MAX = 4;

    /// What to do next.
    sealed interface Step {
        /// Ask, and give the answer to [#next].
        record Challenge(byte[] message) implements Step {}

        /// It is over.
        ///
        /// @param login as the client said it, for the log; may be empty
        /// @param told what a granted client is told with the answer; empty for nothing. A protocol whose answer has no
        ///     room for it asks with it, and takes an empty response (RFC 4954 §4)
        record Finished(Verdict verdict, String login, byte[] told) implements Step {}
    }

    /// Takes the client's response; first its initial one.
    Step next(byte[] response);
}
