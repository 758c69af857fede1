package casella.vault.pack;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.append.Append;
import casella.store.append.AppendConfig;
import casella.store.append.AppendLog;
import casella.store.append.Place;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A vault on plain files of our own, technology `pack`: all accounts' objects in shared append-only segments.
///
/// A put is one record; many share one sync. A read asks the segments from the newest back, whose filters mostly rule
/// it out in memory, then reads one block of an index and the object. A removal is a record, too, and is honoured
/// from then on. Compaction merges segments behind into runs in name order and takes the space back.
public final class PackVault implements Vault {
    private static final int READERS = 4;
    private static final int READS_WAITING_MAX = 1_024;
    /// A stored object is a little longer than its content at most: header, receipt, chunk table.
    private static final int OBJECT_BYTES_MAX = (64 << 20) + (1 << 20);
    private static final int LIST_MAX = 10_000;
    /// What is between two segments' numbers is for those merged from older ones.
    static final long NUMBERS_APART = 1 << 16;
    private static final int PROBE_BYTES = 16;
    private static final byte[] NOTHING = new byte[0];

    private final String name;
    private final AppendLog log;
    private final Bulkhead readers;
    private final PackSegments segments;
    private final PackReads reads;
    private final SecureRandom random = new SecureRandom();
    private final Compaction compaction;
    private volatile boolean closed;

    private PackVault(String name, AppendLog log, PackSegments segments, PackConfig config) {
        this.name = name;
        this.log = log;
        this.segments = segments;
        this.reads = new PackReads(log, segments);
        this.readers = new Bulkhead("vault." + name + ".read", READERS, READS_WAITING_MAX);
        this.compaction = new Compaction(name, log, segments, config, () -> roll(config.breakerAge())).start();
    }

    /// Opens the vault in `folder` on the machine's disk, a new one if it is empty.
    ///
    /// @param name the instance's configured name
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    /// @throws Fault.Corrupt if a segment was written by a newer version
    public static PackVault open(String name, Path folder) {
        return open(name, folder, Disk.real(), PackConfig.standard());
    }

    public static PackVault open(String name, Path folder, Disk disk, PackConfig config) {
        var append =
                new AppendConfig(
                        "vault." + name,
                        "PACK",
                        config.segmentBytesMax(),
                        OBJECT_BYTES_MAX + PackRecord.NAME_BYTES,
                        config.freeShareMin(),
                        config.breakerAge(),
                        NUMBERS_APART);
        AppendLog log = AppendLog.open(disk, folder, append);
        try {
            return new PackVault(name, log, PackSegments.open(name, disk, folder, log), config);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String technology() {
        return "pack";
    }

    @Override
    public Ticket<Void> put(ObjectName object, byte[] bytes) {
        int length = bytes.length;
        Placed placed = place -> segments.put(object, place, length);
        return append(PackRecord.PUT, object.bytes(), bytes, false, placed);
    }

    @Override
    public Ticket<Void> delete(ObjectName object) {
        // Always written, also for a name that is not known: a put of unknown outcome may still surface.
        return append(PackRecord.DELETE, object.bytes(), NOTHING, true, place -> segments.delete(object, place));
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return append(PackRecord.ERASE, PackRecord.body(account), NOTHING, true, place -> segments.erase(account, place));
    }

    private interface Placed extends Append.Progress {
        @Override
        void placed(Place place);
    }

    private Ticket<Void> append(int kind, byte[] head, byte[] body, boolean vital, Placed placed) {
        return log.append(new Append(kind, head, body, vital, placed));
    }

    @Override
    public byte @Nullable [] get(ObjectName object, long from, int length, Duration time) {
        if (from < 0 || length < 0) throw new IllegalArgumentException("range: must not be negative");
        return read(time, () -> reads.get(object, from, length));
    }

    @Override
    public List<Entry> list(AccountId account, Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        check(limit);
        return read(time, () -> reads.list(account, kind, after, limit));
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        check(limit);
        return read(time, () -> reads.accounts(after, limit));
    }

    private static void check(int limit) {
        if (limit < 1 || limit > LIST_MAX) throw new IllegalArgumentException("limit: must be 1 to 10000");
    }

    private <T extends @Nullable Object> T read(Duration time, Callable<T> reading) {
        return readers.call(
                time,
                () -> {
                    try {
                        return reading.call();
                    } catch (PackIndex.Lost e) {
                        segments.rebuild(e.index);
                        throw new Fault.Unavailable("Index is being rebuilt", Map.of("vault", name), e);
                    }
                });
    }

    @Override
    public void probe(Duration time) {
        Deadline deadline = Deadline.in(time);
        byte[] bytes = new byte[PROBE_BYTES];
        random.nextBytes(bytes);
        List<Place> at = new ArrayList<>(1);
        probe(bytes, deadline, at);
        byte[] back = readers.submit(deadline, () -> log.read(at.getFirst()).body()).await(deadline);
        if (!Arrays.equals(bytes, back)) {
            throw new Fault.Corrupt("Probe came back as other bytes", Map.of("vault", name));
        }
        if (readers.submit(deadline, segments::leaveRemoved).await(deadline)) {
            throw new Fault.Unavailable("Files were removed from under the vault", Map.of("vault", name));
        }
    }

    private void probe(byte[] bytes, Deadline deadline, List<Place> at) {
        Placed placed =
                place -> {
                    segments.nothing(place, PROBE_BYTES);
                    at.add(place);
                };
        var _ = append(PackRecord.PROBE, bytes, NOTHING, true, placed).await(deadline);
    }

    /// Has the segment being filled end, if anything is in it, with a record that means nothing in the next.
    private void roll(Duration time) {
        if (!(segments.now().newest() instanceof YoungSegment young) || young.blank()) return;
        log.leave(young.number());
        probe(new byte[PROBE_BYTES], Deadline.in(time), new ArrayList<>(1));
    }

    /// Merges all there is to merge, now and without pace; erased accounts' bytes are then gone from the disk, unless
    /// what is left of them tells of damage. For a command that waits; puts and reads go on meanwhile.
    ///
    /// @throws Fault.Unavailable if it is not done within `time`; it goes on all the same
    public Upkeep compact(Duration time) {
        return compaction.now().await(Deadline.in(time));
    }

    @Override
    public Upkeep upkeep() {
        return compaction.status();
    }

    @Override
    public void pace(long bytesPerSecond) {
        compaction.pace(bytesPerSecond);
    }

    @Override
    public Figures figures() {
        return segments.figures();
    }

    @Override
    public void forgetEvidence(Duration time) {
        segments.forgetEvidence(time);
    }

    @Override
    public void forgetCached(Duration time) {
        var _ = readers.call(time, () -> {
            segments.forgetCached();
            return true;
        });
    }

    @Override
    public long losses() {
        return segments.losses();
    }

    @Override
    public long syncs() {
        return log.syncs();
    }

    /// Writes what waits and the last segment's index, so that the next start scans nothing.
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        compaction.close();
        log.close();
        readers.close();
        segments.close();
    }
}
