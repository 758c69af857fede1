package casella.smtp;

import casella.smtp.Command.Turn;

/// RSET: forgets the message under way. RFC 5321 §4.1.1.5.
record Rset() implements Command.InAnyState {
    private static final Reply DONE = new Reply.Done(250, "2.0.0", "Forgotten");

    static Rset parse(Arguments in) {
        in.end("RSET");
        return new Rset();
    }

    @Override
    public Turn run(State state, Session session) {
        State.Mailing message = State.message(state);
        return new Turn(message == null ? state : message.over(), DONE);
    }
}
