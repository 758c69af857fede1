package casella.continuity.burnin;

import casella.continuity.burnin.Synthetic.Lot;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/// What the vault must hold: a bit for each object. Safe from any thread.
final class Held {
    private final Map<Lot, BitSet> there = new EnumMap<>(Lot.class);
    private long objects;
    private long bytes;
    private long unknown;

    Held() {
        for (Lot lot : Lot.values()) there.put(lot, new BitSet());
    }

    private BitSet of(Lot lot) {
        BitSet numbers = there.get(lot);
        if (numbers == null) throw new IllegalStateException("no such lot");
        return numbers;
    }

    /// A put was answered.
    synchronized void put(Lot lot, long number, long length) {
        of(lot).set((int) number);
        objects++;
        bytes += length;
    }

    /// A put or a removal was not answered: the object may be there or not.
    synchronized void unsure() {
        unknown++;
    }

    /// A removal is about to be asked for: from now on it need not be there. Returns whether it had to be.
    synchronized boolean takeOut(Lot lot, long number, long length) {
        if (!there(lot, number)) return false;
        of(lot).clear((int) number);
        objects--;
        bytes -= length;
        return true;
    }

    synchronized boolean there(Lot lot, long number) {
        return of(lot).get((int) number);
    }

    /// Returns how many of a lot are there.
    synchronized long count(Lot lot) {
        return of(lot).cardinality();
    }

    /// Returns one more than the highest number that is there.
    synchronized long until(Lot lot) {
        return of(lot).length();
    }

    synchronized long objects() {
        return objects;
    }

    synchronized long bytes() {
        return bytes;
    }

    /// Returns how many may be there beside those that must be.
    synchronized long unknown() {
        return unknown;
    }
}
