package casella.vault.pack;

/// How a pack vault's files are.
///
/// @param segments files there are
/// @param runs groups of them whose names do not overlap: an account's objects are in at most one or two files of each
/// @param wasteBytes estimated bytes of objects that are no more
/// @param rewrittenBytes written by compaction since the start
/// @param lost objects that compaction found damaged since the start, their bytes set aside
/// @param erasing accounts that were erased and of which bytes are still on the disk, when last looked
public record Compacted(int segments, int runs, long wasteBytes, long rewrittenBytes, long lost, long erasing) {}
