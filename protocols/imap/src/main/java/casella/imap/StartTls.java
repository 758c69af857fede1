package casella.imap;

import java.io.IOException;

/// STARTTLS: goes on under TLS; what was known of the client before is forgotten. RFC 9051 §6.2.1.
record StartTls() implements Command.BeforeLogin {
    static StartTls parse(Arguments in) {
        in.end();
        return new StartTls();
    }

    /// The session shakes hands after the reply is sent: [Client#tlsAsked()].
    @Override
    public Turn run(State.NotAuthenticated state, Client client) throws IOException {
        if (!client.canStartTls()) return new Turn(state, Reply.bad("TLS is on already, or not offered"));
        client.askTls();
        return new Turn(state, Reply.ok("Begin TLS"));
    }
}
