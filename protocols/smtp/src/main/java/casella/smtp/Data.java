package casella.smtp;

import casella.message.envelope.Body;
import casella.smtp.Command.Turn;
import java.io.IOException;

/// DATA: takes the message and has it kept. RFC 5321 §4.1.1.4; for LMTP RFC 2033 §4.2.
record Data() implements Command.WhenMailing {
    /// RFC 3030 §3. The transaction stays as it is: the client may still say BDAT.
    private static final Reply NOT_BINARY = new Reply.Refused(503, "5.5.1", "BODY=BINARYMIME goes with BDAT alone");

    static Data parse(Arguments in) {
        in.end("DATA");
        return new Data();
    }

    @Override
    public Turn run(State.Mailing state, Session session) throws IOException {
        // A client that pipelines learns here that nobody was taken.
        if (state.recipients().isEmpty()) return new Turn(state, Handover.nobody(session));
        if (state.mail().options().body() == Body.BINARY_MIME) return new Turn(state, NOT_BINARY);
        session.say(new Reply.GoOn(354, "Send the message, end with a line of one dot"));
        try (Letter letter = new Letter(session.room(), session.config().messageBytesMax())) {
            var stream = new DotStream(letter, session.dataDeadline());
            session.connection().readTo(stream);
            Reply refused = Handover.refusal(stream.flawed(), letter, session);
            if (stream.gaveUp() && refused == null) refused = Handover.TOO_SLOW;
            if (refused != null) {
                session.notTaken(state, refused.code(), refused.sentence(), letter.messageId());
                return stream.gaveUp() ? new Turn(new State.Over(), refused)
                        : new Turn(state.over(), Handover.forEach(refused, state, session));
            }
            return new Turn(state.over(), Handover.deliver(state, letter, session));
        }
    }
}
