package casella.smtp;

import casella.base.Event;
import casella.base.Log;
import casella.smtp.Command.Turn;

/// A line of another protocol, whose next lines are not meant for us: a browser made to talk to this port. Nothing more
/// is read.
record Foreign() implements Command.InAnyState {
    @Override
    public Turn run(State state, Session session) {
        Log.event(Event.SMTP_CUT_OFF, "connection", session.connection().id(), "why", "foreign");
        return new Turn(new State.Over(), new Reply.Refused(500, "5.5.1", "Not spoken here"));
    }
}
