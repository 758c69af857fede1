package casella.vault.rocksdb;

import casella.base.AccountId;
import casella.base.Committer;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.rocksdb.RocksFaults;
import casella.store.disk.Room;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// Turns what many callers handed over into one synced write, counting objects as it goes.
///
/// When the database refuses: a full disk is told to the callers; damage sets it aside at once and the same batch goes to
/// the next one; any other error does so when the database has not recovered by itself within `selfRepair`. Putting and
/// removing again are harmless, so a batch may be applied twice.
final class ObjectWriter implements Committer.Sink<ObjectWriter.Write> {
    /// One caller's wish.
    sealed interface Write {
        record Put(ObjectName name, ObjectRow row, byte[] object) implements Write {}

        /// As a put, of what an older generation has: only where the current one says nothing of it.
        record Carry(ObjectName name, ObjectRow row, byte[] object) implements Write {}

        record Delete(ObjectName name) implements Write {}

        record Erase(AccountId account) implements Write {}

        /// Databases whose files somebody removed are to be left.
        record Leave() implements Write {}
    }

    /// How many objects there are, and their stored bytes.
    record Count(long objects, long bytes) {
        Count plus(long moreObjects, long moreBytes) {
            return new Count(objects + moreObjects, bytes + moreBytes);
        }
    }

    private static final long NOT_FAILING = 0;
    private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();
    /// Above this share of waste the blobs are collected, below half of it no more.
    private static final double WASTE_MAX = 0.2;

    private final String vault;
    private final Generations generations;
    private final RocksVaultConfig config;
    private final Room room;
    private final AtomicLong syncs = new AtomicLong();
    private volatile Count count;
    /// The generation that [#count] is about.
    private int counted;
    private long failingSince = NOT_FAILING;
    private long lookedAt = System.nanoTime() - LOOK_NANOS;
    /// The generation whose blobs are being collected, 0 for none.
    private int collecting;

    /// @param room of the disk the vault is on; measured here
    ObjectWriter(String vault, Generations generations, RocksVaultConfig config, Room room) {
        this.room = room;
        this.vault = vault;
        this.generations = generations;
        this.config = config;
        this.count = opened();
    }

    /// Counts are written with every batch; where they are missing or a log was salvaged the names are counted anew.
    private Count opened() {
        Generation current = generations.state().current();
        counted = current.number();
        try {
            long @Nullable [] kept = current.figures();
            if (kept != null && !generations.salvaged()) return new Count(kept[0], kept[1]);
            return counted(current, new byte[0], null);
        } catch (RocksDBException e) {
            Log.event(Event.VAULT_UNCOUNTED, e, "vault", vault);
            return new Count(0, 0);
        }
    }

    private static Count counted(Generation generation, byte[] from, byte @Nullable [] until)
            throws RocksDBException {
        var sum = new Count(0, 0);
        try (RocksIterator at = generation.iterateNames()) {
            for (at.seek(from); at.isValid(); at.next()) {
                if (until != null && Arrays.compareUnsigned(at.key(), until) >= 0) break;
                ObjectRow row = ObjectRow.decode(at.value());
                if (!row.gone()) sum = sum.plus(1, row.length());
            }
            at.status();
            return sum;
        }
    }

    Count count() {
        return count;
    }

    long syncs() {
        return syncs.get();
    }

    @Override
    public void commit(List<Write> writes) {
        measure();
        if (writes.stream().anyMatch(Write.Leave.class::isInstance)) generations.leaveRemoved();
        try {
            apply(generations.state().current(), writes);
            failingSince = NOT_FAILING;
        } catch (RocksDBException first) {
            Generation next = successor(first);
            try {
                apply(next, writes);
                failingSince = NOT_FAILING;
            } catch (RocksDBException second) {
                throw RocksFaults.of("Objects cannot be written", second);
            }
        }
        look(false);
    }

    @Override
    public void idle() {
        measure();
        look(false);
    }

    /// What is in memory will be written once more: a disk that it would fill has no room already, or the ballast of all
    /// others on it would go.
    private void measure() {
        if (!room.due()) return;
        Generation current = generations.state().current();
        current.enter();
        try {
            room.lookNow(current.unflushed());
        } catch (RocksDBException e) {
            room.lookNow();
        } finally {
            current.leave();
        }
    }

    /// Has the blobs collected while enough of them is waste. Looks once a minute, or `now`; on the committer's thread.
    void look(boolean now) {
        if (!now && System.nanoTime() - lookedAt < LOOK_NANOS) return;
        lookedAt = System.nanoTime();
        Generation current = generations.state().current();
        current.enter();
        try {
            boolean on = collecting == current.number();
            double waste = current.waste();
            boolean wanted = waste > (on ? WASTE_MAX / 2 : WASTE_MAX);
            if (wanted == on) return;
            current.collect(wanted);
            collecting = wanted ? current.number() : 0;
            String share = Math.round(waste * 100) + "%";
            Log.event(Event.VAULT_COLLECTING, "vault", vault, "on", wanted, "waste", share);
        } catch (RocksDBException e) {
            Log.event(Event.VAULT_COLLECTING, e, "vault", vault, "on", "unknown");
        } finally {
            current.leave();
        }
    }

    private Generation successor(RocksDBException why) {
        if (failingSince == NOT_FAILING) {
            failingSince = Math.max(1, System.nanoTime());
            Log.event(Event.VAULT_WRITE_FAILED, why, "vault", vault);
        }
        boolean mayRecover = System.nanoTime() - failingSince < config.selfRepair().toNanos();
        if (RocksFaults.full(why) || (mayRecover && !RocksFaults.corruption(why))) {
            throw RocksFaults.of("Objects cannot be written", why);
        }
        return generations.setAside(why, count.objects(), count.bytes());
    }

    private void apply(Generation current, List<Write> writes) throws RocksDBException {
        current.enter();
        try (var step = new Step(current)) {
            for (Write write : writes) {
                switch (write) {
                    case Write.Put(var name, var row, var object) -> step.put(name, row, object);
                    case Write.Carry(var name, var row, var object) -> step.carry(name, row, object);
                    case Write.Delete(var name) -> step.delete(name);
                    case Write.Erase(var account) -> step.erase(account);
                    case Write.Leave _ -> {}
                }
            }
            step.write();
        } finally {
            current.leave();
        }
    }

    /// A batch under way: what it will have changed, which reads of the database do not show yet.
    private final class Step implements AutoCloseable {
        private final Generation current;
        private final boolean hasOlder = !generations.state().older().isEmpty();
        private final WriteBatch batch = new WriteBatch();
        private final Map<ObjectName, ObjectRow> pending = new HashMap<>();
        private Count next;

        Step(Generation current) {
            this.current = current;
            next = current.number() == counted ? count : new Count(0, 0);
        }

        void put(ObjectName name, ObjectRow row, byte[] object) throws RocksDBException {
            ObjectRow before = row(name);
            current.removePieces(batch, name, row.pieces(), Math.max(row.pieces(), before.pieces()));
            current.put(batch, name, row, object);
            pending.put(name, row);
            next = next.plus(before.gone() ? 1 : 0, row.length() - before.length());
        }

        /// What went since it was read in an older generation stays gone.
        void carry(ObjectName name, ObjectRow row, byte[] object) throws RocksDBException {
            boolean told = pending.containsKey(name) || current.row(name) != null;
            if (!told && !current.hides(name.account())) put(name, row, object);
        }

        void delete(ObjectName name) throws RocksDBException {
            ObjectRow before = row(name);
            if (hasOlder) current.hide(batch, name);
            else if (!before.gone()) current.forget(batch, name);
            current.removePieces(batch, name, 0, before.pieces());
            pending.put(name, ObjectRow.GONE);
            next = next.plus(before.gone() ? 0 : -1, -before.length());
        }

        void erase(AccountId account) throws RocksDBException {
            write();
            byte[] from = ByteBuffer.allocate(8).putLong(account.value()).array();
            Count gone = counted(account, from);
            current.removeAccount(batch, account);
            if (hasOlder) current.hide(batch, account);
            next = next.plus(-gone.objects(), -gone.bytes());
            write();
        }

        private Count counted(AccountId account, byte[] from) {
            try {
                return ObjectWriter.counted(current, from, Generation.afterAccount(account));
            } catch (RocksDBException | Fault.Corrupt e) {
                // Erasing matters more than counting; the count is put right by the next recount.
                Log.event(Event.VAULT_UNCOUNTED, e, "vault", vault);
                return new Count(0, 0);
            }
        }

        /// Returns what the name stands for, [ObjectRow#GONE] for nothing. A row that cannot be read must not keep its
        /// object from being written again.
        private ObjectRow row(ObjectName name) {
            @Nullable ObjectRow known = pending.get(name);
            if (known != null) return known;
            try {
                @Nullable ObjectRow stored = current.row(name);
                return stored == null ? ObjectRow.GONE : stored;
            } catch (RocksDBException | Fault.Corrupt e) {
                return ObjectRow.GONE;
            }
        }

        void write() throws RocksDBException {
            if (batch.count() == 0) return;
            current.figures(batch, next.objects(), next.bytes());
            syncs.incrementAndGet();
            current.write(batch);
            count = next;
            counted = current.number();
            batch.clear();
            pending.clear();
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}
