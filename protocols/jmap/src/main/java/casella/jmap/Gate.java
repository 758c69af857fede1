package casella.jmap;

import casella.base.AccountId;
import java.util.HashMap;
import java.util.Map;

/// How many things an account may do at a time. `maxConcurrentRequests`, `maxConcurrentUpload`:
/// RFC 8620 §2.
final class Gate {
    private final int most;
    private final Map<AccountId, Integer> inside = new HashMap<>();

    Gate(int most) {
        this.most = most;
    }

    /// Lets one more in, or not. Whoever is let in calls [#leave] once.
    synchronized boolean enter(AccountId account) {
        int count = inside.getOrDefault(account, 0);
        if (count >= most) return false;
        inside.put(account, count + 1);
        return true;
    }

    synchronized void leave(AccountId account) {
        inside.computeIfPresent(account, (_, count) -> count == 1 ? null : count - 1);
    }
}
