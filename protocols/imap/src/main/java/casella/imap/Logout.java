package casella.imap;

import java.io.IOException;

/// LOGOUT: ends the connection, saying so first. RFC 9051 §6.1.3.
record Logout() implements Command.InAnyState {
    static Logout parse(Arguments in) {
        in.end();
        return new Logout();
    }

    @Override
    public Turn run(State state, Client client) throws IOException {
        client.out().untagged("BYE Logging out");
        return new Turn(new State.LoggedOut(), Reply.ok("LOGOUT done"));
    }
}
