package casella.imap;

import casella.store.Mailbox;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// SELECT and EXAMINE: opens a mailbox. RFC 9051 §6.3.2, §6.3.3; RFC 3501 §6.3.1 for RECENT and UNSEEN.
///
/// @param condstore whether the client asked for mod-sequences from here on. RFC 7162 §3.1.8
/// @param qresync what the client kept of the mailbox; null for nothing
record Select(String name, boolean readOnly, boolean condstore, @Nullable Qresync qresync)
        implements Command.WithAccount {
    /// `"SELECT" SP mailbox [SP "(" param *(SP param) ")"]`, `param = "CONDSTORE" / "QRESYNC" SP "(" … ")"`. RFC 9051 §9,
    /// RFC 7162 §7.
    static Select parse(Arguments in, boolean readOnly) {
        in.space();
        String name = in.mailboxName();
        boolean condstore = false;
        Qresync qresync = null;
        if (in.skip(" (")) {
            do {
                switch (in.word()) {
                    case "CONDSTORE" -> condstore = true;
                    case "QRESYNC" -> qresync = Qresync.parse(in);
                    default -> throw new Arguments.Syntax("unknown parameter of SELECT");
                }
            } while (in.skip(' '));
            in.close();
        }
        in.end();
        return new Select(name, readOnly, condstore, qresync);
    }

    @Override
    public Turn run(State.WithAccount state, Client client) throws IOException {
        if (qresync != null && !state.enabled().qresync()) return new Turn(state, Reply.bad("ENABLE QRESYNC first"));
        State.WithAccount before = state;
        if (state instanceof State.Selected selected) {
            // RFC 9051 §6.3.2: whatever comes of it, the mailbox that was open is not any more.
            before = selected.closed();
            client.out().ok(Code.Word.CLOSED, "The mailbox that was open is closed");
        }
        // News from here on are compared with the list that is read now.
        client.missedNews();
        try {
            return open(before, client);
        } catch (casella.base.Fault fault) {
            return new Turn(before, Session.replyTo(fault));
        }
    }

    private Turn open(State.WithAccount state, Client client) throws IOException {
        Selection.Opened opened = Selection.open(state.account(), name, readOnly);
        if (opened == null) return new Turn(state, Reply.no(Code.Word.NONEXISTENT, "No such mailbox"));
        Mailbox mailbox = opened.mailbox();
        Selection selection = opened.selection();
        Output out = client.out();
        // RFC 9051 §6.3.2: what takes no changes is opened to read only, whatever was asked.
        boolean fixed = selection.readOnly();
        String flags = String.join(" ", Flags.all(selection.keywordsInUse()));
        out.untagged("FLAGS (" + flags + ")");
        out.untagged("OK [PERMANENTFLAGS (" + (fixed ? "" : flags + " \\*") + ")] Flags that are kept");
        out.untagged(selection.count() + " EXISTS");
        if (out.dialect() == Dialect.REV1) {
            out.untagged("0 RECENT");
            int unseen = firstUnseen(selection);
            if (unseen > 0) out.ok(new Code.Counter("UNSEEN", unseen), "First unseen");
        }
        out.ok(new Code.Counter("UIDVALIDITY", mailbox.uidValidity()), "UIDs are valid");
        out.ok(new Code.Counter("UIDNEXT", Math.min(mailbox.uidNext(), 0xFFFF_FFFFL)), "Next UID");
        out.ok(new Code.Counter("HIGHESTMODSEQ", mailbox.modseq().value()), "Last change");
        out.ok(Create.mailboxId(mailbox), "Id of the mailbox");
        if (out.dialect() == Dialect.REV2) {
            // RFC 9051 §6.3.2: the client sees under which name it selected.
            out.text("* LIST () \"/\" ").mailbox(mailbox.name()).end();
        }
        var enabled = new State.Enabled(
                state.enabled().dialect(),
                condstore || state.enabled().condstore(),
                state.enabled().qresync());
        var next = new State.Selected(state.account(), enabled, selection);
        if (qresync != null && qresync.uidValidity() == mailbox.uidValidity()) qresync.tell(next, mailbox, out);
        String done = readOnly ? "EXAMINE done" : "SELECT done";
        return new Turn(next, Reply.ok(new Code.Access(fixed), done));
    }

    private static int firstUnseen(Selection selection) {
        for (int i = 0; i < selection.count(); i++) {
            if (!selection.keywords(i).has(casella.store.Keywords.SEEN)) return i + 1;
        }
        return 0;
    }

    @Override
    public String label() {
        return readOnly ? "examine" : "select";
    }
}
