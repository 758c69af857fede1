/// The archive: the journal in the vaults, and what is read back from it.
///
/// Lives here: the forms of what is kept ([JournalSegment], [SegmentContents], [Checkpoint], [Page]), what takes entries
/// there ([Archiver], told by [Journalled]), what reads them ([History], [Folding]) and makes views whole
/// ([Restorer]), over a hole too ([Reconciliation]); what proves all of them after a loss ([Proving]).
/// Promises: entries leave engine and tail only when the policy has their segment; a crash anywhere costs repeated work;
/// what is read back is verified hash by hash.
/// Never: changes a chain; reads a checkpoint out of an engine.
/// Start reading at [Archiver#archive]; the format pages are docs/formats/segment.md, contents.md,
/// checkpoint.md.
@NullMarked
package casella.store.archive;

import org.jspecify.annotations.NullMarked;
