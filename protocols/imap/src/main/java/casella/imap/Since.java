package casella.imap;

import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/// What changed in the selected mailbox after a mod-sequence: read from the rows that say so, not by looking at every
/// message. RFC 7162 §3.1.4.1, §3.2.6.
///
/// Of a client whose last mod-sequence lies below the account's floor nobody knows what it missed: it is told the flags of
/// all messages, and every UID that is not there.
final class Since {
    private final Account account;
    private final Selection selection;
    private final Modseq since;

    Since(State.Selected state, Modseq since) {
        this.account = state.account();
        this.selection = state.selection();
        this.since = since;
    }

    /// Returns the highest UID the mailbox gave out; 0 for none.
    long highestUid() {
        Mailbox mailbox = account.read(view -> view.mailbox(selection.mailbox()));
        return mailbox == null ? 0 : mailbox.uidNext() - 1;
    }

    /// Returns those of `chosen` that changed, or arrived.
    Chosen changed(Chosen chosen) {
        boolean below = account.read(view -> view.floor().after(since));
        if (below) return chosen;
        var indices = new BitSet();
        Modseq from = since;
        while (true) {
            Modseq after = from;
            List<Placement> page = account.read(view -> view.changedSince(selection.mailbox(), after, View.PAGE_MAX));
            for (Placement row : page) {
                int index = selection.indexOf(row.uid());
                if (index >= 0 && chosen.holds(index)) indices.set(index);
            }
            if (page.size() < View.PAGE_MAX) break;
            from = Refresh.next(page, Placement::modseq);
        }
        var builder = new Chosen.Builder();
        for (int i = indices.nextSetBit(0); i >= 0; i = indices.nextSetBit(i + 1)) builder.add(i, i + 1);
        return builder.build();
    }

    /// Tells which of `ranges` are gone; those the session still counts are told when they are expunged from its list.
    void vanished(List<SequenceSet.Range> ranges, Output out) throws IOException {
        if (ranges.isEmpty()) return;
        boolean below = account.read(view -> view.floor().after(since));
        var gone = new SequenceSet.Writer();
        if (below) absent(ranges, highestUid(), gone);
        else ended(ranges, gone);
        if (!gone.isEmpty()) out.untagged("VANISHED (EARLIER) " + gone.text());
    }

    private void ended(List<SequenceSet.Range> ranges, SequenceSet.Writer gone) {
        var uids = new TreeSet<Long>();
        Modseq from = since;
        while (true) {
            Modseq after = from;
            List<View.Ended> page = account.read(view -> view.endedSince(selection.mailbox(), after, View.PAGE_MAX));
            for (View.Ended one : page) {
                Uid uid = one.uid();
                if (SequenceSet.holds(ranges, uid.value()) && selection.indexOf(uid) < 0) uids.add(uid.value());
            }
            if (page.size() < View.PAGE_MAX) break;
            from = Refresh.next(page, View.Ended::modseq);
        }
        uids.forEach(gone::add);
    }

    /// Every UID of `ranges` that was given out and is not in the list.
    private void absent(List<SequenceSet.Range> ranges, long highest, SequenceSet.Writer gone) {
        var holes = new ArrayList<SequenceSet.Range>();
        for (SequenceSet.Range range : ranges) {
            long from = range.from();
            long until = Math.min(range.to(), highest);
            for (int i = selection.firstFrom(from); i < selection.count() && selection.uid(i).value() <= until; i++) {
                long uid = selection.uid(i).value();
                if (uid > from) holes.add(new SequenceSet.Range(from, uid - 1));
                from = uid + 1;
            }
            if (from <= until) holes.add(new SequenceSet.Range(from, until));
        }
        for (SequenceSet.Range hole : holes) gone.add(hole);
    }
}
