package casella.store.tail;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Ticket;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.append.Append;
import casella.store.append.AppendConfig;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.append.Scanned;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The last changes of all accounts in one append log, each synced before it is answered; many share a sync.
///
/// Record kind 1:
///
/// ```text
/// account:u64 modseq:u64 previousSegment:u64 previousOffset:u64 entry
/// ```
///
/// Kind 2 is a probe's, with nothing in it.
///
/// *Previous* is the place of the account's entry before this one, so that an account's entries are found from the
/// newest back without a map of them all. Where the chain is broken by damage, the files are searched.
public final class Tail implements Journal, AutoCloseable {
    private static final int ENTRY = 1;
    private static final int PROBE = 2;
    private static final int HEAD_BYTES = 32;
    private static final long SEGMENT_BYTES_MAX = 64L << 20;
    private static final int ENTRY_BYTES_MAX = 16 << 20;
    private static final int READERS = 2;
    private static final Duration VOUCHING = Duration.ofSeconds(30);
    private static final int READS_WAITING_MAX = 1_024;
    private static final int LIMIT_MAX = 10_000;

    private final AppendLog log;
    private final Bulkhead readers;
    private final ConcurrentHashMap<AccountId, Held> accounts = new ConcurrentHashMap<>();
    /// Segments in which damage was found: kept as evidence when they are no longer needed.
    private final Set<Long> damaged = new HashSet<>();
    private final Disk disk;
    private final Path folder;
    /// Whether there were files when it was opened.
    private final boolean used;
    private volatile @Nullable Vouching vouching;

    private Tail(AppendLog log, Disk disk, Path folder) {
        this.log = log;
        this.disk = disk;
        this.folder = folder;
        this.used = !log.segments().isEmpty();
        this.readers = new Bulkhead("tail.read", READERS, READS_WAITING_MAX);
    }

    /// Opens the tail in `folder` on the machine's disk and reads all it holds.
    ///
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    /// @throws Fault.Corrupt if a file was written by a newer version
    public static Tail open(Path folder) {
        return open(folder, Disk.real(), standard());
    }

    /// Returns the standing limits: files of at most 64 MiB, entries of at most 16 MiB.
    public static AppendConfig standard() {
        return new AppendConfig("tail", "TAIL", SEGMENT_BYTES_MAX, ENTRY_BYTES_MAX + HEAD_BYTES);
    }

    public static Tail open(Path folder, Disk disk, AppendConfig config) {
        Tail tail = new Tail(AppendLog.open(disk, folder, config), disk, folder);
        try {
            for (Segment segment : tail.log.segments()) {
                Scanned scanned = tail.log.scan(segment, 0, tail::take);
                if (!scanned.damaged().isEmpty()) tail.damaged.add(segment.number());
            }
        } catch (RuntimeException e) {
            tail.close();
            throw e;
        }
        return tail;
    }

    /// Compares this tail with the one that served last, and says from now on whether it can lack entries. Without it
    /// nothing is in doubt. Called once, before the first entry.
    ///
    /// @param disk of `registry`
    /// @param registry a folder apart from the tail
    /// @throws Fault.Unavailable if that cannot be written down
    public void vouch(Disk disk, Path registry) {
        vouching = readers.call(VOUCHING, () ->
                Vouching.begin(this.disk, folder, used, damaged, disk, registry, Instant.now()));
    }

    @Override
    public @Nullable Instant doubtedSince() {
        Vouching known = vouching;
        return known == null ? null : known.doubtedSince();
    }

    @Override
    public void proven(Instant doubted, Duration time) {
        Vouching known = vouching;
        if (known == null) return;
        readers.call(time, () -> {
            synchronized (known) {
                known.proven(doubted);
            }
            return true;
        });
    }

    /// Writes down that nothing is held, if so.
    private void clean() {
        Vouching known = vouching;
        if (known == null) return;
        boolean[] held = {false};
        forEach((_, one) -> held[0] |= one.holds());
        if (held[0]) return;
        try {
            readers.call(VOUCHING, () -> {
                synchronized (known) {
                    known.clean();
                }
                return true;
            });
        } catch (Fault e) {
            Log.event(Event.TAIL_CLOSED_UNKNOWN, e);
        }
    }

    private void take(Place place, int kind, byte[] body) {
        if (kind == PROBE) return;
        Head head = Head.of(kind, body);
        @Nullable Sha256 hash = head == null ? null : hash(body);
        if (head == null || hash == null) {
            Log.event(Event.TAIL_RECORD_UNKNOWN, "segment", place.segment(), "offset", place.offset());
            return;
        }
        accounts.computeIfAbsent(head.account(), _ -> new Held()).placed(place, head.modseq(), hash);
    }

    private static @Nullable Sha256 hash(byte[] body) {
        try {
            return Entry.decode(Arrays.copyOfRange(body, HEAD_BYTES, body.length)).hash();
        } catch (Fault.Corrupt e) {
            return null;
        }
    }

    /// What stands before an entry.
    private record Head(AccountId account, Modseq modseq, Place previous) {
        static @Nullable Head of(int kind, byte[] body) {
            if (kind != ENTRY || body.length < HEAD_BYTES) return null;
            ByteBuffer in = ByteBuffer.wrap(body);
            var account = new AccountId(in.getLong());
            long modseq = in.getLong();
            return modseq < 0 ? null : new Head(account, new Modseq(modseq), new Place(in.getLong(), in.getLong()));
        }
    }

    @Override
    public Ticket<Void> append(AccountId account, Modseq modseq, byte[] entry) {
        Sha256 hash = Entry.decode(entry).hash();
        byte[] head = ByteBuffer.allocate(HEAD_BYTES).putLong(account.value()).putLong(modseq.value()).array();
        return log.append(new Append(ENTRY, head, entry, true, new Progress(account, modseq, hash)));
    }

    private final class Progress implements Append.Progress {
        private final AccountId account;
        private final Modseq modseq;
        private final Sha256 hash;

        Progress(AccountId account, Modseq modseq, Sha256 hash) {
            this.account = account;
            this.modseq = modseq;
            this.hash = hash;
        }

        @Override
        public void placing(Place batch, Place place, byte[] head) {
            accounts.compute(
                    account,
                    (_, known) -> {
                        Held held = known == null ? new Held() : known;
                        Place previous = held.placing(batch, place, modseq);
                        ByteBuffer.wrap(head).putLong(16, previous.segment()).putLong(24, previous.offset());
                        return held;
                    });
        }

        @Override
        public void placed(Place place) {
            accounts.compute(
                    account,
                    (_, known) -> {
                        Held held = known == null ? new Held() : known;
                        held.placed(place, modseq, hash);
                        return held;
                    });
        }
    }

    /// Writes something small, synced with whatever else waits, and reads it back.
    ///
    /// @throws Fault if it cannot, or not within `time`
    public void probe(Duration time) {
        Deadline deadline = Deadline.in(time);
        var where = new Ticket<Place>("tail.probe");
        log.append(new Append(PROBE, new byte[0], new byte[0], false, new Append.Progress() {
            @Override
            public void placed(Place place) {
                where.complete(place);
            }
        })).whenAnswered((_, failure) -> {
            if (failure != null) where.fail(failure);
        });
        Place at = where.await(deadline);
        var _ = readers.call(Duration.ofNanos(deadline.remainingNanos()), () -> log.read(at));
    }

    @Override
    public Map<AccountId, Newest> newest() {
        Map<AccountId, Newest> all = new HashMap<>();
        forEach(
                (account, held) -> {
                    if (held.holds() && held.newest != null && held.hash != null) {
                        all.put(account, new Newest(held.newest, held.hash));
                    }
                });
        return all;
    }

    @Override
    public @Nullable Newest newest(AccountId account) {
        Newest[] found = new Newest[1];
        accounts.computeIfPresent(
                account,
                (_, held) -> {
                    if (held.holds() && held.newest != null && held.hash != null) {
                        found[0] = new Newest(held.newest, held.hash);
                    }
                    return held;
                });
        return found[0];
    }

    /// Looks at each account inside the map's own atomic call.
    private void forEach(BiConsumer<AccountId, Held> look) {
        for (AccountId account : accounts.keySet()) {
            accounts.computeIfPresent(
                    account,
                    (_, held) -> {
                        look.accept(account, held);
                        return held;
                    });
        }
    }

    @Override
    public List<byte[]> entries(AccountId account, Modseq from, int limit, Duration time) {
        if (limit < 1 || limit > LIMIT_MAX) throw new IllegalArgumentException("limit: must be 1 to 10000");
        return readers.call(
                time,
                () -> {
                    NavigableMap<Modseq, Place> places = new TreeMap<>();
                    try {
                        follow(account, from, limit, places);
                        return read(places);
                    } catch (Fault.Corrupt e) {
                        Log.event(Event.TAIL_CHAIN_BROKEN, e, "account", account);
                        places.clear();
                        search(account, from, limit, places);
                        return read(places);
                    }
                });
    }

    private List<byte[]> read(NavigableMap<Modseq, Place> places) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        for (Place place : places.values()) {
            byte[] body = log.read(place).body();
            entries.add(Arrays.copyOfRange(body, HEAD_BYTES, body.length));
        }
        return entries;
    }

    /// Follows the chain from the newest entry back.
    ///
    /// @throws Fault.Corrupt where it is broken
    private void follow(AccountId account, Modseq from, int limit, NavigableMap<Modseq, Place> places)
            throws IOException {
        Place[] at = {Place.FIRST};
        accounts.computeIfPresent(
                account,
                (_, held) -> {
                    at[0] = held.last;
                    return held;
                });
        for (Place place = at[0]; log.has(place.segment()); ) {
            AppendLog.Start start = log.start(place, HEAD_BYTES);
            Head head = Head.of(start.kind(), start.body());
            if (head == null || !head.account().equals(account) || !head.previous().before(place)) {
                throw new Fault.Corrupt("Entry is not where the next one says", Map.of("place", place));
            }
            if (head.modseq().compareTo(from) < 0) return;
            places.putIfAbsent(head.modseq(), place);
            if (places.size() > limit) places.pollLastEntry();
            place = head.previous();
        }
    }

    /// Reads all files for one account's entries: slow, and what damage left of them.
    private void search(AccountId account, Modseq from, int limit, NavigableMap<Modseq, Place> places) {
        for (Segment segment : log.segments()) {
            log.scan(
                    segment,
                    0,
                    (place, kind, body) -> {
                        Head head = Head.of(kind, body);
                        if (head == null || !head.account().equals(account)) return;
                        if (head.modseq().compareTo(from) < 0) return;
                        places.put(head.modseq(), place);
                        if (places.size() > limit) places.pollLastEntry();
                    });
        }
    }

    /// Says that entries of an account up to `upTo` are kept elsewhere now. Any thread; deletes nothing by itself.
    @Override
    public void release(AccountId account, Modseq upTo) {
        accounts.computeIfPresent(account, (_, held) -> held.release(upTo) ? null : held);
    }

    /// Deletes files in which nothing is held any more, moves those with damage to the folder `quarantine`; returns how
    /// many went. The file being written stays. For whoever releases, after a round of releases.
    ///
    /// @throws Fault.Unavailable if the disk does not answer within `time`
    @Override
    public int sweep(Duration time) {
        return readers.call(
                time,
                () -> {
                    List<Segment> segments = log.segments();
                    Set<Long> free = new HashSet<>();
                    // The newest is being written, or will tell the next one's header where it ended.
                    for (int i = 0; i < segments.size() - 1; i++) free.add(segments.get(i).number());
                    forEach((_, held) -> free.removeIf(held::spans));
                    for (long number : free) log.drop(number, damaged.contains(number));
                    return free.size();
                });
    }

    /// Returns how many syncs were made since opening.
    public long syncs() {
        return log.syncs();
    }

    /// Returns the number of files.
    public int files() {
        return log.segments().size();
    }

    @Override
    public void close() {
        log.close();
        clean();
        readers.close();
    }
}
