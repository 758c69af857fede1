package casella.imap;

/// CHECK: nothing to do, since what was answered is kept. RFC 3501 §6.4.1; RFC 9051 has it no more.
record Check() implements Command.WithMailbox {
    static Check parse(Arguments in) {
        in.end();
        return new Check();
    }

    @Override
    public Turn run(State.Selected state, Client client) {
        return new Turn(state, Reply.ok("CHECK done"));
    }
}
