/// The pack vault: all accounts' objects in a few large files of our own, one sync for many writers.
///
/// Lives here: the vault ([PackVault]), its records ([PackRecord]), the segment being filled ([YoungSegment]), the
/// sorted index of one that is full ([PackIndex]), and what is there across all of them ([LiveObjects]).
/// Promises: an answered put, removal or erasure is on the disk; an index is derived and rebuilt when lost or damaged;
/// memory does not grow with the number of objects but by about 2 bytes each.
/// Never: checks an object's content (whoever reads does), rewrites a file.
/// Not yet: compaction into runs sorted by account, which takes back the space of removed objects. A run will be a
/// segment like any other whose records happen to be in name order.
/// Start reading at [PackVault]; the format page is docs/formats/pack.md.
@NullMarked
package casella.vault.pack;

import org.jspecify.annotations.NullMarked;
