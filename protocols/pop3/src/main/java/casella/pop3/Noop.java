package casella.pop3;

/// NOOP: does nothing. RFC 1939 §5.
record Noop() implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        return new Turn(state, Reply.ok("Still here"));
    }
}
