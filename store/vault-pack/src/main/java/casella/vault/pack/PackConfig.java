package casella.vault.pack;

import casella.store.append.AppendConfig;
import java.time.Duration;

/// How a pack vault behaves.
///
/// @param segmentBytesMax size at which a new segment is begun; default 256 MiB
/// @param freeShareMin share of the disk that must be free for puts; removals go on below; default 0.05
/// @param breakerAge how long a write may run before its file counts as hung; default 2 s
/// @param compacting how segments are merged
public record PackConfig(long segmentBytesMax, double freeShareMin, Duration breakerAge, Compacting compacting) {
    /// How segments are merged.
    ///
    /// @param bytesPerSecond read and written at most; 0 for only when asked; default 64 MiB
    /// @param every how often to look whether something is to be merged; default 1 min
    /// @param eraseAfter how long erasures are gathered before the files they are in are written again; default 1 h
    public record Compacting(long bytesPerSecond, Duration every, Duration eraseAfter) {
        public static final Compacting STANDARD =
                new Compacting(64L << 20, Duration.ofMinutes(1), Duration.ofHours(1));
        public static final Compacting WHEN_ASKED = new Compacting(0, Duration.ofMinutes(1), Duration.ofHours(1));

        public Compacting {
            if (bytesPerSecond < 0) throw new IllegalArgumentException("bytesPerSecond: must not be negative");
            if (!every.isPositive()) throw new IllegalArgumentException("every: must be positive");
            if (eraseAfter.isNegative()) throw new IllegalArgumentException("eraseAfter: must not be negative");
        }
    }

    /// A vault that merges only when asked.
    public PackConfig(long segmentBytesMax, double freeShareMin, Duration breakerAge) {
        this(segmentBytesMax, freeShareMin, breakerAge, Compacting.WHEN_ASKED);
    }

    /// Returns the standing limits.
    public static PackConfig standard() {
        return new PackConfig(
                256L << 20, AppendConfig.FREE_SHARE_MIN, AppendConfig.BREAKER_AGE, Compacting.STANDARD);
    }

    public PackConfig withSegmentBytesMax(long bytes) {
        return new PackConfig(bytes, freeShareMin, breakerAge, compacting);
    }

    public PackConfig with(Compacting how) {
        return new PackConfig(segmentBytesMax, freeShareMin, breakerAge, how);
    }
}
