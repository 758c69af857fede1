package casella.smtp;

import casella.smtp.Command.Turn;

/// A word that is no command. RFC 5321 §4.2.4.
record Unknown() implements Command.InAnyState {
    @Override
    public Turn run(State state, Session session) {
        return new Turn(state, Replies.UNKNOWN);
    }
}
