package casella.pop3;

/// RSET: takes all marks back. RFC 1939 §5.
record Rset() implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        state.inbox().reset();
        return new Turn(state, Reply.ok(state.inbox().left() + " messages"));
    }
}
