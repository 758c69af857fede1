package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Which accounts were erased, and where in the log. One row an erasure: few, until compaction drops them.
final class Erasures {
    private final ConcurrentHashMap<AccountId, List<Place>> places = new ConcurrentHashMap<>();

    void add(AccountId account, Place place) {
        places.merge(account, List.of(place), (a, b) -> Stream.concat(a.stream(), b.stream()).distinct().toList());
    }

    /// Says whether an object of `account` that is at `place` was erased, by an erasure before `before`.
    boolean erased(AccountId account, Place place, Place before) {
        for (Place erasure : places.getOrDefault(account, List.of())) {
            if (place.before(erasure) && erasure.before(before)) return true;
        }
        return false;
    }
}
