package casella.smtp;

import casella.smtp.Command.Turn;

/// VRFY: does not say who is here, so that names cannot be collected; RCPT answers for a message. RFC 5321 §3.5.3, §7.3.
record Vrfy() implements Command.InAnyState {
    private static final Reply NOT_TOLD = new Reply.Done(252, "2.0.0", "Not told here; RCPT will answer for a message");

    static Vrfy parse(Arguments in) {
        if (in.rest().isEmpty()) throw new Refusal(501, "5.5.4", "VRFY needs a name");
        return new Vrfy();
    }

    @Override
    public Turn run(State state, Session session) {
        return new Turn(state, NOT_TOLD);
    }
}
