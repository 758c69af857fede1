package casella.queue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// In which order a backlog drains: urgent first, fresh before stale, and a share for everyone whatever comes.
///
/// Of ten places six are urgent mail's, three personal mail's, one bulk mail's; what one has no use for, the next
/// takes. Within each, every fourth place is the oldest's, the others the newest's: who waits for a code gets it while
/// new mail comes in, and yesterday's mail is not buried for ever.
public final class Turns {
    /// @param newest whether the newest goes, or the oldest
    public record Turn(Priority priority, boolean newest) {}

    private static final List<Priority> PLACES =
            List.of(
                    Priority.URGENT, Priority.URGENT, Priority.PERSONAL, Priority.URGENT, Priority.URGENT,
                    Priority.PERSONAL, Priority.URGENT, Priority.BULK, Priority.URGENT, Priority.PERSONAL);
    private static final int OLDEST_EVERY = 4;

    private final Map<Priority, Integer> taken = new EnumMap<>(Priority.class);
    private int at;

    /// Returns whose the next place is.
    public Turn next() {
        Priority priority = PLACES.get(at);
        at = (at + 1) % PLACES.size();
        int count = taken.merge(priority, 1, Integer::sum);
        return new Turn(priority, count % OLDEST_EVERY != 0);
    }
}
