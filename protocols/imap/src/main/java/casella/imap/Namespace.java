package casella.imap;

import java.io.IOException;

/// NAMESPACE: all mailboxes are the owner's own and start without a prefix. RFC 9051 §6.3.10.
record Namespace() implements Command.WithAccount {
    static Namespace parse(Arguments in) {
        in.end();
        return new Namespace();
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        client.out().untagged("NAMESPACE ((\"\" \"/\")) NIL NIL");
        return new Turn(state, Reply.ok("NAMESPACE done"));
    }
}
