package casella.store.tail;

import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.append.Place;
import org.jspecify.annotations.Nullable;

/// What the tail remembers of one account: never more than this, however many entries it has.
///
/// Changed only inside the map's own atomic calls.
final class Held {
    private static final long NONE = 0;

    /// Newest synced entry; null before the first.
    @Nullable Modseq newest;
    @Nullable Sha256 hash;
    Place last = Place.FIRST;

    /// Newest entry handed to the file and not yet synced, and the batch it is in; null when there is none.
    private @Nullable Place pending;
    private @Nullable Place pendingBatch;
    private @Nullable Modseq pendingModseq;

    /// Everything held is in segments from this one on; NONE when all is released.
    private long oldest = NONE;
    /// The first entry after `oldest` that was in a later segment: when all before it is released, `oldest` moves here.
    private long laterSegment = NONE;
    private @Nullable Modseq laterModseq;

    /// Takes an entry that is about to be written; returns the place of the entry before it.
    Place placing(Place batch, Place place, Modseq modseq) {
        boolean sameBatch = batch.equals(pendingBatch);
        Place previous = sameBatch && pending != null ? pending : last;
        Modseq highest = sameBatch ? pendingModseq : newest;
        if (highest == null || modseq.compareTo(highest) >= 0) {
            pending = place;
            pendingBatch = batch;
            pendingModseq = modseq;
        }
        return previous;
    }

    /// Takes an entry that is synced. One older than the newest is a repetition and stays off the chain.
    void placed(Place place, Modseq modseq, Sha256 entryHash) {
        if (place.equals(pending)) {
            pending = null;
            pendingBatch = null;
            pendingModseq = null;
        }
        if (newest != null && modseq.compareTo(newest) < 0) return;
        newest = modseq;
        hash = entryHash;
        last = place;
        if (oldest == NONE) {
            oldest = place.segment();
        } else if (laterSegment == NONE && place.segment() > oldest) {
            laterSegment = place.segment();
            laterModseq = modseq;
        }
    }

    /// Lets entries up to `upTo` go; returns whether nothing is left to remember.
    boolean release(Modseq upTo) {
        if (newest == null || upTo.compareTo(newest) >= 0) {
            oldest = NONE;
            laterSegment = NONE;
            laterModseq = null;
            return pending == null;
        }
        if (laterModseq != null && laterModseq.value() <= upTo.value() + 1) {
            oldest = laterSegment;
            laterSegment = NONE;
            laterModseq = null;
        }
        return false;
    }

    /// Says whether anything held may be in segment `number`: true when unsure.
    boolean spans(long number) {
        return oldest != NONE && oldest <= number && number <= last.segment();
    }

    boolean holds() {
        return oldest != NONE;
    }
}
