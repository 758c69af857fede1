package casella.vault.rocksdb;

import casella.base.Bulkhead;
import casella.base.Committer;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.disk.Room;
import casella.store.vault.ObjectName;
import casella.store.vault.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Writes into the database that is written what only those set aside have, as far as it can be read. What cannot is lost
/// here anyhow, and others have it: whoever has evidence forgotten sees to that.
///
/// Goes on where it was when it is asked again, until a database is begun or left; never into the last of a disk.
final class CarryOver {
    /// Names looked at in one go by a reader.
    private static final int PAGE = 1_000;
    /// Handed over before the first of them is waited for.
    private static final long TOGETHER_BYTES = 8L << 20;

    /// Finds an object in whichever database has it, on a reader's thread.
    interface Finding {
        byte @Nullable [] find(ObjectName object);
    }

    /// @param missing names that the database written says nothing of
    /// @param next where to go on; null at the end
    private record Page(List<ObjectName> missing, byte @Nullable [] next) {}

    private final String vault;
    private final Generations generations;
    private final Bulkhead readers;
    private final Committer<ObjectWriter.Write> committer;
    private final Room room;
    private final Finding finding;
    private Generations.@Nullable State of;
    private byte @Nullable [] from = new byte[0];

    CarryOver(String vault, Generations generations, Bulkhead readers, Committer<ObjectWriter.Write> committer, Room room,
            Finding finding) {
        this.vault = vault;
        this.generations = generations;
        this.readers = readers;
        this.committer = committer;
        this.room = room;
        this.finding = finding;
    }

    /// Goes on until all is carried over, or the time is up.
    ///
    /// @param now what there is
    /// @return whether all of it is there now; no object is between
    synchronized boolean of(Generations.State now, Deadline deadline) {
        if (now != of) {
            of = now;
            from = new byte[0];
        }
        while (from != null) {
            byte[] at = from;
            if (deadline.over()) return false;
            Page page = readers.call(left(deadline), () -> page(now, at));
            if (!carried(page.missing(), deadline)) return false;
            from = page.next();
        }
        return now == generations.state();
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    private static Page page(Generations.State now, byte[] at) throws RocksDBException {
        var missing = new ArrayList<ObjectName>();
        Generation current = now.current();
        current.enter();
        try (var all = new Merged(now)) {
            all.seek(at);
            ObjectName last = null;
            for (int looked = 0; looked < PAGE; looked++) {
                Merged.@Nullable Live live = all.next();
                if (live == null) return new Page(missing, null);
                last = live.name();
                if (current.row(last) == null) missing.add(last);
            }
            return new Page(missing, RocksVault.following(last));
        } finally {
            current.leave();
        }
    }

    private boolean carried(List<ObjectName> objects, Deadline deadline) {
        var underWay = new ArrayList<Ticket<Void>>();
        long bytes = 0;
        for (ObjectName object : objects) {
            if (deadline.over() || room.low()) return false;
            byte[] found = read(object, deadline);
            if (found == null) continue;
            ObjectRow row = ObjectRow.of(found.length, StoredObject.open(object, found).receipt());
            underWay.add(committer.submit(new ObjectWriter.Write.Carry(object, row, found), found.length));
            bytes += found.length;
            if (bytes < TOGETHER_BYTES) continue;
            awaited(underWay, deadline);
            bytes = 0;
        }
        awaited(underWay, deadline);
        return true;
    }

    private static void awaited(List<Ticket<Void>> underWay, Deadline deadline) {
        for (Ticket<Void> ticket : underWay) {
            var _ = ticket.await(deadline);
        }
        underWay.clear();
    }

    /// Returns a whole object, or null where it cannot be had here any more.
    private byte @Nullable [] read(ObjectName object, Deadline deadline) {
        try {
            byte[] bytes = readers.call(left(deadline), () -> Optional.ofNullable(finding.find(object))).orElse(null);
            if (bytes != null) {
                var _ = StoredObject.read(object, bytes);
            }
            return bytes;
        } catch (Fault.Corrupt e) {
            Log.event(Event.VAULT_READ_FAILED, "vault", vault, "object", object, "why", e);
            return null;
        }
    }
}
