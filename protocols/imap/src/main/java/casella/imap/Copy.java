package casella.imap;

import casella.base.MailboxId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Outcome;
import java.io.IOException;
import java.util.List;

/// COPY, MOVE and their UID forms. RFC 9051 §6.4.7, §6.4.8, §6.4.9.
///
/// COPY of a message another session expunged answers NO [EXPUNGEISSUED] and copies nothing; the UID forms pass over
/// it. What goes between our look and the store's is left out of COPYUID.
///
/// @param move whether the messages leave this mailbox
record Copy(SequenceSet set, String to, boolean uid, boolean move) implements Command.WithMailbox {
    /// `"COPY" SP sequence-set SP mailbox`. RFC 9051 §9.
    static Copy parse(Arguments in, boolean uid, boolean move) {
        in.space();
        SequenceSet set = in.sequenceSet();
        in.space();
        String to = in.mailboxName();
        in.end();
        return new Copy(set, to, uid, move);
    }

    @Override
    public Turn run(State.Selected state, Client client) throws IOException {
        Selection selection = state.selection();
        Chosen chosen = selection.choose(set, uid);
        if (move && selection.readOnly()) return new Turn(state, Reply.no(new Code.Access(true), "Opened to read only"));
        Account account = state.account();
        Mailbox target = account.mailbox(to);
        if (target == null) return new Turn(state, Reply.no(Code.Word.TRYCREATE, "No such mailbox"));
        if (!uid && selection.anyGone(chosen)) {
            return new Turn(state, Reply.no(Code.Word.EXPUNGEISSUED, "Some messages are gone"));
        }
        List<Uid> uids = selection.uids(chosen);
        MailboxId from = selection.mailbox();
        Outcome.Copied copied =
                uids.isEmpty()
                        ? new Outcome.Placed(target.uidValidity(), List.of())
                        : move
                                ? account.move(from, uids, target.id())
                                : account.copy(from, uids, target.id());
        boolean moved = move && copied instanceof Outcome.Placed placed && !placed.uids().isEmpty();
        // RFC 6851 §4.4: the tagged reply has the last mod-sequence; COPYUID was told before it.
        return new Turn(state, reply(copied, client), moved && state.enabled().qresync());
    }

    private Reply reply(Outcome.Copied copied, Client client) throws IOException {
        String done = move ? "MOVE done" : "COPY done";
        return switch (copied) {
            case Outcome.NoMailbox _ -> Reply.no(Code.Word.TRYCREATE, "No such mailbox");
            case Outcome.Placed(_, var uids) when uids.isEmpty() -> Reply.ok(done);
            case Outcome.Placed(long uidValidity, var uids) -> {
                var from = new SequenceSet.Writer();
                var to = new SequenceSet.Writer();
                for (Outcome.Moved one : uids) {
                    from.add(one.from().value());
                    to.add(one.to().value());
                }
                var code = new Code.CopyUid(uidValidity, from.text(), to.text());
                if (!move) yield Reply.ok(code, done);
                // RFC 6851 §4.3: before the EXPUNGEs, which the session tells next.
                client.out().ok(code, "Moved");
                yield Reply.ok(done);
            }
        };
    }

    @Override
    public String label() {
        return move ? "move" : "copy";
    }
}
