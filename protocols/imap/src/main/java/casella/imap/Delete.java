package casella.imap;

import casella.store.Mailbox;
import casella.store.Outcome;
import java.io.IOException;

/// DELETE: removes a mailbox and what is in it. RFC 9051 §6.3.5.
record Delete(String name) implements Command.WithAccount {
    static Delete parse(Arguments in) {
        in.space();
        String name = in.mailboxName();
        in.end();
        return new Delete(name);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        Mailbox mailbox = state.account().mailbox(name);
        if (mailbox == null) return new Turn(state, Reply.no(Code.Word.NONEXISTENT, "No such mailbox"));
        Reply reply =
                switch (state.account().deleteMailbox(mailbox.id(), true)) {
                    case Outcome.MailboxGone _ -> Reply.ok("DELETE done");
                    case Outcome.NoMailbox _ -> Reply.no(Code.Word.NONEXISTENT, "No such mailbox");
                    case Outcome.HasChildren _ -> Reply.no(Code.Word.HASCHILDREN, "Mailbox has others below it");
                    case Outcome.HasEmails _ -> Reply.no(Code.Word.CANNOT, "Mailbox is not empty");
                    case Outcome.NameRefused(String why) -> Reply.no(Code.Word.CANNOT, why);
                };
        boolean own = state instanceof State.Selected s && s.selection().mailbox().equals(mailbox.id());
        if (reply.outcome() != Reply.Outcome.OK || !own) return new Turn(state, reply);
        client.out().ok(Code.Word.CLOSED, "The mailbox that was open is gone");
        return new Turn(new State.Authenticated(state.account(), state.enabled()), reply);
    }
}
