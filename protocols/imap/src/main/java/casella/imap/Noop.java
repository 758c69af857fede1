package casella.imap;

/// NOOP: does nothing, so that the session can tell what is new. RFC 9051 §6.1.2.
record Noop() implements Command.InAnyState {
    static Noop parse(Arguments in) {
        in.end();
        return new Noop();
    }

    @Override
    public Turn run(State state, Client client) {
        return new Turn(state, Reply.ok("NOOP done"));
    }
}
