package casella.store.archive;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Fold;
import casella.store.Journal;
import casella.store.Shelf;
import casella.store.StoredRows;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says of every arrival of an account what became of it, by three witnesses that know nothing of each other: the receipts in the
/// vaults, the journal, and the queue. Reads only; mails are read where a vault does not list one, and not otherwise: that every copy
/// is right byte for byte is the [Verifier]'s to say.
public final class Reckoning {
    private static final Duration TIME = Duration.ofSeconds(30);
    /// The rooms of emails, and of those that ended ([Key]).
    private static final byte EMAILS = 0x30;
    private static final byte ENDED_BY_CHANGE = 0x33;
    private static final byte ENDED = 0x39;
    private static final int MODSEQ_BYTES = 8;
    /// Receipts that nobody knows and that are remembered to be looked for again.
    private static final int UNCLAIMED_MAX = 10_000;

    private final Journal journal;
    private final Copies copies;

    public Reckoning(Journal journal, Copies copies) {
        this.journal = journal;
        this.copies = copies;
    }

    /// What became of a mail.
    public enum Fate {
        /// The journal has it, and a vault lists it or gave it when asked.
        FILED,
        /// The journal had it, and says that it was deleted since.
        DELETED,
        /// It waits in the queue.
        PENDING,
        /// The journal has it and every vault that may have it was asked and has no right copy.
        LOST,
        /// The journal has it, and the vaults that answer have not.
        UNREACHABLE,
        /// A vault has it with its receipt and neither journal nor queue knows it: an attempt whose sender was told to try again, or,
        /// where the journal is not whole, a change that was lost.
        UNCLAIMED
    }

    /// Told of each arrival once.
    @FunctionalInterface
    public interface Each {
        void became(ArrivalId arrival, Fate fate);
    }

    /// Tells `each` what became of every arrival from `from` until `until`, both by the time in the arrival's id. What is on its way
    /// into the account while this runs may be told as unclaimed: give a past `until`.
    ///
    /// @param waiting what waits in the queue for the account; asked before the journal is read
    /// @throws Fault.Unavailable if no vault answers, or the queue does not
    /// @throws Fault.Corrupt if the journal cannot be read
    public void account(
            AccountId account, Instant from, Instant until, Supplier<Set<ArrivalId>> waiting, Each each) {
        long first = Math.max(0, from.toEpochMilli());
        long end = until.toEpochMilli();
        Set<ArrivalId> queued = new HashSet<>(waiting.get());
        queued.removeIf(arrival -> !within(arrival, first, end));
        Fold fold = fold(account);
        var listed = new Listed(Holdings.of(copies, TIME), account, first, end);
        NavigableSet<ArrivalId> nobodys = new TreeSet<>();
        Each known = (arrival, fate) -> {
            queued.remove(arrival);
            each.became(arrival, fate);
        };
        fold.rows().scan(bound(EMAILS, first), bound(EMAILS, end), false, (key, value) -> {
            ArrivalId arrival = arrival(key, 1);
            while (listed.before(arrival)) claim(listed.next(), nobodys);
            Sha256 blob = StoredRows.email(arrival, value).blob();
            ObjectName name = ObjectName.mail(account, arrival, blob);
            known.became(arrival, listed.has(name) ? Fate.FILED : asked(name));
            return true;
        });
        while (listed.more()) claim(listed.next(), nobodys);
        Set<ArrivalId> ended = ended(fold.rows(), first, end);
        ended.forEach(arrival -> known.became(arrival, Fate.DELETED));
        nobodys.removeAll(ended);
        nobodys.removeAll(queued);
        queued.forEach(arrival -> each.became(arrival, Fate.PENDING));
        if (!nobodys.isEmpty()) unclaimed(account, nobodys, each);
    }

    private static void claim(ArrivalId arrival, NavigableSet<ArrivalId> nobodys) {
        if (nobodys.size() < UNCLAIMED_MAX) nobodys.add(arrival);
    }

    /// What came while the journal was read is in it now.
    private void unclaimed(AccountId account, NavigableSet<ArrivalId> nobodys, Each each) {
        Rows rows = fold(account).rows();
        for (ArrivalId arrival : nobodys) {
            boolean there = rows.get(new Key.Email(arrival)) != null;
            each.became(arrival, there ? Fate.FILED : Fate.UNCLAIMED);
        }
    }

    private static boolean within(ArrivalId arrival, long first, long end) {
        return arrival.unixMillis() >= first && arrival.unixMillis() < end;
    }

    private static byte[] bound(byte room, long millis) {
        byte[] key = new byte[1 + ArrivalId.BYTES];
        key[0] = room;
        // Ids have 48 bits of time.
        long capped = Math.min(millis, (1L << 48) - 1);
        byte[] id = new ArrivalId(capped << 16, 0).bytes();
        System.arraycopy(id, 0, key, 1, id.length);
        return key;
    }

    private static ArrivalId arrival(byte[] key, int at) {
        return ArrivalId.of(Arrays.copyOfRange(key, at, key.length));
    }

    private Fold fold(AccountId account) {
        Folding folding = Folding.begin(Holdings.of(copies, TIME), account, false, null)
                .segments(new Modseq(Long.MAX_VALUE))
                .tail(journal, new Modseq(Long.MAX_VALUE));
        Fault fault = folding.fault();
        if (fault != null) throw fault;
        return folding.fold();
    }

    private static Set<ArrivalId> ended(Rows rows, long first, long end) {
        var ended = new TreeSet<ArrivalId>();
        rows.scan(bound(ENDED, first), bound(ENDED, end), false, (key, _) -> {
            ended.add(arrival(key, 1));
            return true;
        });
        // Rows by arrival are not there for what ended before they were written.
        rows.scan(new byte[] {ENDED_BY_CHANGE}, (key, _) -> {
            ArrivalId arrival = arrival(key, 1 + MODSEQ_BYTES);
            if (within(arrival, first, end)) ended.add(arrival);
            return true;
        });
        return ended;
    }

    /// No vault lists it: each is asked for it.
    private Fate asked(ObjectName name) {
        Fate fate = Fate.LOST;
        for (Shelf shelf : copies.shelves()) {
            Fate said = asked(shelf.vault(), name);
            if (said == Fate.FILED) return said;
            if (said == Fate.UNREACHABLE) fate = said;
        }
        return fate;
    }

    private static Fate asked(Vault vault, ObjectName name) {
        try {
            var _ = Holdings.of(vault, TIME).read(name);
            return Fate.FILED;
        } catch (Fault.Unavailable e) {
            return Fate.UNREACHABLE;
        } catch (Fault e) {
            return Fate.LOST;
        }
    }

    /// The mails that vaults list, in the order of their arrivals, a page at a time.
    private static final class Listed {
        private final Holdings holdings;
        private final AccountId account;
        private final long end;
        private List<ObjectName> page;
        private int at;
        private boolean over;

        Listed(Holdings holdings, AccountId account, long first, long end) {
            this.holdings = holdings;
            this.account = account;
            this.end = end;
            @Nullable ObjectName after = first == 0 ? null
                    : new ObjectName(account, ObjectName.Kind.MAIL, (first - 1) << 16 | 0xFFFF, -1L,
                            Sha256.wrap(last()));
            this.page = holdings.names(account, ObjectName.Kind.MAIL, after);
        }

        private static byte[] last() {
            byte[] hash = new byte[Sha256.BYTES];
            Arrays.fill(hash, (byte) 0xFF);
            return hash;
        }

        boolean more() {
            if (!over && at == page.size()) {
                if (!page.isEmpty()) {
                    page = holdings.names(account, ObjectName.Kind.MAIL, page.getLast());
                }
                at = 0;
            }
            over |= page.isEmpty() || page.get(at).arrival().unixMillis() >= end;
            return !over;
        }

        boolean before(ArrivalId arrival) {
            return more() && page.get(at).arrival().compareTo(arrival) < 0;
        }

        ArrivalId next() {
            return page.get(at++).arrival();
        }

        /// Says whether `name` is listed, and goes beyond its arrival: what was tried under it before has other bytes.
        boolean has(ObjectName name) {
            boolean found = false;
            while (more() && page.get(at).arrival().equals(name.arrival())) {
                found |= page.get(at++).equals(name);
            }
            return found;
        }
    }
}
