package casella.imap;

/// CLOSE and UNSELECT: leave the mailbox, with or without removing what has \Deleted. RFC 9051 §6.4.1, §6.4.2.
record Close(boolean expunges) implements Command.WithMailbox {
    static Close parse(Arguments in, boolean expunges) {
        in.end();
        return new Close(expunges);
    }

    @Override
    public Turn run(State.Selected state, Client client) {
        Selection selection = state.selection();
        if (expunges && !selection.readOnly()) state.account().expunge(selection.mailbox(), null);
        return new Turn(state.closed(), Reply.ok(expunges ? "CLOSE done" : "UNSELECT done"));
    }

    @Override
    public String label() {
        return expunges ? "close" : "unselect";
    }
}
