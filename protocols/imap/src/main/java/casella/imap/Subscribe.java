package casella.imap;

import casella.store.Mailbox;

/// SUBSCRIBE and UNSUBSCRIBE. RFC 9051 §6.3.7, §6.3.8.
///
/// A subscription belongs to a mailbox and ends with it: only mailboxes that exist can be subscribed to.
record Subscribe(String name, boolean on) implements Command.WithAccount {
    static Subscribe parse(Arguments in, boolean on) {
        in.space();
        String name = in.mailboxName();
        in.end();
        return new Subscribe(name, on);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) {
        Mailbox mailbox = state.account().mailbox(name);
        // Also where it is so already: a change under way may say otherwise.
        boolean there = mailbox != null
                && state.account().changeMailbox(mailbox.id(), null, on, null).isPresent();
        if (!there) return new Turn(state, Reply.no(Code.Word.NONEXISTENT, "No such mailbox"));
        return new Turn(state, Reply.ok(on ? "SUBSCRIBE done" : "UNSUBSCRIBE done"));
    }

    @Override
    public String label() {
        return on ? "subscribe" : "unsubscribe";
    }
}
