package casella.imap;

import casella.store.Outcome.MailboxMade;
import casella.store.Outcome.NameRefused;
import casella.store.Outcome.NameTaken;

/// CREATE: makes a mailbox and its missing parents. RFC 9051 §6.3.4.
///
/// @param name as the client sent it, decoded to Unicode, a trailing separator removed
record Create(String name) implements Command.WithAccount {

    /// `"CREATE" SP mailbox`. RFC 9051 §9.
    static Create parse(Arguments in) {
        in.space();
        String name = in.mailboxName();
        in.end();
        // RFC 9051 §6.3.4: a trailing separator only declares intent; the name is created without it.
        return new Create(name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) {
        Reply reply =
                switch (state.account().createMailbox(name, null)) {
                    case MailboxMade(var mailbox) -> Reply.ok(mailboxId(mailbox), "CREATE done");
                    case NameTaken _ -> Reply.no(Code.Word.ALREADYEXISTS, "Mailbox exists"); // RFC 5530 §3
                    case NameRefused(String why) -> Reply.no(Code.Word.CANNOT, why);
                };
        return new Turn(state, reply);
    }

    /// RFC 8474 §4.1.
    static Code mailboxId(casella.store.Mailbox mailbox) {
        return new Code.Id("MAILBOXID", mailbox.id().toString());
    }
}
