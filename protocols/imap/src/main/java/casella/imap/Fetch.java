package casella.imap;

import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Keywords;
import casella.store.Outcome;
import casella.store.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// FETCH and UID FETCH: tells about messages. RFC 9051 §6.4.5, §6.4.9.
///
/// Messages that another session expunged and this client was not told of are passed over, the rest is answered, and
/// the tagged reply is NO [EXPUNGEISSUED] (RFC 5530 §3); UID FETCH passes over them silently (RFC 9051 §6.4.9). A
/// message whose bytes are not reachable now is answered without them, and the tagged reply is NO [UNAVAILABLE].
///
/// @param changedSince only messages changed after it; null for all. RFC 7162 §3.1.4.1
/// @param vanished whether messages of the set that are gone since are told first. RFC 7162 §3.2.6
record Fetch(SequenceSet set, List<FetchItem> items, boolean uid, @Nullable Modseq changedSince, boolean vanished)
        implements Command.WithMailbox {

    /// `"FETCH" SP sequence-set SP items [SP "(" "CHANGEDSINCE" SP mod-sequence [SP "VANISHED"] ")"]`. RFC 9051 §9,
    /// RFC 7162 §7.
    static Fetch parse(Arguments in, boolean uid) {
        in.space();
        SequenceSet set = in.sequenceSet();
        in.space();
        List<FetchItem> items = FetchItem.parse(in);
        Modseq changedSince = null;
        boolean vanished = false;
        if (in.skip(" (")) {
            do {
                switch (in.word()) {
                    case "CHANGEDSINCE" -> {
                        in.space();
                        changedSince = new Modseq(in.number64());
                    }
                    case "VANISHED" -> vanished = true;
                    default -> throw new Arguments.Syntax("unknown modifier of FETCH");
                }
            } while (in.skip(' '));
            in.close();
        }
        in.end();
        if (vanished && (!uid || changedSince == null)) {
            throw new Arguments.Syntax("VANISHED is of UID FETCH with CHANGEDSINCE");
        }
        return new Fetch(set, items, uid, changedSince, vanished);
    }

    @Override
    public boolean tellsExpunges() {
        return uid;
    }

    @Override
    public Turn run(State.Selected state, Client client) throws IOException {
        if (vanished && !state.enabled().qresync()) return new Turn(state, Reply.bad("ENABLE QRESYNC first"));
        boolean modseq = items.contains(FetchItem.Known.MODSEQ) || changedSince != null;
        State.Selected next = modseq ? state.withCondstore() : state;
        Selection selection = state.selection();
        var writer = new FetchWriter(next, wanted(), client.out());
        boolean missing = false;
        Chosen chosen = selection.choose(set, uid);
        if (changedSince != null) {
            var since = new Since(state, changedSince);
            if (vanished) since.vanished(selection.uidRanges(set, since.highestUid()), client.out());
            chosen = since.changed(chosen);
        }
        for (Chosen page : chosen.pages(Selection.PAGE)) {
            List<FetchRow> rows = FetchRow.read(state.account(), selection, page, writer.needs());
            missing |= rows.size() < page.size();
            var read = new ArrayList<Uid>();
            for (FetchRow row : rows) {
                if (changedSince != null && !row.placement().modseq().after(changedSince)) continue;
                if (writer.write(row)) read.add(row.placement().uid());
            }
            if (!selection.readOnly() && !read.isEmpty()) markSeen(next, read, client);
        }
        Fault away = writer.away();
        if (away != null) return new Turn(next, replyTo(away));
        if (missing && !uid) return new Turn(next, Reply.no(Code.Word.EXPUNGEISSUED, "Some messages are gone"));
        return new Turn(next, Reply.ok("FETCH done"));
    }

    /// A client keeps what it has of a mail whose bytes are away, and asks again. RFC 5530 §3.
    private static Reply replyTo(Fault away) {
        if (!(away instanceof Fault.Corrupt)) return Session.replyTo(away);
        return Reply.no(Code.Word.UNAVAILABLE, "Some messages have no good copy now");
    }

    /// Returns what to answer: RFC 9051 §6.4.9 adds UID, RFC 7162 §3.1.4.1 adds MODSEQ.
    private List<FetchItem> wanted() {
        var wanted = new ArrayList<FetchItem>();
        if (uid) wanted.add(FetchItem.Known.UID);
        if (changedSince != null) wanted.add(FetchItem.Known.MODSEQ);
        for (FetchItem item : items) if (!wanted.contains(item)) wanted.add(item);
        return wanted;
    }

    /// Marks what was just sent as read, and says so. Where nothing can be written now, reading goes on.
    private static void markSeen(State.Selected state, List<Uid> uids, Client client) throws IOException {
        Outcome.Stored stored;
        try {
            var edit = new Keywords.Edit.Add(Keywords.of(Keywords.SEEN));
            stored = state.account().setKeywords(state.selection().mailbox(), uids, edit, null);
        } catch (Fault.Unavailable | Fault.Exhausted _) {
            client.missedNews();
            return;
        }
        for (Placement placement : stored.changed()) Store.tell(state, placement, true, client.out());
    }
}
