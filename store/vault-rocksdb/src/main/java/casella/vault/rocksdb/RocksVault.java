package casella.vault.rocksdb;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Committer;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.rocksdb.RocksFaults;
import casella.store.disk.Disk;
import casella.store.disk.Room;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// A vault on RocksDB with its blobs in files of their own; the layout of its rows is the table in [ObjectRow].
///
/// Threads: one committer writes and syncs for all callers, a pool reads with one hop a call, one more thread probes.
/// A database that cannot be opened or written any more is set aside and the next one begun ([Generations]); objects that
/// were only in a part that cannot be read are `Fault.Corrupt`, so that they count as lost here and not as never put.
public final class RocksVault implements Vault {
    public static final String TECHNOLOGY = "rocksdb";

    private static final int OBJECT_BYTES_MAX = StoredObject.CONTENT_BYTES_MAX + (1 << 20);
    private static final int LIMIT_MAX = 10_000;

    private final String name;
    private final Generations generations;
    private final Room room;
    private final ObjectWriter writer;
    private final Committer<ObjectWriter.Write> committer;
    private final Bulkhead readers;
    private final Bulkhead prober;
    private final CarryOver carryOver;

    private RocksVault(
            String name, Path folder, Disk disk, Generations generations, RocksVaultConfig config) {
        this.name = name;
        this.generations = generations;
        this.room = new Room(name, disk, folder, config.freeShareMin());
        this.writer = new ObjectWriter(name, generations, config, room);
        this.committer = new Committer<>("vault." + name + ".write", writer);
        this.readers = new Bulkhead("vault." + name + ".read", config.readThreads(), config.readsWaitingMax());
        this.prober = new Bulkhead("vault." + name + ".probe", 1, 4);
        this.carryOver = new CarryOver(name, generations, readers, committer, room,
                object -> find(object, 0, Integer.MAX_VALUE));
    }

    /// Opens the vault in `folder`, making it where the folder holds none. Damaged files do not keep it from opening: they
    /// are set aside. Blocks: call it from a platform thread.
    ///
    /// @param name the instance's configured name
    /// @throws Fault.Unavailable if another process holds it or the folder cannot be written
    public static RocksVault open(String name, Path folder, RocksVaultConfig config) {
        return open(name, folder, config, () -> {});
    }

    /// As above, for tests that hang it.
    ///
    /// @param entering runs where a native thread begins to call the library, on that thread: what holds it there holds
    ///        it as a hung call would
    public static RocksVault open(String name, Path folder, RocksVaultConfig config, Runnable entering) {
        return open(name, folder, config, entering, Disk.real());
    }

    /// As above, for tests that fill the disk.
    ///
    /// @param disk asked for nothing but its space
    static RocksVault open(
            String name, Path folder, RocksVaultConfig config, Runnable entering, Disk disk) {
        var generations = new Generations(name, folder, config, entering);
        return new RocksVault(name, folder, disk, generations, config);
    }

    /// For tests that break it.
    Generations generations() {
        return generations;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String technology() {
        return TECHNOLOGY;
    }

    @Override
    public Ticket<Void> put(ObjectName object, byte[] bytes) {
        if (bytes.length > OBJECT_BYTES_MAX) {
            return Ticket.failed("vault.put", new Fault.Exhausted("Object too large", Map.of("bytes", bytes.length)));
        }
        try {
            if (room.low()) return Ticket.failed("vault.put", room.full());
            ObjectRow row = ObjectRow.of(bytes.length, StoredObject.open(object, bytes).receipt());
            return committer.submit(new ObjectWriter.Write.Put(object, row, bytes), bytes.length);
        } catch (Fault.Corrupt damagedBeforeItCame) {
            return Ticket.failed("vault.put", damagedBeforeItCame);
        }
    }

    @Override
    public Ticket<Void> delete(ObjectName object) {
        return committer.submit(new ObjectWriter.Write.Delete(object), ObjectName.BYTES);
    }

    @Override
    public Ticket<Void> erase(AccountId account) {
        return committer.submit(new ObjectWriter.Write.Erase(account), ObjectName.BYTES);
    }

    @Override
    public byte @Nullable [] get(ObjectName object, long from, int length, Duration time) {
        if (from < 0 || length < 0) throw new IllegalArgumentException("vault range: must not be negative");
        return readers.call(time, () -> Optional.ofNullable(find(object, from, length))).orElse(null);
    }

    private byte @Nullable [] find(ObjectName object, long from, int length) {
        Generations.State state = generations.state();
        boolean lost = state.lost();
        for (Generation each : state.readable()) {
            each.enter();
            try {
                @Nullable ObjectRow row = each.row(object);
                if (row != null) return row.gone() ? null : each.read(object, row, from, length);
                if (each.number() > 1 && each.hides(object.account())) return null;
            } catch (RocksDBException e) {
                if (each == state.current()) throw RocksFaults.of("Object cannot be read", e);
                lost = true;
            } finally {
                each.leave();
            }
        }
        if (!lost) return null;
        throw new Fault.Corrupt("Not found, and part of this vault is set aside unreadable", Map.of("vault", name));
    }

    @Override
    public List<Entry> list(
            AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time) {
        checkLimit(limit);
        return readers.call(time, () -> {
            try (var all = new Merged(generations.state())) {
                return page(all, account, kind, after, limit);
            }
        });
    }

    private static List<Entry> page(
            Merged all, AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit) {
        byte[] prefix = ObjectName.prefix(account, kind);
        boolean inside = after != null && after.account().equals(account) && after.kind() == kind;
        all.seek(inside ? following(after) : prefix);
        var found = new ArrayList<Entry>();
        while (found.size() < limit) {
            Merged.@Nullable Live live = all.next();
            if (live == null || !live.name().account().equals(account) || live.name().kind() != kind) break;
            found.add(new Entry(live.name(), live.row().length(), live.row().receipt()));
        }
        return found;
    }

    /// Returns the smallest key after a name's.
    static byte[] following(@Nullable ObjectName name) {
        if (name == null) return new byte[0];
        return ByteBuffer.allocate(ObjectName.BYTES + 1).put(name.bytes()).array();
    }

    @Override
    public List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time) {
        checkLimit(limit);
        return readers.call(time, () -> {
            try (var all = new Merged(generations.state())) {
                var found = new ArrayList<AccountId>();
                all.seek(after == null ? new byte[0] : Generation.afterAccount(after));
                while (found.size() < limit) {
                    Merged.@Nullable Live live = all.next();
                    if (live == null) break;
                    found.add(live.name().account());
                    all.seek(Generation.afterAccount(live.name().account()));
                }
                return found;
            }
        });
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) throw new IllegalArgumentException("vault limit: must be 1 to 10,000");
    }

    @Override
    public void probe(Duration time) {
        prober.call(time, () -> {
            if (generations.anyRemoved()) {
                // Only the committer changes which databases there are.
                var _ = committer.submit(new ObjectWriter.Write.Leave(), 0);
                throw new Fault.Unavailable("Files were removed from under the vault", Map.of("vault", name));
            }
            Generation current = generations.state().current();
            current.enter();
            try {
                current.probe();
                return 0;
            } catch (RocksDBException e) {
                throw RocksFaults.of("Probe failed", e);
            } finally {
                current.leave();
            }
        });
    }

    /// Returns what is there. An object that is both in the current database and in one set aside counts twice; what was
    /// set aside also counts as quarantined, a database of unknown content as one.
    @Override
    public Figures figures() {
        long objects = writer.count().objects();
        long bytes = writer.count().bytes();
        long quarantined = 0;
        for (Generations.Older each : generations.state().older()) {
            objects += each.objects();
            bytes += each.bytes();
            quarantined += Math.max(1, each.objects());
        }
        return new Figures(objects, bytes, quarantined);
    }

    @Override
    public void forgetEvidence(Duration time) {
        Generations.State now = generations.state();
        boolean carried = carryOver.of(now, Deadline.in(time));
        var _ = readers.call(time, () -> {
            generations.forgetOlder(now, carried);
            return true;
        });
    }

    /// Blobs, and so every object of 4 KiB and more; smaller ones may come out of the database's own block cache.
    @Override
    public void forgetCached(Duration time) {
        var _ = readers.call(time, () -> {
            generations.forgetCached();
            return true;
        });
    }

    @Override
    public long losses() {
        return generations.losses();
    }

    @Override
    public long syncs() {
        return writer.syncs();
    }

    /// Commits what waits and closes. A native call that hangs is left behind after 5 s.
    @Override
    public void close() {
        committer.close();
        readers.close();
        prober.close();
        generations.close();
    }
}
