package casella.imap;

import java.io.IOException;

/// ID: says who we are; of what the client says of itself its name alone is kept, to know which programs a fault concerns. RFC 2971 §3.1.
///
/// @param name empty where it says none
record Id(String name) implements Command.InAnyState {
    /// RFC 2971 §3.3.
    private static final int PAIRS_MAX = 30;

    /// `"ID" SP ("(" [string SP nstring *(SP string SP nstring)] ")" / nil)`. RFC 2971 §4.
    static Id parse(Arguments in) {
        in.space();
        String name = "";
        if (in.skip('(')) {
            int pairs = 0;
            while (!in.skip(')')) {
                if (++pairs > PAIRS_MAX) throw new Arguments.Syntax("too many fields");
                if (pairs > 1) in.space();
                String field = in.string();
                in.space();
                String value = in.nstring();
                if (field.equalsIgnoreCase("name") && value != null) name = value;
            }
        } else if (in.nstring() != null) {
            throw in.expected("( or NIL");
        }
        in.end();
        return new Id(name);
    }

    @Override
    public Turn run(State state, Client client) throws IOException {
        // No version: whoever looks for a weak one should have to work for it.
        client.says(name);
        client.out().untagged("ID (\"name\" \"Casella\")");
        return new Turn(state, Reply.ok("ID done"));
    }
}
