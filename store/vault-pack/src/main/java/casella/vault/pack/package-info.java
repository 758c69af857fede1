/// The pack vault: all accounts' objects in a few large files of our own, one sync for many writers.
///
/// Lives here: the vault ([PackVault]), its records ([PackRecord]), the segment being filled ([YoungSegment]), the
/// sorted index of one that is full ([PackIndex]), what is there across all of them ([Snapshot], [LiveObjects]), and
/// what merges them behind into runs in account order ([Compaction], [CompactionPlan], [Merge]). Promises: an
/// answered put, removal or erasure is on the disk; an index is derived and rebuilt when lost or damaged; memory does
/// not grow with the number of objects but by about 2 bytes each; the space of what was removed is taken back. Never:
/// checks an object's content (whoever reads does), rewrites a file, removes one before what stands in for it was
/// synced and read back. Start reading at [PackVault]; the format page is docs/formats/pack.md.
@NullMarked
package casella.vault.pack;

import org.jspecify.annotations.NullMarked;
