/// The append log: numbered files that only grow, shared by tail, pack vault and queue.
///
/// Lives here: [AppendLog] (append many, sync once, read back), the bytes of its files ([SegmentFormat]), how they are
/// written ([SegmentWriter]) and how they are read again after anything happened to them ([SegmentScan]).
/// Promises: a record whose ticket was answered is on the disk and is found again; a file that failed or hung is left
/// and never written again; damage is told from a torn end, set aside with its place, and costs nothing around it.
/// Never: truncates or continues a file, maps one into memory, interprets a record.
/// Start reading at [AppendLog]; the format page is docs/formats/append.md.
@NullMarked
package casella.store.append;

import org.jspecify.annotations.NullMarked;
