package casella.vault.rocksdb;

import casella.base.AccountId;
import casella.base.Fault;
import casella.rocksdb.RocksFaults;
import casella.store.vault.ObjectName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The names of all generations in one order: what a newer one says hides what an older one holds.
///
/// For the thread that made it. Where names of an older generation cannot be read they are left out: what was set aside is
/// counted in the vault's figures. Where those of the current one cannot be read, that is a fault.
final class Merged implements AutoCloseable {
    /// An object that is there.
    record Live(ObjectName name, ObjectRow row) {}

    private record Source(Generation generation, RocksIterator at) {}

    private final List<Source> sources = new ArrayList<>();
    private @Nullable AccountId account;
    private int visible;

    /// Opens iterators over `state`, positioned nowhere.
    Merged(Generations.State state) {
        try {
            for (Generation each : state.readable()) {
                each.enter();
                sources.add(new Source(each, each.iterateNames()));
            }
        } catch (Fault.Unavailable closed) {
            close();
            throw closed;
        }
    }

    /// Goes to the first name at or after `key`.
    void seek(byte[] key) {
        for (Source each : sources) each.at().seek(key);
    }

    /// Returns the next object in name order and steps over it, or null at the end.
    @Nullable Live next() {
        while (true) {
            byte @Nullable [] key = null;
            for (int i = 0; i < sources.size(); i++) {
                RocksIterator at = sources.get(i).at();
                if (!valid(i)) continue;
                byte[] candidate = at.key();
                if (key == null || Arrays.compareUnsigned(candidate, key) < 0) key = candidate;
            }
            if (key == null) return null;
            @Nullable Live live = step(key);
            if (live != null) return live;
        }
    }

    private boolean valid(int index) {
        RocksIterator at = sources.get(index).at();
        if (at.isValid()) return true;
        if (index > 0) return false;
        try {
            at.status();
            return false;
        } catch (RocksDBException e) {
            throw RocksFaults.of("Names cannot be read", e);
        }
    }

    /// Takes the newest row of `key` and steps over it everywhere; null if it is hidden or an older one is unreadable.
    private @Nullable Live step(byte[] key) {
        @Nullable Live live = null;
        boolean decided = false;
        for (int i = 0; i < sources.size(); i++) {
            RocksIterator at = sources.get(i).at();
            if (!at.isValid() || !Arrays.equals(at.key(), key)) continue;
            if (!decided) live = row(i, key, at.value());
            decided = true;
            at.next();
        }
        return live;
    }

    private @Nullable Live row(int index, byte[] key, byte[] value) {
        try {
            ObjectName name = ObjectName.of(key);
            ObjectRow row = ObjectRow.decode(value);
            return row.gone() || index > visible(name.account()) ? null : new Live(name, row);
        } catch (IllegalArgumentException | Fault.Corrupt e) {
            if (index > 0) return null;
            throw new Fault.Corrupt("Row of a name unreadable", Map.of(), e);
        }
    }

    /// Returns the index of the oldest generation of which `of` still shows: the newest one that erased it, or the last.
    private int visible(AccountId of) {
        if (of.equals(account)) return visible;
        int last = sources.size() - 1;
        for (int i = 0; i < last; i++) {
            try {
                if (sources.get(i).generation().hides(of)) last = i;
            } catch (RocksDBException e) {
                throw RocksFaults.of("Names cannot be read", e);
            }
        }
        account = of;
        visible = last;
        return last;
    }

    @Override
    public void close() {
        for (Source each : sources) {
            each.at().close();
            each.generation().leave();
        }
        sources.clear();
    }
}
