package casella.imap;

import java.io.IOException;

/// ID: says who we are; what the client says of itself is read and forgotten. RFC 2971 §3.1.
record Id() implements Command.InAnyState {
    /// RFC 2971 §3.3.
    private static final int PAIRS_MAX = 30;

    /// `"ID" SP ("(" [string SP nstring *(SP string SP nstring)] ")" / nil)`. RFC 2971 §4.
    static Id parse(Arguments in) {
        in.space();
        if (in.skip('(')) {
            int pairs = 0;
            while (!in.skip(')')) {
                if (++pairs > PAIRS_MAX) throw new Arguments.Syntax("too many fields");
                if (pairs > 1) in.space();
                in.string();
                in.space();
                in.nstring();
            }
        } else if (in.nstring() != null) {
            throw in.expected("( or NIL");
        }
        in.end();
        return new Id();
    }

    @Override
    public Turn run(State state, Client client) throws IOException {
        // No version: whoever looks for a weak one should have to work for it.
        client.out().untagged("ID (\"name\" \"Casella\")");
        return new Turn(state, Reply.ok("ID done"));
    }
}
