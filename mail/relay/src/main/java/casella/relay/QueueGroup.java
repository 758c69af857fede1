package casella.relay;

import casella.queue.Outgoing;
import casella.queue.RemoteItem;
import java.util.Comparator;
import java.util.List;

/// Recipients of one message, at one domain.
///
/// @param all 1 or more, in the order of their ids
record QueueGroup(List<Outgoing> all) {
    QueueGroup {
        all = all.stream().sorted(Comparator.comparing((Outgoing one) -> one.item().id())).toList();
    }

    /// Returns the first message's.
    static QueueGroup first(List<Outgoing> some) {
        Outgoing first = some.getFirst();
        return new QueueGroup(some.stream()
                .filter(one -> one.message().equals(first.message()) && one.place().equals(first.place())
                        && one.item().domain().equals(first.item().domain()))
                .toList());
    }

    List<RemoteItem> items() {
        return all.stream().map(Outgoing::item).toList();
    }
}
