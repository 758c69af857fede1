package casella.queue;

import java.util.Map;

/// What the queue holds now.
///
/// @param items recipients that wait, by priority
/// @param bytes of messages that wait
/// @param oldestSeconds how long the oldest has waited, 0 when none does
/// @param files files there are
/// @param indexed whether the index answers; while it does not, mail is taken and none is filed
/// @param full whether the disk is too full to take mail
public record Figures(
        Map<Priority, Integer> items,
        long bytes,
        long oldestSeconds,
        int files,
        boolean indexed,
        boolean full) {
    public Figures {
        items = Map.copyOf(items);
    }

    public int total() {
        return items.values().stream().mapToInt(Integer::intValue).sum();
    }
}
