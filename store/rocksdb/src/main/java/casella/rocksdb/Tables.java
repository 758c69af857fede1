package casella.rocksdb;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;

/// How sorted files are laid out and what of them stays in memory, so that a read costs the same however large they grow.
///
/// A filter of a whole file grows with it (2.2 MiB for 70 MB of small rows). It was larger than a shard of the cache, never
/// kept, and read and checked anew at every read. In partitions of a few KiB each it is kept like any other block
/// ([0143](docs/decisions/0143-filters-and-indexes-lie-in-partitions.md)).
public final class Tables {
    private static final int BLOCK_BYTES = 16 << 10;
    private static final int PARTITION_BYTES = 4 << 10;
    private static final int BITS_A_KEY = 10;

    /// The least room of a shard: a filter that an older version wrote whole fits.
    private static final long SHARD_BYTES_MIN = 8L << 20;

    private static final int SHARD_BITS_MAX = 6;

    /// The part of the cache that data blocks do not drive indexes and filters out of.
    private static final double KEPT = 0.5;

    private Tables() {}

    /// Returns a cache of `bytes`; whoever asked frees it.
    public static Cache cache(long bytes) {
        int bits = 0;
        while (bits < SHARD_BITS_MAX && bytes >> (bits + 1) >= SHARD_BYTES_MIN) bits++;
        return new LRUCache(bytes, bits, false, KEPT);
    }

    /// Returns the layout of files whose blocks are kept in `cache`.
    public static BlockBasedTableConfig of(Cache cache, Handles handles) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(PARTITION_BYTES)
                .setFilterPolicy(handles.keep(new BloomFilter(BITS_A_KEY, false)))
                .setBlockSize(BLOCK_BYTES);
    }
}
