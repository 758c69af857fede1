package casella.pop3;

/// DELE: marks a message to be removed at QUIT. RFC 1939 §5.
record Dele(int number) implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        if (!state.inbox().has(number)) return new Turn(state, Client.NO_SUCH_MESSAGE);
        state.inbox().delete(number);
        return new Turn(state, Reply.ok("Marked"));
    }
}
