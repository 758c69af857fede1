package casella.smtp;

import casella.smtp.Command.Turn;

/// EXPN: there are no lists to expand. RFC 5321 §3.5.2, §4.2.4.
record Expn() implements Command.InAnyState {
    private static final Reply NOT_HERE = new Reply.Refused(502, "5.5.1", "No lists are expanded here");

    @Override
    public Turn run(State state, Session session) {
        return new Turn(state, NOT_HERE);
    }
}
