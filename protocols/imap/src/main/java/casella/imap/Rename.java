package casella.imap;

import casella.store.Mailbox;
import casella.store.Outcome;

/// RENAME: gives a mailbox, and those below it, another name. RFC 9051 §6.3.6.
record Rename(String from, String to) implements Command.WithAccount {
    static Rename parse(Arguments in) {
        in.space();
        String from = in.mailboxName();
        in.space();
        String to = in.mailboxName();
        in.end();
        return new Rename(from, to.endsWith("/") ? to.substring(0, to.length() - 1) : to);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) {
        Mailbox mailbox = state.account().mailbox(from);
        if (mailbox == null) return new Turn(state, Reply.no(Code.Word.NONEXISTENT, "No such mailbox"));
        Reply reply =
                switch (state.account().renameMailbox(mailbox.id(), to)) {
                    case Outcome.MailboxMade _ -> Reply.ok("RENAME done");
                    case Outcome.NameTaken _ -> Reply.no(Code.Word.ALREADYEXISTS, "Mailbox exists");
                    case Outcome.NameRefused(String why) -> Reply.no(Code.Word.CANNOT, why);
                    case Outcome.NoMailbox _ -> Reply.no(Code.Word.NONEXISTENT, "No such mailbox");
                };
        return new Turn(state, reply);
    }
}
