package casella.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// CAPABILITY: tells what we speak, which depends on the state and on TLS. RFC 9051 §6.1.1.
record Capability() implements Command.InAnyState {
    static Capability parse(Arguments in) {
        in.end();
        return new Capability();
    }

    @Override
    public Turn run(State state, Client client) throws IOException {
        client.out().untagged("CAPABILITY " + String.join(" ", of(state, client)));
        return new Turn(state, Reply.ok("CAPABILITY done"));
    }

    /// Returns the capabilities in `state`. RFC 9051 Appendix E lists those that IMAP4rev2 took in; clients of
    /// IMAP4rev1 need to see them named.
    static List<String> of(State state, Client client) {
        var all = new ArrayList<>(List.of("IMAP4rev1", "IMAP4rev2", "LITERAL+", "ID", "ENABLE", "SASL-IR"));
        switch (state) {
            case State.NotAuthenticated _ -> {
                if (client.canStartTls()) all.add("STARTTLS");
                if (client.mayLogIn()) all.add("AUTH=PLAIN");
                else all.add("LOGINDISABLED");
            }
            case State.WithAccount _ -> {
                all.addAll(List.of(
                        "IDLE", "NAMESPACE", "UIDPLUS", "UNSELECT", "CHILDREN", "SPECIAL-USE", "LIST-EXTENDED",
                        "LIST-STATUS", "MOVE", "ESEARCH", "SEARCHRES", "WITHIN", "BINARY", "STATUS=SIZE", "OBJECTID",
                        "SAVEDATE", "PREVIEW", "CONDSTORE", "QRESYNC"));
                all.add("APPENDLIMIT=" + client.config().messageBytesMax());
            }
            case State.LoggedOut _ -> {}
        }
        return all;
    }
}
