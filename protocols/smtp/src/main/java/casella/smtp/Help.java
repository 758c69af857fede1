package casella.smtp;

import casella.smtp.Command.Turn;

/// HELP: names the commands, whatever was asked about. RFC 5321 §4.1.1.8.
record Help() implements Command.InAnyState {
    @Override
    public Turn run(State state, Session session) {
        String hello = session.door() == Door.LMTP ? "LHLO" : "EHLO HELO";
        String login = session.door() == Door.SUBMISSION ? " AUTH" : "";
        return new Turn(
                state,
                new Reply.Done(
                        214, "2.0.0", hello + login + " STARTTLS MAIL RCPT DATA BDAT RSET NOOP VRFY EXPN HELP QUIT"));
    }
}
