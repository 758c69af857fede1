package casella.server;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.queue.LocalQueue;
import casella.store.continuation.Waiting;
import java.util.List;
import java.util.Map;

/// What waits in the queue, as continuations show it.
record QueuedMail(LocalQueue queue) implements Waiting {
    @Override
    public List<Item> of(AccountId account) {
        return queue.of(account).stream()
                .map(one -> new Item(one.item().arrival(), one.received()))
                .toList();
    }

    @Override
    public Message message(ArrivalId arrival) {
        return queue.find(arrival)
                .map(queue::content)
                .map(content -> new Message(content.hash(), content.bytes()))
                .orElseThrow(() -> new Fault.Corrupt("It does not wait any more", Map.of("arrival", arrival)));
    }

    @Override
    public void retry(AccountId account) {
        queue.retry(account);
    }

    /// The queue of a data folder that no server has: nothing of it is read, and its server tries all it holds
    /// when it starts.
    static Waiting unopened() {
        return new Waiting() {
            @Override
            public List<Item> of(AccountId account) {
                throw new Fault.Unavailable("The queue is not open", Map.of("account", account));
            }

            @Override
            public Message message(ArrivalId arrival) {
                throw new Fault.Unavailable("The queue is not open", Map.of("arrival", arrival));
            }

            @Override
            public void retry(AccountId account) {}
        };
    }
}
