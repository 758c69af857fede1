package casella.server;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.queue.LocalQueue;
import casella.queue.RemoteQueue;
import casella.queue.Waiting;
import casella.store.continuation.DialTone;
import casella.store.deletion.Erasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The queue as a place of an erasure, and the numbers a continuation gave to what is in it. What waits for a wiped
/// account the drain lets go by itself; what it submitted to other servers ends here.
record QueuePlace(LocalQueue queue, DialTone dialTone) implements Erasure.Place {
    private static final int PAGE = 1_000;

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public boolean erased(AccountId account) {
        dialTone.forget(account);
        if (queue.remote().cancel(new RemoteQueue.Which.OfAccount(account)) > 0) return false; // looked at again
        @Nullable ArrivalId after = null;
        while (true) {
            List<Waiting> page = queue.list(after, PAGE);
            if (page.stream().anyMatch(waiting -> waiting.item().account().equals(account))) return false;
            if (page.size() < PAGE) return true;
            after = page.getLast().item().arrival();
        }
    }
}
