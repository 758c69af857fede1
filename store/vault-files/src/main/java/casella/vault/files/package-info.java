/// The vault of plain files: one file a mail, in folders that a person can read.
///
/// Lives here: [FilesVault]; where an object lies ([Layout]); the text before its content ([FileHead]); the thread that
/// writes ([FilesWriter]); reading and listing ([FilesReads]).
/// Promises: the contract of every vault (`casella.testkit.VaultContract`); what is answered lies under its last name,
/// synced with every folder above it; a damaged file is set aside with its bytes, never answered, never deleted.
/// Never: puts a word of a mail into a file's name; keeps an index: the folders are it.
/// Start reading at [Layout]; the page is docs/formats/files.md, the reasons are decision 0092.
@NullMarked
package casella.vault.files;

import org.jspecify.annotations.NullMarked;
