package casella.pop3;

/// USER: says who logs in; the answer does not tell whether there is such a one. RFC 1939 §7.
record User(String login) implements Command.BeforeLogin {
    @Override
    public Turn run(State.Authorization state, Client client) {
        if (!client.mayLogIn()) return new Turn(state, Client.TLS_FIRST);
        return new Turn(new State.Authorization(login), Reply.ok("Now the password"));
    }
}
