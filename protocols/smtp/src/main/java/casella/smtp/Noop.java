package casella.smtp;

import casella.smtp.Command.Turn;

/// NOOP: nothing. Its argument is ignored. RFC 5321 §4.1.1.9.
record Noop() implements Command.InAnyState {
    private static final Reply DONE = new Reply.Done(250, "2.0.0", "OK");

    @Override
    public Turn run(State state, Session session) {
        return new Turn(state, DONE);
    }
}
