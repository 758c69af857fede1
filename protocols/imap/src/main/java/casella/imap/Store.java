package casella.imap;

import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Keywords;
import casella.store.Outcome;
import casella.store.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// STORE and UID STORE: changes flags. RFC 9051 §6.4.6, §6.4.9; UNCHANGEDSINCE: RFC 7162 §3.1.3.
///
/// Messages that are gone are passed over; STORE then answers NO [EXPUNGEISSUED], UID STORE OK.
record Store(
        SequenceSet set, Keywords.Edit edit, boolean silent, boolean uid, @Nullable Modseq unchangedSince)
        implements Command.WithMailbox {

    /// `"STORE" SP sequence-set SP ["(" "UNCHANGEDSINCE" SP n ")" SP] ["+" / "-"] "FLAGS" [".SILENT"] SP flags`.
    /// RFC 9051 §9, RFC 7162 §7.
    static Store parse(Arguments in, boolean uid) {
        in.space();
        SequenceSet set = in.sequenceSet();
        in.space();
        Modseq unchangedSince = null;
        if (in.skip('(')) {
            if (!in.word().equals("UNCHANGEDSINCE")) throw new Arguments.Syntax("unknown modifier of STORE");
            in.space();
            unchangedSince = new Modseq(in.number64());
            in.close();
            in.space();
        }
        String item = in.word();
        boolean silent = item.endsWith(".SILENT");
        String kind = silent ? item.substring(0, item.length() - ".SILENT".length()) : item;
        in.space();
        Keywords words = Flags.keywords(flags(in));
        in.end();
        Keywords.Edit edit =
                switch (kind) {
                    case "FLAGS" -> new Keywords.Edit.Replace(words);
                    case "+FLAGS" -> new Keywords.Edit.Add(words);
                    case "-FLAGS" -> new Keywords.Edit.Remove(words);
                    default -> throw new Arguments.Syntax("expected FLAGS, +FLAGS or -FLAGS");
                };
        return new Store(set, edit, silent, uid, unchangedSince);
    }

    private static List<String> flags(Arguments in) {
        if (in.next('(')) return in.flagList();
        var flags = new ArrayList<String>();
        do flags.add(in.flag()); while (in.skip(' '));
        return flags;
    }

    @Override
    public boolean tellsExpunges() {
        return uid;
    }

    @Override
    public Turn run(State.Selected state, Client client) throws IOException {
        Selection selection = state.selection();
        Chosen chosen = selection.choose(set, uid);
        if (selection.readOnly()) return new Turn(state, Reply.no(new Code.Access(true), "Opened to read only"));
        State.Selected next = unchangedSince == null ? state : state.withCondstore();
        boolean missing = false;
        var modified = new SequenceSet.Writer();
        for (Chosen page : chosen.pages(Selection.PAGE)) {
            List<Uid> uids = selection.uids(page);
            Outcome.Stored stored = state.account().setKeywords(selection.mailbox(), uids, edit, unchangedSince);
            for (Placement placement : stored.changed()) tell(next, placement, !silent, client.out());
            for (Placement placement : stored.unchanged()) {
                if (!silent) tell(next, placement, true, client.out());
            }
            for (Uid one : stored.modified()) modified.add(uid ? one.value() : selection.indexOf(one) + 1);
            missing |= !stored.missing().isEmpty();
        }
        if (!modified.isEmpty()) {
            // RFC 7162 §3.1.3: OK when all that was there was changed or named here, NO when some are gone too.
            var code = new Code.Modified(modified.text());
            return new Turn(next, missing && !uid ? Reply.no(code, "Not all changed") : Reply.ok(code, "Not all changed"));
        }
        if (missing && !uid) return new Turn(next, Reply.no(Code.Word.EXPUNGEISSUED, "Some messages are gone"));
        return new Turn(next, Reply.ok("STORE done"));
    }

    /// Writes the flags of a message as they are now, and notes that the client knows them. A silent client still gets
    /// the mod-sequence, if it counts in them. RFC 7162 §3.1.3.
    static void tell(State.Selected state, Placement placement, boolean withFlags, Output out) throws IOException {
        Selection selection = state.selection();
        int index = selection.indexOf(placement.uid());
        if (index < 0) return;
        boolean condstore = state.enabled().condstore();
        selection.note(index, placement.keywords());
        if (condstore) selection.toldModseq(placement.uid(), placement.modseq());
        if (!withFlags && !condstore) return;
        out.text("* ").number(index + 1).text(" FETCH (UID ").text(placement.uid().toString());
        if (withFlags) out.text(" FLAGS ").text(Flags.text(placement.keywords()));
        if (condstore) out.text(" MODSEQ (").number(placement.modseq().value()).text(")");
        out.text(")").end();
    }
}
