package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.Shelf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What a process before this one marked as archived, or what was read from segments it never marked, and what the journal
/// still holds of it. A vault may lack it without a hint, and all of them may have lost it since.
///
/// So before the journal lets go of it, it is written down which vaults may lack it, and what no vault names is put anew.
/// Each account is looked at once. Safe from any thread, for each account from one at a time.
final class HeldBefore {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int PAGE = 200;

    private final Journal journal;
    private final Copies copies;
    private final JournalEnd ends;
    private final int segmentBytesMax;
    /// Accounts of which the journal holds entries from before this was made; null before it is asked.
    private @Nullable Set<AccountId> accounts;

    HeldBefore(Journal journal, Copies copies, int segmentBytesMax) {
        this.journal = journal;
        this.copies = copies;
        this.ends = new JournalEnd(copies, TIME);
        this.segmentBytesMax = segmentBytesMax;
    }

    private synchronized Set<AccountId> accounts() {
        Set<AccountId> held = accounts;
        if (held == null) {
            held = ConcurrentHashMap.newKeySet();
            held.addAll(journal.newest().keySet());
            accounts = held;
        }
        return held;
    }

    /// Returns when the journal may let go of what an account's mark covers.
    ///
    /// @throws casella.base.Fault.Unavailable if it cannot be written down, or too few vaults take what is put anew
    void look(AccountId account, Archived archived) {
        Modseq upTo = archived.upTo();
        if (upTo.equals(Modseq.NONE) || !accounts().contains(account)) return;
        boolean named = false;
        for (Shelf shelf : copies.homes()) {
            Modseq newest = shelf.breaker().closed() ? ends.newest(account, upTo, shelf) : null;
            if (newest != null && !upTo.after(newest)) named = true;
            else if (!copies.debt().known()) copies.debt().segments().unsure(shelf.name(), account);
        }
        if (!named) putAnew(account, archived);
        copies.debt().segments().keep(account);
        accounts().remove(account);
    }

    /// Puts the entries that lead to the mark, as far back as the journal has them.
    private void putAnew(AccountId account, Archived archived) {
        Modseq first = first(account, archived);
        if (first == null) return;
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        for (Modseq next = first; !next.after(archived.upTo()); ) {
            List<byte[]> page = journal.entries(account, next, PAGE, TIME);
            boolean there = !page.isEmpty() && Entry.decode(page.getFirst()).change().modseq().equals(next);
            if (!there) throw new Fault.Unavailable("The journal has a gap", Map.of("account", account, "at", next));
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                if (entry.change().modseq().after(archived.upTo())) break;
                boolean full = bytes + encoded.length > segmentBytesMax
                        || entries.size() == JournalSegment.CHANGES_MAX;
                if (full && !entries.isEmpty()) {
                    var _ = SegmentPut.of(copies, account, entries);
                    entries.clear();
                    bytes = 0;
                }
                entries.add(entry);
                bytes += encoded.length;
                next = entry.change().modseq().next();
            }
        }
        var _ = SegmentPut.of(copies, account, entries);
        Log.event(Event.ARCHIVE_PUT_ANEW, "account", account, "first", first, "last", archived.upTo());
    }

    /// Returns the first of the entries in the journal that follow one another up to the mark; null when none leads there.
    private @Nullable Modseq first(AccountId account, Archived archived) {
        @Nullable Modseq first = null;
        @Nullable Sha256 at = null;
        Modseq next = Modseq.NONE.next();
        while (!next.after(archived.upTo())) {
            List<byte[]> page = journal.entries(account, next, PAGE, TIME);
            if (page.isEmpty()) return null;
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                Modseq modseq = entry.change().modseq();
                if (modseq.after(archived.upTo())) break;
                boolean follows = modseq.equals(next) && at != null && at.equals(entry.change().previous());
                if (!follows) first = modseq;
                at = entry.hash();
                next = modseq.next();
            }
            if (Entry.decode(page.getLast()).change().modseq().after(archived.upTo())) break;
        }
        return at != null && at.equals(archived.hash()) ? first : null;
    }
}
