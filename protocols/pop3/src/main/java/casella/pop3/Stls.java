package casella.pop3;

/// STLS: goes on under TLS; what was known of the client before is forgotten. RFC 2595 §4.
record Stls() implements Command.BeforeLogin {
    /// The session shakes hands after the answer is sent: [Client#tlsAsked()].
    @Override
    public Turn run(State.Authorization state, Client client) {
        if (!client.canStartTls()) return new Turn(state, Reply.error("TLS is on already, or not offered"));
        client.askTls();
        return new Turn(new State.Authorization(null), Reply.ok("Begin TLS"));
    }
}
