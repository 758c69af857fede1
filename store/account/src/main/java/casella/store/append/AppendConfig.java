package casella.store.append;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// How a log behaves.
///
/// @param name for threads, faults and events: `tail`, `vault.pack`
/// @param content four letters in each file's header that say whose log it is: `TAIL`
/// @param segmentBytesMax a new file is begun rather than let one grow beyond this; a larger batch has one of its own
/// @param recordBytesMax longest record
/// @param freeShareMin share of the disk that must be free for records that are not vital; default 0.05
/// @param breakerAge how long a batch may run before the file counts as hung and another takes over; default 2 s
/// @param numbersApart how far a file's number is from the one before at least: what is between is for files that are
///                     merged from older ones; default 1, no such files
public record AppendConfig(
        String name,
        String content,
        long segmentBytesMax,
        int recordBytesMax,
        double freeShareMin,
        Duration breakerAge,
        long numbersApart) {
    public static final double FREE_SHARE_MIN = 0.05;
    public static final Duration BREAKER_AGE = Duration.ofSeconds(2);

    public AppendConfig {
        if (content.getBytes(StandardCharsets.US_ASCII).length != 4) {
            throw new IllegalArgumentException("content: must be four letters");
        }
        if (segmentBytesMax < 4096 || segmentBytesMax > 1L << 31) {
            throw new IllegalArgumentException("segmentBytesMax: must be 4096 to 2^31");
        }
        if (freeShareMin < 0 || freeShareMin > 0.5) {
            throw new IllegalArgumentException("freeShareMin: must be 0 to 0.5");
        }
        if (numbersApart < 1) throw new IllegalArgumentException("numbersApart: must be at least 1");
    }

    public AppendConfig(
            String name,
            String content,
            long segmentBytesMax,
            int recordBytesMax,
            double freeShareMin,
            Duration breakerAge) {
        this(name, content, segmentBytesMax, recordBytesMax, freeShareMin, breakerAge, 1);
    }

    /// A log with the standing limits.
    public AppendConfig(String name, String content, long segmentBytesMax, int recordBytesMax) {
        this(name, content, segmentBytesMax, recordBytesMax, FREE_SHARE_MIN, BREAKER_AGE);
    }
}
