package casella.store.continuation;

import casella.base.ArrivalId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages that were read last. What waits is checked as a whole (I2), so no stretch of it can be read
/// alone: one that is read in stretches is read once, and kept here for the next.
final class Recent {
    /// As much as the largest message there can be.
    static final long BYTES_MAX = 64L << 20;

    private final Map<ArrivalId, Waiting.Message> messages = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    synchronized Waiting.@Nullable Message get(ArrivalId arrival) {
        return messages.get(arrival);
    }

    /// Keeps one; those not used for longest give way.
    synchronized void put(ArrivalId arrival, Waiting.Message message) {
        if (message.content().length > BYTES_MAX) return;
        Waiting.Message before = messages.put(arrival, message);
        bytes += message.content().length - (before == null ? 0 : before.content().length);
        var eldest = messages.values().iterator();
        while (bytes > BYTES_MAX) {
            bytes -= eldest.next().content().length;
            eldest.remove();
        }
    }

    synchronized void clear() {
        messages.clear();
        bytes = 0;
    }
}
