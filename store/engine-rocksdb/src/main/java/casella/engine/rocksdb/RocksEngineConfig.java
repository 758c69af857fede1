package casella.engine.rocksdb;

/// What an operator may set of the embedded engine.
///
/// @param blockCacheBytes memory for blocks read, indexes and filters included; at least 1 MiB; default 64 MiB
/// @param writeBufferBytes memory for rows not yet in a sorted file, each; 64 KiB to 1 GiB; default 64 MiB
/// @param writeBuffersMax how many of them may be in memory at once; 2 to 16; default 3
/// @param readThreads threads that read; 1 to 32; default 4
/// @param readsWaitingMax reads that may wait for one of them, more are refused; 1 to 100,000; default 2,000
/// @param backgroundJobs threads that flush and compact; 1 to 32; default 2
public record RocksEngineConfig(
        long blockCacheBytes,
        long writeBufferBytes,
        int writeBuffersMax,
        int readThreads,
        int readsWaitingMax,
        int backgroundJobs) {
    public RocksEngineConfig {
        check(blockCacheBytes >= 1 << 20, "engine.block-cache: must be at least 1 MiB");
        check(
                writeBufferBytes >= 64 << 10 && writeBufferBytes <= 1 << 30,
                "engine.write-buffer: must be 64 KiB to 1 GiB");
        check(writeBuffersMax >= 2 && writeBuffersMax <= 16, "engine.write-buffers: must be 2 to 16");
        check(readThreads >= 1 && readThreads <= 32, "engine.read-threads: must be 1 to 32");
        check(
                readsWaitingMax >= 1 && readsWaitingMax <= 100_000,
                "engine.reads-waiting: must be 1 to 100,000");
        check(backgroundJobs >= 1 && backgroundJobs <= 32, "engine.background-jobs: must be 1 to 32");
    }

    private static void check(boolean holds, String rule) {
        if (!holds) throw new IllegalArgumentException(rule);
    }

    /// Returns the defaults, measured on two cores.
    public static RocksEngineConfig standard() {
        return new RocksEngineConfig(64L << 20, 64L << 20, 3, 4, 2_000, 2);
    }

    /// Returns the defaults with little memory: for tests that open many.
    public static RocksEngineConfig small() {
        return new RocksEngineConfig(4L << 20, 1L << 20, 2, 4, 2_000, 2);
    }
}
