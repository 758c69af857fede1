/// The disk: the only door to files the project writes itself (tail, pack, queue).
///
/// Lives here: [Disk], the machine's and a test's; [OpenFiles], which keeps a bounded number of them open for reading;
/// [SmallFile], which is replaced as a whole; [NoteFile], for evidence that may be lost; [Room], which a vault asks first.
/// Promises: what [Disk.File#sync] and [Disk#syncFolder] returned for is on the disk.
/// Never: maps a file into memory; truncates one or writes anywhere but at a file's end, [NoteFile] excepted.
/// Start reading at [Disk].
@NullMarked
package casella.store.disk;

import org.jspecify.annotations.NullMarked;
