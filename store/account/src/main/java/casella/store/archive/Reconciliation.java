package casella.store.archive;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Entry;
import casella.store.FaceRows;
import casella.store.Filing;
import casella.store.Fold;
import casella.store.Hole;
import casella.store.Shelf;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Opens an account over a hole in its journal: says so in a change of a new epoch, and files anew the mails of lost
/// changes, which the vaults have with their receipts.
///
/// All of it is in the vaults before anything of it is served. So a second loss finds it there and jumps from its end, and
/// no number is ever given out twice.
public final class Reconciliation {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int SEGMENT_BYTES_MAX = 4 << 20;
    private static final int PAGE = 1_000;

    private final Copies copies;
    private final Clock clock;
    private final Metrics metrics;

    public Reconciliation(Copies copies, Clock clock, Metrics metrics) {
        this.copies = copies;
        this.clock = clock;
        this.metrics = metrics;
    }

    /// Returns what knows the ends of journals in the same vaults.
    JournalEnd end() {
        return new JournalEnd(copies, TIME);
    }

    /// What was found in the vaults that the journal does not know.
    ///
    /// @param filed mails filed
    /// @param doubtful of these, mails that arrived before the newest change that is known: a lost change may have brought
    ///                 them, or none ever, so that their sender tried again
    /// @param unreadable mails of which no vault has a good copy
    public record Found(int filed, int doubtful, int unreadable) {}

    /// Opens the account that `folding` has read to its end, and archives what it lays over it. One that was opened for the
    /// same doubt before gets what it lacks and no second gap: the opening may have broken off.
    ///
    /// @param doubted since when the tail is in doubt
    /// @throws Fault.Unavailable if a vault of the policy does not list its objects: a mail may be in that one alone; or if
    ///                           too few vaults take the changes
    Found open(AccountId account, Folding folding, Instant doubted) {
        return open(account, folding, doubted, folding.fold().head().epoch() + 1);
    }

    /// Founds an account of which nothing but its folders is known, and archives that: its mails are filed from the vaults
    /// as over a hole, each into the folder it was meant for, or into INBOX.
    ///
    /// @param folding of nothing
    /// @param folders with INBOX
    /// @param doubted since when the tail is in doubt
    /// @throws Fault.Unavailable if a vault does not say that it has nothing of its journal, or as [#open]
    void found(AccountId account, Folding folding, List<FaceRows.Folder> folders, Instant doubted) {
        for (Shelf shelf : copies.shelves()) {
            for (ObjectName.Kind kind : ObjectName.Kind.values()) {
                if (kind != ObjectName.Kind.MAIL && holds(shelf, account, kind)) throw new Fault.Unavailable(
                        "A vault has something of the journal", Map.of("account", account, "vault", shelf.name()));
            }
        }
        if (copies.shelves().stream().allMatch(shelf -> shelf.vault().figures().objects() == 0)) {
            throw new Fault.Unavailable("Every vault is empty: nothing is founded over that", Map.of("account", account));
        }
        Entry founding = Hole.founding(folders, clock);
        folding.archived(founding);
        var _ = open(account, folding, doubted, folding.fold().head().epoch() + 1, List.of(founding));
    }

    /// Says whether a vault that answers has a mail of the account that came before `until`.
    boolean hasMail(AccountId account, Instant until) {
        for (Shelf shelf : copies.shelves()) {
            try {
                List<Vault.Entry> first = shelf.vault().list(account, ObjectName.Kind.MAIL, null, 1, TIME);
                if (!first.isEmpty() && arrivedBefore(first.getFirst().name(), until)) return true;
            } catch (Fault e) {
                Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            }
        }
        return false;
    }

    private static boolean holds(Shelf shelf, AccountId account, ObjectName.Kind kind) {
        try {
            return !shelf.vault().list(account, kind, null, 1, TIME).isEmpty();
        } catch (Fault e) {
            throw new Fault.Unavailable(
                    "A vault does not say what it has", Map.of("account", account, "vault", shelf.name()), e);
        }
    }

    /// As [#open(AccountId, Folding, Instant)], under an epoch that was claimed for it.
    Found open(AccountId account, Folding folding, Instant doubted, long epoch) {
        return open(account, folding, doubted, epoch, folding.joined());
    }

    /// @param laid entries laid over what the vaults have
    private Found open(AccountId account, Folding folding, Instant doubted, long epoch, List<Entry> laid) {
        Fold fold = folding.fold();
        var after = new Modseq(fold.head().version());
        Instant newest = folding.newestAt();
        List<ObjectName> mails = unknown(account, fold.rows(), newest);
        boolean opened = Hole.opened(fold.head(), doubted);
        if (opened && mails.isEmpty()) return new Found(0, 0, 0);
        var writing = new Writing(account);
        for (Entry entry : laid) writing.add(entry);
        if (!opened) {
            writing.flush();
            Entry opening = Hole.opening(fold.rows(), fold.head(), epoch, doubted, newest, clock);
            folding.archived(opening);
            writing.add(opening);
            metrics.add(Metric.STORE_HOLES, 1);
        }
        Found found = file(folding, mails, newest, writing);
        writing.flush();
        copies.debt().segments().keep(account);
        folding.archivedAll(writing.bytes);
        metrics.add(Metric.STORE_HOLE_MAILS, found.filed() - found.doubtful(), "filed");
        metrics.add(Metric.STORE_HOLE_MAILS, found.doubtful(), "doubtful");
        metrics.add(Metric.STORE_HOLE_MAILS, found.unreadable(), "unreadable");
        copies.holes().came(opened ? 0 : 1, found.doubtful(), clock.now());
        Log.event(
                Event.STORE_HOLE_OPENED,
                "account", account,
                "after", after,
                "newest", newest,
                "epoch", fold.head().epoch(),
                "filed", found.filed(),
                "doubtful", found.doubtful(),
                "unreadable", found.unreadable());
        return found;
    }

    /// Asks the vaults as [#open] does, and writes nothing.
    ///
    /// @throws Fault.Unavailable as [#open]
    void tryOpen(AccountId account, Folding folding) {
        var _ = mails(account, horizon(folding.newestAt()));
    }

    private static Instant horizon(Instant newest) {
        return newest.equals(Instant.EPOCH) ? newest : newest.minus(Hole.HORIZON);
    }

    private Found file(Folding folding, List<ObjectName> mails, Instant newest, Writing writing) {
        int filed = 0;
        int doubtful = 0;
        int unreadable = 0;
        // Read twice: a mail's thread is found by the Message-IDs of others, in one look over the account.
        var hashes = new HashSet<Long>();
        for (ObjectName mail : mails) {
            byte @Nullable [] object = object(mail);
            if (object != null) hashes.addAll(Filing.hashes(StoredObject.read(mail, object)));
        }
        Filing filing = Filing.over(folding.fold().rows(), hashes);
        for (ObjectName mail : mails) {
            Found outcome = one(folding, filing, mail, arrivedBefore(mail, newest), writing);
            filed += outcome.filed();
            doubtful += outcome.doubtful();
            unreadable += outcome.unreadable();
        }
        return new Found(filed, doubtful, unreadable);
    }

    private static boolean arrivedBefore(ObjectName mail, Instant newest) {
        return mail.arrival().unixMillis() <= newest.toEpochMilli();
    }

    /// Names of mails within the horizon that the account does not have and never had.
    private List<ObjectName> unknown(AccountId account, Rows rows, Instant newest) {
        var unknown = new ArrayList<ObjectName>();
        @Nullable Set<ArrivalId> endedBefore = null;
        for (ObjectName mail : mails(account, horizon(newest))) {
            ArrivalId arrival = mail.arrival();
            if (rows.get(new Key.Email(arrival).bytes()) != null) continue;
            if (rows.get(new Key.Ended(arrival).bytes()) != null) continue;
            if (arrivedBefore(mail, newest)) {
                if (endedBefore == null) endedBefore = ended(rows, horizon(newest));
                if (endedBefore.contains(arrival)) continue;
            }
            unknown.add(mail);
        }
        return unknown;
    }

    private Found one(Folding folding, Filing filing, ObjectName mail, boolean doubtful, Writing writing) {
        byte @Nullable [] object = object(mail);
        if (object == null) {
            Log.event(Event.STORE_HOLE_MAIL_LOST, "object", mail);
            return new Found(0, 0, 1);
        }
        Receipt receipt = Receipt.decode(StoredObject.open(mail, object).receipt());
        byte[] content = StoredObject.read(mail, object);
        Entry entry = filing.entry(folding.fold().head(), mail, receipt, content, doubtful, clock);
        if (entry == null) return new Found(0, 0, 0);
        folding.archived(entry);
        writing.add(entry);
        return new Found(1, doubtful ? 1 : 0, 0);
    }

    /// Arrivals since `from` that ended, by the rows that say what ended when. Rows that say it by arrival are not there
    /// for what ended before they were written.
    private static Set<ArrivalId> ended(Rows rows, Instant from) {
        var ended = new HashSet<ArrivalId>();
        rows.scan(new byte[] {0x33}, (key, _) -> {
            ArrivalId arrival = ArrivalId.of(java.util.Arrays.copyOfRange(key, 9, key.length));
            if (arrival.unixMillis() >= from.toEpochMilli()) ended.add(arrival);
            return true;
        });
        return ended;
    }

    /// Names of mails that arrived from `from` on, in every vault; those that are being removed left out.
    private NavigableSet<ObjectName> mails(AccountId account, Instant from) {
        NavigableSet<ObjectName> mails = new TreeSet<>();
        long millis = Math.max(0, from.toEpochMilli() - 1);
        for (Shelf shelf : copies.shelves()) {
            var after = new ObjectName(
                    account, ObjectName.Kind.MAIL, millis << 16, 0, Sha256.wrap(new byte[Sha256.BYTES]));
            try {
                for (List<ObjectName> page = page(shelf, account, after); !page.isEmpty();
                        page = page(shelf, account, page.getLast())) {
                    mails.addAll(page);
                }
            } catch (Fault e) {
                if (shelf.home()) {
                    throw new Fault.Unavailable(
                            "A vault does not say which mails it has", Map.of("account", account, "vault", shelf.name()), e);
                }
                Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            }
        }
        mails.removeIf(this::removed);
        return mails;
    }

    private static List<ObjectName> page(Shelf shelf, AccountId account, ObjectName after) {
        return shelf.vault().list(account, ObjectName.Kind.MAIL, after, PAGE, TIME).stream()
                .map(Vault.Entry::name)
                .toList();
    }

    private boolean removed(ObjectName name) {
        Debt debt = copies.debt();
        if (debt.hasEnded(name)) return true;
        return copies.shelves().stream().anyMatch(one -> debt.owes(name, one.name(), Debt.Kind.REMOVAL));
    }

    /// Returns a stored object from the first vault that has it right; null if none has.
    ///
    /// @throws Fault.Unavailable if a vault that may have it does not answer
    private byte @Nullable [] object(ObjectName name) {
        Fault.@Nullable Unavailable away = null;
        for (Vault vault : copies.vaults()) {
            try {
                byte[] object = vault.get(name, 0, Integer.MAX_VALUE, TIME);
                if (object == null) continue;
                var _ = StoredObject.read(name, object);
                return object;
            } catch (Fault.Unavailable e) {
                away = e;
            } catch (Fault e) {
                Log.event(Event.VAULT_READ_FAILED, "vault", vault.name(), "why", e);
            }
        }
        if (away != null) throw away;
        return null;
    }

    /// Entries on their way into segments.
    private final class Writing {
        private final AccountId account;
        private final List<Entry> entries = new ArrayList<>();
        private long waiting;
        private long bytes;

        Writing(AccountId account) {
            this.account = account;
        }

        void add(Entry entry) {
            entries.add(entry);
            waiting += entry.encodedChange().length;
            for (byte[] content : entry.contents().values()) waiting += content.length;
            if (waiting >= SEGMENT_BYTES_MAX) flush();
        }

        void flush() {
            if (entries.isEmpty()) return;
            bytes += SegmentPut.of(copies, account, entries).bytes();
            entries.clear();
            waiting = 0;
        }
    }
}
