package casella.pop3;

/// STAT: how many messages, how many octets; those marked deleted do not count. RFC 1939 §5.
record Stat() implements Command.WithInbox {
    @Override
    public Turn run(State.Transaction state) {
        return new Turn(state, Reply.ok(state.inbox().left() + " " + state.inbox().bytesLeft()));
    }
}
