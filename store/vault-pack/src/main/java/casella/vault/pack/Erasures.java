package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Which accounts were erased, and where in the log. One row an erasure: few, since compaction drops them.
final class Erasures {
    /// @param nanos when it was noted here, as `System.nanoTime` tells
    private record Erased(Place place, long nanos) {}

    private final ConcurrentHashMap<AccountId, List<Erased>> all = new ConcurrentHashMap<>();

    void add(AccountId account, Place place) {
        if (any(account, place::equals)) return;
        List<Erased> one = List.of(new Erased(place, System.nanoTime()));
        all.merge(account, one, (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }

    /// Forgets what a segment said that is no more.
    void remove(AccountId account, Place place) {
        all.computeIfPresent(
                account,
                (_, places) -> {
                    List<Erased> left = places.stream().filter(one -> !one.place().equals(place)).toList();
                    return left.isEmpty() ? null : left;
                });
    }

    /// Says whether an erasure of `account` is at a place that `wanted` takes.
    boolean any(AccountId account, Predicate<Place> wanted) {
        for (Erased one : all.getOrDefault(account, List.of())) if (wanted.test(one.place())) return true;
        return false;
    }

    /// Returns the last erasure of each account, of those that were noted so long ago.
    Map<AccountId, Place> latest(Duration age) {
        long until = System.nanoTime() - age.toNanos();
        Map<AccountId, Place> latest = new HashMap<>();
        all.forEach(
                (account, places) -> {
                    for (Erased one : places) {
                        if (one.nanos() - until > 0) continue;
                        latest.merge(account, one.place(), (a, b) -> a.before(b) ? b : a);
                    }
                });
        return latest;
    }
}
