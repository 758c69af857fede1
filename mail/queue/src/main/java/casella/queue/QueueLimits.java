package casella.queue;

import casella.store.append.AppendConfig;
import java.time.Duration;

/// How much the queue holds.
///
/// @param itemsMax recipients that wait, in all; default 1,000,000
/// @param bytesMax bytes of messages that wait; default 20 GiB
/// @param accountItemsMax recipients that wait for one account; default 20,000
/// @param accountBytesMax bytes of messages that wait for one account, so that a flood for one address leaves room for
///        the others; default 2 GiB
/// @param segmentBytesMax a file is not let grow beyond this; default 64 MiB
/// @param freeShareMin share of the disk that must stay free; default 0.05
/// @param breakerAge how long a write may run before another file takes over; default 2 s
public record QueueLimits(
        int itemsMax,
        long bytesMax,
        int accountItemsMax,
        long accountBytesMax,
        long segmentBytesMax,
        double freeShareMin,
        Duration breakerAge) {
    public static final QueueLimits DEFAULT =
            new QueueLimits(
                    1_000_000,
                    20L << 30,
                    20_000,
                    2L << 30,
                    64L << 20,
                    AppendConfig.FREE_SHARE_MIN,
                    AppendConfig.BREAKER_AGE);

    /// Returns these limits with other totals, no account taking more than a tenth of the bytes.
    public QueueLimits withTotals(int items, long bytes) {
        return new QueueLimits(
                items,
                bytes,
                accountItemsMax,
                Math.max(bytes / 10, QueueRecord.CONTENT_BYTES_MAX),
                segmentBytesMax,
                freeShareMin,
                breakerAge);
    }

    AppendConfig log() {
        return new AppendConfig(
                "queue", "QUEU", segmentBytesMax, QueueRecord.RECORD_BYTES_MAX, freeShareMin, breakerAge);
    }
}
