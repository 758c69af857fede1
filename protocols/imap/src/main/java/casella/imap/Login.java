package casella.imap;

import java.io.IOException;

/// LOGIN: logs in with a name and a password. RFC 9051 §6.2.3.
///
/// @param login address as the client sent it
/// @param password its bytes, UTF-8
record Login(String login, byte[] password) implements Command.BeforeLogin {
    /// `"LOGIN" SP userid SP password`. RFC 9051 §9.
    static Login parse(Arguments in) {
        in.space();
        String login = in.astring();
        in.space();
        byte[] password = in.astringBytes();
        in.end();
        return new Login(login, password);
    }

    @Override
    public Turn run(State.NotAuthenticated state, Client client) throws IOException {
        return client.logIn(state, login, password);
    }

    /// The password is nobody's to print.
    @Override
    public String toString() {
        return "Login";
    }
}
