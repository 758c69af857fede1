package casella.imap;

import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.Placement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the client knows of the mailbox it selected: which UIDs stand where, with which flags.
///
/// Message numbers are positions in this list and change only when the client is told (RFC 9051 §2.3.1.2): messages
/// expunged elsewhere keep their place, marked *gone*, until [#tell] may say so. Eight bytes a message: a UID and the
/// number of a set of keywords, of which a mailbox has few.
final class Selection {
    /// Rows asked of the store at once.
    static final int PAGE = 500;

    /// Changes of its own a session remembers to have told; beyond, some are told twice.
    private static final int TOLD_MAX = 10_000;

    private final MailboxId mailbox;
    private final boolean readOnly;
    private final long uidValidity;
    private int[] uids;
    private int[] flags;
    private int count;
    private final List<Keywords> sets = new ArrayList<>();
    private final Map<Keywords, Integer> numbers = new HashMap<>();
    private final Set<String> keywords = new LinkedHashSet<>();
    private int keywordsTold;
    /// Expunged, and the client does not know.
    private final BitSet gone = new BitSet();
    private int told;
    private Modseq seen;
    private long epoch;
    private final Map<Integer, Modseq> toldModseqs = new HashMap<>();
    /// UIDs the last SEARCH saved. RFC 9051 §6.4.4.1.
    private List<SequenceSet.Range> saved = List.of();

    private Selection(Mailbox mailbox, boolean readOnly, long epoch) {
        this.mailbox = mailbox.id();
        this.readOnly = readOnly;
        this.uidValidity = mailbox.uidValidity();
        this.seen = mailbox.modseq();
        this.epoch = epoch;
        this.uids = new int[mailbox.count()];
        this.flags = new int[mailbox.count()];
    }

    /// What opening a mailbox gave.
    ///
    /// @param mailbox as it stood when the list was begun
    record Opened(Mailbox mailbox, Selection selection) {}

    private record FirstPage(Mailbox mailbox, long epoch, boolean partial, List<Placement> page) {}

    /// Reads the whole list, page by page; null when there is no such mailbox.
    ///
    /// Changes meanwhile are told after the command, like any other: the list starts from the first page's moment.
    static @Nullable Opened open(Account account, String name, boolean readOnly) {
        FirstPage first = account.read(view -> {
            Mailbox mailbox = view.mailbox(name);
            if (mailbox == null) return null;
            return new FirstPage(
                    mailbox, view.epoch(), view.partial(), view.placements(mailbox.id(), Uid.FIRST, PAGE));
        });
        if (first == null) return null;
        var selection = new Selection(first.mailbox, readOnly || first.partial, first.epoch);
        List<Placement> page = first.page;
        while (true) {
            for (Placement row : page) {
                if (row.uid().value() < first.mailbox.uidNext()) selection.append(row);
            }
            if (page.size() < PAGE || page.getLast().uid().equals(Uid.LAST)) break;
            Uid from = Uid.of(page.getLast().uid().value() + 1);
            page = account.read(view -> view.placements(first.mailbox.id(), from, PAGE));
        }
        selection.told = selection.count;
        selection.keywordsTold = selection.keywords.size();
        return new Opened(first.mailbox, selection);
    }

    MailboxId mailbox() {
        return mailbox;
    }

    boolean readOnly() {
        return readOnly;
    }

    long uidValidity() {
        return uidValidity;
    }

    /// Returns how many messages the client counts.
    int count() {
        return count;
    }

    /// Returns the UID at `index`, which is the message number less one.
    Uid uid(int index) {
        return new Uid(uids[index]);
    }

    Keywords keywords(int index) {
        return sets.get(flags[index]);
    }

    /// Says whether the message was expunged and the client does not know.
    boolean gone(int index) {
        return gone.get(index);
    }

    /// Returns the keywords in use, for FLAGS and PERMANENTFLAGS.
    List<String> keywordsInUse() {
        return List.copyOf(keywords);
    }

    /// Returns the first index whose UID is `uid` or more; [#count()] if there is none.
    int firstFrom(long uid) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.toUnsignedLong(uids[middle]) < uid) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// Returns the index of `uid`, -1 if the client does not know it.
    int indexOf(Uid uid) {
        int index = firstFrom(uid.value());
        return index < count && uids[index] == uid.unsigned() ? index : -1;
    }

    /// Returns the UIDs of `chosen`, ascending.
    List<Uid> uids(Chosen chosen) {
        var all = new ArrayList<Uid>(chosen.size());
        for (Chosen.Run run : chosen.runs()) for (int i = run.from(); i < run.until(); i++) all.add(uid(i));
        return all;
    }

    /// Says whether one of `chosen` was expunged and the client does not know.
    boolean anyGone(Chosen chosen) {
        for (Chosen.Run run : chosen.runs()) {
            int next = gone.nextSetBit(run.from());
            if (next >= 0 && next < run.until()) return true;
        }
        return false;
    }

    /// Notes that this client was told of a change of its own, so that it is not told again.
    void toldModseq(Uid uid, Modseq modseq) {
        if (toldModseqs.size() < TOLD_MAX) toldModseqs.put(uid.unsigned(), modseq);
    }

    /// Says whether the client knows of that change already; asked once for each.
    boolean knowsModseq(Uid uid, Modseq modseq) {
        return modseq.equals(toldModseqs.remove(uid.unsigned()));
    }

    /// Notes the flags as they are now, so that they are not told again; says whether they are news.
    boolean note(int index, Keywords now) {
        int number = number(now);
        boolean news = flags[index] != number;
        flags[index] = number;
        return news;
    }

    void save(List<SequenceSet.Range> uidRanges) {
        saved = List.copyOf(uidRanges);
    }

    /// Returns the messages `set` names.
    ///
    /// @throws Arguments.Syntax if it names a message number beyond the last. RFC 9051 §9 `seq-number`
    Chosen choose(SequenceSet set, boolean byUid) {
        if (!byUid && set instanceof SequenceSet.Listed listed) {
            if (listed.highestNamed() > count || (count == 0 && listed.hasStar())) {
                throw new Arguments.Syntax("no message " + Math.max(1, listed.highestNamed()));
            }
        }
        return chooseThere(set, byUid);
    }

    /// Returns the messages `set` names, as far as they are there.
    Chosen chooseThere(SequenceSet set, boolean byUid) {
        return switch (set) {
            case SequenceSet.Saved _ -> chooseUids(saved);
            case SequenceSet.Listed listed when byUid -> chooseUids(listed.resolve(highestUid()));
            case SequenceSet.Listed listed -> {
                var chosen = new Chosen.Builder();
                for (SequenceSet.Range range : listed.resolve(count)) {
                    chosen.add((int) Math.min(range.from() - 1, count), (int) Math.min(range.to(), count));
                }
                yield chosen.build();
            }
        };
    }

    /// Returns the UIDs `set` names, of messages that are there or not, sorted and merged.
    ///
    /// @param highest UID that was given out: for those that are gone `*` reaches to it
    List<SequenceSet.Range> uidRanges(SequenceSet set, long highest) {
        return switch (set) {
            case SequenceSet.Saved _ -> saved;
            case SequenceSet.Listed listed -> listed.resolve(highest);
        };
    }

    private Chosen chooseUids(List<SequenceSet.Range> ranges) {
        var chosen = new Chosen.Builder();
        for (SequenceSet.Range range : ranges) chosen.add(firstFrom(range.from()), firstFrom(range.to() + 1));
        return chosen.build();
    }

    /// Tells the client what is new since it was last told: flags, then expunges if allowed now, then new messages.
    /// RFC 9051 §5.2, §7.5.1.
    void tell(State.Selected state, Client client, boolean expunges) throws IOException {
        if (client.news()) {
            try {
                new Refresh(this, state.account(), state.enabled().condstore(), client.out()).run();
            } catch (RuntimeException | IOException e) {
                client.missedNews();
                throw e;
            }
        }
        if (expunges && !gone.isEmpty()) tellExpunges(client.out(), state.enabled().qresync());
        if (keywords.size() > keywordsTold) {
            client.out().untagged("FLAGS (" + String.join(" ", Flags.all(keywords)) + ")");
            keywordsTold = keywords.size();
        }
        if (count != told) {
            client.out().untagged(count + " EXISTS");
            told = count;
        }
    }

    /// @param vanished whether they are told by UID. RFC 7162 §3.2.10.2
    private void tellExpunges(Output out, boolean vanished) throws IOException {
        int kept = gone.nextSetBit(0);
        int known = told;
        var uidsGone = new SequenceSet.Writer();
        for (int i = kept; i < count; i++) {
            if (gone.get(i)) {
                if (i >= known) continue; // came and went unseen
                if (vanished) uidsGone.add(uid(i).value());
                else out.untagged((kept + 1) + " EXPUNGE");
                told--;
            } else {
                uids[kept] = uids[i];
                flags[kept] = flags[i];
                kept++;
            }
        }
        count = kept;
        gone.clear();
        if (!uidsGone.isEmpty()) out.untagged("VANISHED " + uidsGone.text());
    }

    Modseq seen() {
        return seen;
    }

    void seen(Modseq now, long inEpoch) {
        seen = now;
        toldModseqs.clear();
        epoch = inEpoch;
    }

    long epoch() {
        return epoch;
    }

    /// Returns the highest UID in the list, 0 when it is empty.
    long highestUid() {
        return count == 0 ? 0 : uid(count - 1).value();
    }

    /// Marks what was expunged elsewhere; a UID the list does not have is passed over.
    void expunged(Uid uid) {
        int index = indexOf(uid);
        if (index >= 0) gone.set(index);
    }

    /// Adds a message with a UID above all others; another is passed over.
    void append(Placement row) {
        if (count > 0 && row.uid().value() <= highestUid()) return;
        if (count == uids.length) {
            int room = Math.max(16, count + (count >> 2));
            uids = Arrays.copyOf(uids, room);
            flags = Arrays.copyOf(flags, room);
        }
        uids[count] = row.uid().unsigned();
        flags[count] = number(row.keywords());
        count++;
    }

    private int number(Keywords set) {
        Integer known = numbers.get(set);
        if (known != null) return known;
        int number = sets.size();
        sets.add(set);
        numbers.put(set, number);
        for (String word : set) if (!Flags.system(word)) keywords.add(word);
        return number;
    }
}
