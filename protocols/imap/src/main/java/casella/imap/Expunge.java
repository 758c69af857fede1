package casella.imap;

import casella.base.Uid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// EXPUNGE and UID EXPUNGE: removes messages that have \Deleted. RFC 9051 §6.4.3, §6.4.9.
///
/// The session tells the EXPUNGE or VANISHED responses after it, like those of other sessions, and then, to a client that
/// enabled QRESYNC, the mailbox's last mod-sequence. RFC 7162 §3.2.7, §3.2.9.
///
/// @param only of these UIDs alone; null for all
record Expunge(@Nullable SequenceSet only) implements Command.WithMailbox {
    static Expunge parse(Arguments in, boolean uid) {
        SequenceSet only = null;
        if (uid) {
            in.space();
            only = in.sequenceSet();
        }
        in.end();
        return new Expunge(only);
    }

    @Override
    public Turn run(State.Selected state, Client client) {
        Selection selection = state.selection();
        if (selection.readOnly()) return new Turn(state, Reply.no(new Code.Access(true), "Opened to read only"));
        List<Uid> uids = only == null ? null : selection.uids(selection.choose(only, true));
        if (uids != null && uids.isEmpty()) return new Turn(state, Reply.ok("EXPUNGE done"));
        boolean some = !state.account().expunge(selection.mailbox(), uids).isEmpty();
        return new Turn(state, Reply.ok("EXPUNGE done"), some && state.enabled().qresync());
    }
}
