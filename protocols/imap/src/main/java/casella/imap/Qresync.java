package casella.imap;

import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Mailbox;
import casella.store.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client kept of a mailbox, said at SELECT so that it is told the difference alone. RFC 7162 §3.2.5.
///
/// @param uidValidity as it was; another one makes the rest void
/// @param modseq up to which the client knows everything
/// @param known UIDs it has; null for all there can be
/// @param sample where it believes some of them stand; empty for no such belief. RFC 7162 §3.2.5.2
record Qresync(
        long uidValidity, Modseq modseq, SequenceSet.@Nullable Listed known, List<Sampled> sample) {
    /// Message numbers a client may offer to compare; it needs about as many as the logarithm of the mailbox.
    private static final int SAMPLE_MAX = 10_000;

    /// A message number and the UID that stands there for the client.
    record Sampled(long number, long uid) {}

    Qresync {
        sample = List.copyOf(sample);
    }

    /// `SP "(" uidvalidity SP mod-sequence [SP known-uids] [SP "(" numbers SP uids ")"] ")"`. RFC 7162 §7.
    static Qresync parse(Arguments in) {
        in.space();
        in.take('(');
        long uidValidity = in.positive();
        in.space();
        var modseq = new Modseq(in.number64());
        SequenceSet.Listed known = null;
        List<Sampled> sample = List.of();
        if (in.skip(' ')) {
            if (!in.next('(')) {
                known = listed(in);
                if (in.skip(' ')) sample = sample(in);
            } else {
                sample = sample(in);
            }
        }
        in.close();
        return new Qresync(uidValidity, modseq, known, sample);
    }

    /// A set of numbers without `*` and `$`.
    private static SequenceSet.Listed listed(Arguments in) {
        if (in.sequenceSet() instanceof SequenceSet.Listed listed && !listed.hasStar()) return listed;
        throw new Arguments.Syntax("neither * nor $ is allowed in QRESYNC");
    }

    private static List<Sampled> sample(Arguments in) {
        in.take('(');
        List<Long> numbers = numbers(listed(in));
        in.space();
        List<Long> uids = numbers(listed(in));
        in.close();
        if (numbers.size() != uids.size()) throw new Arguments.Syntax("as many message numbers as UIDs in QRESYNC");
        var sample = new ArrayList<Sampled>();
        for (int i = 0; i < numbers.size(); i++) sample.add(new Sampled(numbers.get(i), uids.get(i)));
        return sample;
    }

    private static List<Long> numbers(SequenceSet.Listed set) {
        var numbers = new ArrayList<Long>();
        for (SequenceSet.Range range : set.ranges()) {
            for (long number = range.from(); number <= range.to(); number++) {
                if (numbers.size() == SAMPLE_MAX) throw new Arguments.Syntax("too many message numbers in QRESYNC");
                numbers.add(number);
            }
        }
        return numbers;
    }

    /// Tells what became of the messages the client has: first those that are gone, then the flags of the others.
    void tell(State.Selected state, Mailbox mailbox, Output out) throws IOException {
        Selection selection = state.selection();
        long highest = mailbox.uidNext() - 1;
        List<SequenceSet.Range> all = highest == 0 ? List.of() : List.of(new SequenceSet.Range(1, highest));
        List<SequenceSet.Range> ranges = known == null ? all : known.resolve(highest);
        var since = new Since(state, modseq);
        since.vanished(above(ranges, agreed(selection)), out);
        SequenceSet set = new SequenceSet.Listed(ranges);
        if (ranges.isEmpty()) return;
        for (Chosen page : since.changed(selection.chooseThere(set, true)).pages(Selection.PAGE)) {
            for (FetchRow row : FetchRow.read(state.account(), selection, page, FetchRow.Needs.PLACEMENT)) {
                Placement placement = row.placement();
                selection.note(row.index(), placement.keywords());
                out.text("* ").number(row.index() + 1).text(" FETCH (UID ").text(placement.uid().toString());
                out.text(" FLAGS ").text(Flags.text(placement.keywords()));
                out.text(" MODSEQ (").number(placement.modseq().value()).text("))").end();
            }
        }
    }

    /// Returns the highest UID that stands where the client believes: it knows what is gone up to there. 0 for none.
    private long agreed(Selection selection) {
        long agreed = 0;
        for (Sampled one : sample) {
            if (one.number() > selection.count()) continue;
            Uid there = selection.uid((int) (one.number() - 1));
            if (there.value() == one.uid()) agreed = Math.max(agreed, one.uid());
        }
        return agreed;
    }

    private static List<SequenceSet.Range> above(List<SequenceSet.Range> ranges, long uid) {
        var above = new ArrayList<SequenceSet.Range>();
        for (SequenceSet.Range range : ranges) {
            if (range.to() > uid) above.add(new SequenceSet.Range(Math.max(range.from(), uid + 1), range.to()));
        }
        return above;
    }
}
