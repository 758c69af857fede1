package casella.wire;

import java.io.IOException;

/// What a protocol gives to a [Listener].
public interface Service {
    /// Serves one connection from greeting to good-bye, on a virtual thread of its own. The listener closes it after.
    ///
    /// @throws Hangup if the client went away and the session has nothing left to do about it
    void serve(Connection connection) throws IOException;

    /// Returns the one line, with its CRLF, for a client that gets no session. Not sent where TLS comes first.
    byte[] refusal(Refusal why);

    /// Why a client gets no session.
    enum Refusal {
        TOO_MANY,
        TOO_MANY_FROM_ADDRESS,
        BANNED
    }
}
