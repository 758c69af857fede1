package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.vault.pack.PackSegment.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Which erased accounts still have bytes in files.
///
/// @param segments the files
/// @param accounts how many accounts
record Erasing(Set<PackSegment> segments, int accounts) {
    /// @param age only erasures at least so old
    static Erasing of(Snapshot now, Erasures erasures, Duration age) throws IOException {
        Set<PackSegment> segments = new LinkedHashSet<>();
        Set<AccountId> accounts = new HashSet<>();
        for (Map.Entry<AccountId, Place> erased : erasures.latest(age).entrySet()) {
            if (now.segment(erased.getValue().segment()) == null) continue;
            for (PackSegment segment : now.segments()) {
                if (segment.number() > erased.getValue().segment() || !segment.mayHold(erased.getKey())) continue;
                if (!holds(segment, erased.getKey(), erased.getValue())) continue;
                segments.add(segment);
                accounts.add(erased.getKey());
            }
        }
        return new Erasing(segments, accounts.size());
    }

    /// Says whether a segment tells of a name of an account from before its erasure, were it only of its removal: the
    /// object itself may be before that.
    private static boolean holds(PackSegment segment, AccountId account, Place erasure) throws IOException {
        Cursor cursor = segment.cursor(Place.LAST);
        boolean more = cursor.seek(LiveObjects.first(account));
        while (more && cursor.name().account().equals(account)) {
            if (cursor.slot().place().before(erasure)) return true;
            more = cursor.next();
        }
        return false;
    }
}
