package casella.smtp;

import casella.smtp.Command.Turn;
import java.util.ArrayList;

/// EHLO, HELO and, for LMTP, LHLO: says who is there and learns what we can do. RFC 5321 §4.1.1.1, RFC 2033 §4.1.
///
/// @param name what the client calls itself: any text without spaces, for real clients call themselves anything
record Hello(String name, boolean extended) implements Command.InAnyState {
    private static final int NAME_CHARS_MAX = 255;

    static Hello parse(Arguments in, Door door) {
        String verb = in.verb();
        boolean lhlo = verb.equals("LHLO");
        // RFC 2033 §4.1: each protocol must refuse the other's greeting.
        if (lhlo != (door == Door.LMTP)) {
            throw new Refusal(500, "5.5.1", lhlo ? "This is SMTP, say EHLO" : "This is LMTP, say LHLO");
        }
        String name = in.rest();
        if (name.isEmpty()) throw new Refusal(501, "5.5.4", verb + " needs your name");
        if (name.length() > NAME_CHARS_MAX || name.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            throw new Refusal(501, "5.5.4", verb + " needs one name");
        }
        return new Hello(name, !verb.equals("HELO"));
    }

    /// Also ends a message under way, as RSET does. RFC 5321 §4.1.4
    @Override
    public Turn run(State state, Session session) {
        State.Client client = switch (state) {
            case State.Idle idle -> idle.client();
            case State.Mailing mailing -> mailing.client();
            case State.Chunking chunking -> chunking.mailing().client();
            case State.Fresh _, State.Over _ -> new State.Client(null);
        };
        var lines = new ArrayList<String>();
        lines.add(session.config().hostName());
        if (extended) {
            lines.add("PIPELINING");
            lines.add("SIZE " + session.config().messageBytesMax());
            lines.add("8BITMIME");
            lines.add("CHUNKING");
            lines.add("BINARYMIME");
            lines.add("SMTPUTF8");
            lines.add("ENHANCEDSTATUSCODES");
            lines.add("DSN");
            if (session.hearsPriority()) lines.add("MT-PRIORITY"); // RFC 6710
            if (session.canStartTls()) lines.add("STARTTLS");
            if (session.offersAuth() && client.account() == null) lines.add("AUTH " + Auth.offered(session));
            lines.add("HELP");
        }
        return new Turn(new State.Idle(client, new State.Hello(name, extended)), new Reply.Told(250, lines));
    }
}
