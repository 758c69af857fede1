package casella.imap;

import casella.base.Fault;
import casella.store.Mailbox;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// STATUS: figures of a mailbox, without opening it. RFC 9051 §6.3.11.
record Status(String name, Set<Item> items) implements Command.WithAccount {
    /// RECENT: RFC 3501 §6.3.10. HIGHESTMODSEQ: RFC 7162 §3.1.7. APPENDLIMIT: RFC 7889 §3. MAILBOXID: RFC 8474 §4.3.
    enum Item {
        MESSAGES,
        RECENT,
        UIDNEXT,
        UIDVALIDITY,
        UNSEEN,
        DELETED,
        SIZE,
        HIGHESTMODSEQ,
        APPENDLIMIT,
        MAILBOXID
    }

    /// `"STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"`. RFC 9051 §9.
    static Status parse(Arguments in) {
        in.space();
        String name = in.mailboxName();
        in.space();
        Set<Item> items = items(in);
        in.end();
        return new Status(name, items);
    }

    static Set<Item> items(Arguments in) {
        Set<Item> items = EnumSet.noneOf(Item.class);
        in.open();
        do items.add(item(in.word())); while (in.skip(' '));
        in.close();
        return items;
    }

    private static Item item(String word) {
        for (Item item : Item.values()) if (item.name().equals(word)) return item;
        throw new Arguments.Syntax("unknown item of STATUS");
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        Mailbox mailbox = state.account().read(view -> {
            Mailbox found = view.mailbox(name);
            if (found != null && view.closed(found.id())) throw new Fault.Unavailable("Folder is closed", Map.of());
            return found;
        });
        if (mailbox == null) return new Turn(state, Reply.no(Code.Word.NONEXISTENT, "No such mailbox"));
        write(mailbox, items, client);
        // RFC 7162 §3.1: who asks for it counts in mod-sequences from here on.
        boolean condstore = state.enabled().condstore() || items.contains(Item.HIGHESTMODSEQ);
        State.Enabled now = state.enabled();
        var next = state.with(new State.Enabled(now.dialect(), condstore, now.qresync()));
        return new Turn(next, Reply.ok("STATUS done"));
    }

    static void write(Mailbox mailbox, Set<Item> items, Client client) throws IOException {
        String figures = items.stream()
                .map(item -> item + " " + figure(item, mailbox, client.config()))
                .collect(Collectors.joining(" "));
        client.out().text("* STATUS ").mailbox(mailbox.name()).text(" (" + figures + ")").end();
    }

    private static String figure(Item item, Mailbox mailbox, ImapConfig config) {
        return switch (item) {
            case MESSAGES -> String.valueOf(mailbox.count());
            case RECENT -> "0";
            case UIDNEXT -> String.valueOf(Math.min(mailbox.uidNext(), 0xFFFF_FFFFL));
            case UIDVALIDITY -> String.valueOf(mailbox.uidValidity());
            case UNSEEN -> String.valueOf(mailbox.unseen());
            case DELETED -> String.valueOf(mailbox.deleted());
            case SIZE -> String.valueOf(mailbox.bytes());
            case HIGHESTMODSEQ -> mailbox.modseq().toString();
            case APPENDLIMIT -> String.valueOf(config.messageBytesMax());
            case MAILBOXID -> "(" + mailbox.id() + ")";
        };
    }
}
