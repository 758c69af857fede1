package casella.imap;

import casella.store.Mailbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// LSUB: names of subscribed mailboxes. RFC 3501 §6.3.9; IMAP4rev2 has LIST (SUBSCRIBED) instead.
record Lsub(MailboxPattern pattern) implements Command.WithAccount {
    static Lsub parse(Arguments in) {
        in.space();
        String reference = in.mailboxName();
        in.space();
        String pattern = in.listMailbox();
        in.end();
        return new Lsub(new MailboxPattern(reference + pattern));
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        List<Mailbox> all = new ArrayList<>(state.account().read(casella.store.View::mailboxes));
        var names = new TreeMap<String, Boolean>();
        for (Mailbox mailbox : all) {
            if (!mailbox.subscribed()) continue;
            if (pattern.matches(mailbox.name())) {
                names.put(mailbox.name(), true);
                continue;
            }
            // RFC 3501 §6.3.9: with %, a name above a subscribed one is told, as one that cannot be selected.
            Set<String> parents = new TreeSet<>();
            ListMailboxes.addParents(mailbox.name(), parents);
            for (String parent : parents) if (pattern.matches(parent)) names.putIfAbsent(parent, false);
        }
        for (var name : names.entrySet()) {
            String attributes = name.getValue() ? "()" : "(\\Noselect)";
            client.out().text("* LSUB " + attributes + " \"/\" ").mailbox(name.getKey()).end();
        }
        return new Turn(state, Reply.ok("LSUB done"));
    }
}
