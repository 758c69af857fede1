package casella.vault.rocksdb;

import java.time.Duration;

/// What an operator may set of a RocksDB vault.
///
/// @param blockCacheBytes memory for names, indexes and filters; at least 1 MiB; default 16 MiB
/// @param writeBufferBytes memory for objects not yet in a file, each; 64 KiB to 1 GiB; default 64 MiB
/// @param writeBuffersMax how many of them may be in memory at once; 2 to 16; default 3
/// @param blobFileBytes size at which a file of objects is closed; 64 KiB to 4 GiB; default 256 MiB
/// @param readThreads threads that read; 1 to 32; default 4
/// @param readsWaitingMax reads that may wait for one of them, more are refused; 1 to 100,000; default 1,000
/// @param backgroundJobs threads that flush and compact; 1 to 32; default 2
/// @param freeShareMin share of the disk below which nothing new is taken; 0 to 0.5; default 0.05
/// @param selfRepair how long a database that fails to write may try to recover before it is set aside; default 5 s
/// @param generationPause least time between two databases set aside; default 10 s
public record RocksVaultConfig(
        long blockCacheBytes,
        long writeBufferBytes,
        int writeBuffersMax,
        long blobFileBytes,
        int readThreads,
        int readsWaitingMax,
        int backgroundJobs,
        double freeShareMin,
        Duration selfRepair,
        Duration generationPause) {
    public RocksVaultConfig {
        check(blockCacheBytes >= 1 << 20, "block-cache: must be at least 1 MiB");
        check(writeBufferBytes >= 64 << 10 && writeBufferBytes <= 1 << 30, "write-buffer: must be 64 KiB to 1 GiB");
        check(writeBuffersMax >= 2 && writeBuffersMax <= 16, "write-buffers: must be 2 to 16");
        check(blobFileBytes >= 64 << 10 && blobFileBytes <= 4L << 30, "blob-file: must be 64 KiB to 4 GiB");
        check(readThreads >= 1 && readThreads <= 32, "read-threads: must be 1 to 32");
        check(readsWaitingMax >= 1 && readsWaitingMax <= 100_000, "reads-waiting: must be 1 to 100,000");
        check(backgroundJobs >= 1 && backgroundJobs <= 32, "background-jobs: must be 1 to 32");
        check(freeShareMin >= 0 && freeShareMin <= 0.5, "free-share: must be 0 to 0.5");
        check(!selfRepair.isNegative(), "self-repair: must not be negative");
        check(!generationPause.isNegative(), "generation-pause: must not be negative");
    }

    private static void check(boolean holds, String rule) {
        if (!holds) throw new IllegalArgumentException("vault." + rule);
    }

    /// Returns the defaults, measured on two cores.
    public static RocksVaultConfig standard() {
        return new RocksVaultConfig(
                16L << 20, 64L << 20, 3, 256L << 20, 4, 1_000, 2, 0.05, Duration.ofSeconds(5),
                        Duration.ofSeconds(10));
    }

    /// Returns the defaults with little memory and no pause between generations: for tests that open and break many.
    public static RocksVaultConfig small() {
        return new RocksVaultConfig(
                2L << 20, 1L << 20, 2, 1L << 20, 4, 1_000, 2, 0.05, Duration.ofMillis(200), Duration.ZERO);
    }
}
