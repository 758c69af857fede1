package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.store.vault.ObjectName;
import casella.vault.pack.Words.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A segment without an index yet: the one being filled, or one found after a crash. Every name is in memory.
///
/// One thread adds; any thread reads.
final class YoungSegment implements PackSegment {
    /// A name may be said several times in one segment; older says stay, so that "as of" can be asked.
    private record Said(Slot slot, @Nullable Said before) {
        @Nullable Slot asOf(Place place) {
            for (Said at = this; at != null; at = at.before) if (at.slot.place().before(place)) return at.slot;
            return null;
        }
    }

    /// An account's objects before this place are gone.
    record Erasure(AccountId account, Place place) {}

    private final long number;
    private final ConcurrentSkipListMap<ObjectName, Said> names = new ConcurrentSkipListMap<>();
    private final List<Erasure> erasures = new ArrayList<>();
    /// What this segment's records changed in the vault's figures.
    final AtomicLong objects = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    /// Offset after the last record.
    private volatile long end;
    private volatile boolean uncertain;
    /// How many times anything was said of a name; the adding thread's own.
    private int said;

    YoungSegment(long number) {
        this.number = number;
    }

    void put(ObjectName name, Place place, int length) {
        said++;
        names.compute(name, (_, before) -> new Said(new Slot(place, length), before));
        objects.incrementAndGet();
        bytes.addAndGet(length);
    }

    void delete(ObjectName name, Place place) {
        said++;
        names.compute(name, (_, before) -> new Said(new Slot(place, Slot.REMOVED), before));
    }

    synchronized void erase(AccountId account, Place place) {
        erasures.add(new Erasure(account, place));
    }

    synchronized List<Erasure> erasures() {
        return List.copyOf(erasures);
    }

    /// Takes out of the figures the object that a record of this segment at `place` replaced or removed, and returns
    /// where it was; null if there was none.
    @Nullable Slot count(Snapshot in, ObjectName name, Place place) throws IOException {
        Slot slot = in.find(name, place);
        if (slot != null) forget(slot);
        return slot;
    }

    /// Likewise for all objects of an account that was erased at `place`.
    List<Slot> count(Snapshot in, AccountId account, Place place) throws IOException {
        List<Slot> gone = new ArrayList<>();
        LiveObjects objects = in.live(account, place).seek(LiveObjects.first(account));
        for (Word word = objects.next(); word != null && word.name().account().equals(account); word = objects.next()) {
            forget(word.slot());
            gone.add(word.slot());
        }
        return gone;
    }

    private void forget(Slot slot) {
        objects.decrementAndGet();
        bytes.addAndGet(-slot.length());
    }

    void end(long offset) {
        end = offset;
    }

    long end() {
        return end;
    }

    /// Says that the figures here could not be kept right.
    void uncertain() {
        uncertain = true;
    }

    boolean certain() {
        return !uncertain;
    }

    int said() {
        return said;
    }

    /// Says whether no record here tells anything.
    synchronized boolean blank() {
        return names.isEmpty() && erasures.isEmpty();
    }

    int size() {
        return names.size();
    }

    /// Returns how many accounts have names here. Goes through all of them.
    int accounts() {
        int count = 0;
        for (ObjectName at = names.isEmpty() ? null : names.firstKey(); at != null; count++) {
            at = names.higherKey(LiveObjects.last(at.account()));
        }
        return count;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public @Nullable Slot find(ObjectName name, Place before) {
        Said said = names.get(name);
        return said == null ? null : said.asOf(before);
    }

    @Override
    public boolean mayHold(AccountId account) {
        ObjectName first = names.ceilingKey(LiveObjects.first(account));
        return first != null && first.account().equals(account);
    }

    @Override
    public boolean mayHold(ObjectName name) {
        return names.containsKey(name);
    }

    @Override
    public Cursor cursor(Place before) {
        return new Cursor() {
            private Map.@Nullable Entry<ObjectName, Said> at;
            private @Nullable Slot slot;

            @Override
            public boolean seek(ObjectName from) {
                return settle(names.ceilingEntry(from));
            }

            @Override
            public boolean next() {
                return settle(names.higherEntry(name()));
            }

            private boolean settle(Map.@Nullable Entry<ObjectName, Said> entry) {
                at = entry;
                slot = null;
                while (at != null) {
                    slot = at.getValue().asOf(before);
                    if (slot != null) return true;
                    at = names.higherEntry(at.getKey());
                }
                return false;
            }

            @Override
            public ObjectName name() {
                if (at == null) throw new IllegalStateException("cursor at no name");
                return at.getKey();
            }

            @Override
            public Slot slot() {
                if (slot == null) throw new IllegalStateException("cursor at no name");
                return slot;
            }
        };
    }
}
