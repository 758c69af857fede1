package casella.smtp;

import casella.smtp.Command.Turn;

/// QUIT: ends the session. RFC 5321 §4.1.1.10.
record Quit() implements Command.InAnyState {
    static Quit parse(Arguments in) {
        in.end("QUIT");
        return new Quit();
    }

    @Override
    public Turn run(State state, Session session) {
        return new Turn(new State.Over(), new Reply.Done(221, "2.0.0", session.config().hostName() + " Bye"));
    }
}
