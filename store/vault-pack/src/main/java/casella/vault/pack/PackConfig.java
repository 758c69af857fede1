package casella.vault.pack;

import casella.store.append.AppendConfig;
import java.time.Duration;

/// How a pack vault behaves.
///
/// @param segmentBytesMax size at which a new segment is begun; default 256 MiB
/// @param freeShareMin share of the disk that must be free for puts; removals go on below; default 0.05
/// @param breakerAge how long a write may run before its file counts as hung; default 2 s
public record PackConfig(long segmentBytesMax, double freeShareMin, Duration breakerAge) {
    /// Returns the standing limits.
    public static PackConfig standard() {
        return new PackConfig(256L << 20, AppendConfig.FREE_SHARE_MIN, AppendConfig.BREAKER_AGE);
    }

    public PackConfig withSegmentBytesMax(long bytes) {
        return new PackConfig(bytes, freeShareMin, breakerAge);
    }
}
