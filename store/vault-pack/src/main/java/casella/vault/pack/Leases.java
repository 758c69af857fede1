package casella.vault.pack;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who reads in which segments: a file goes only when nobody does, so that no read fails because of a compaction.
final class Leases {
    private final Set<Lease> open = ConcurrentHashMap.newKeySet();

    /// The segments of a moment, held until closed.
    final class Lease implements AutoCloseable {
        private volatile @Nullable Snapshot held;

        /// Taken before the snapshot is, so that whoever swaps the segments afterwards sees this lease.
        private Lease() {
            open.add(this);
        }

        Snapshot segments() {
            Snapshot now = held;
            if (now == null) throw new IllegalStateException("lease without segments");
            return now;
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    Lease take(Supplier<Snapshot> now) {
        var lease = new Lease();
        lease.held = now.get();
        return lease;
    }

    /// Says whether somebody may still read in a segment that is in the current snapshot no more.
    boolean reading(PackSegment segment) {
        for (Lease lease : open) {
            Snapshot held = lease.held;
            if (held == null || held.has(segment)) return true;
        }
        return false;
    }
}
