package casella.pop3;

/// PASS: the password of who USER named. RFC 1939 §7.
record Pass(byte[] password) implements Command.BeforeLogin {
    @Override
    public Turn run(State.Authorization state, Client client) {
        if (state.user() == null) return new Turn(state, Reply.error("USER comes first"));
        return client.logIn(state.user(), password);
    }

    /// The password is nobody's to print.
    @Override
    public String toString() {
        return "Pass";
    }
}
