package casella.smtp;

import casella.smtp.Command.Turn;
import casella.wire.TlsContext;
import java.io.IOException;

/// STARTTLS: makes the connection secure and forgets all that was said before. RFC 3207 §4.
record StartTls() implements Command.WhenIdle {
    static StartTls parse(Arguments in) {
        in.end("STARTTLS");
        return new StartTls();
    }

    @Override
    public Turn run(State.Idle state, Session session) throws IOException {
        TlsContext tls = session.tls();
        if (session.connection().secure()) {
            return new Turn(state, new Reply.Refused(503, "5.5.1", "TLS is on already"));
        }
        if (tls == null) return new Turn(state, new Reply.Refused(502, "5.5.1", "TLS is not available"));
        if (session.connection().buffered()) {
            // Commands behind STARTTLS were sent in plain text by who knows whom (RFC 3207 §6): end it here.
            return new Turn(new State.Over(), new Reply.Refused(554, "5.5.1", "Nothing may follow STARTTLS"));
        }
        session.say(new Reply.Done(220, "2.0.0", "Begin TLS"));
        session.connection().flush();
        session.connection().startTls(tls.get());
        return new Turn(new State.Fresh(), new Reply.Said(220));
    }
}
