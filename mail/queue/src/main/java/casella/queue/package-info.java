/// The local queue: it takes a message when the account it is for cannot be written now, and files it when it can.
///
/// Lives here: [LocalQueue] (bytes in files of our own, synced before the sender reads 250), its records
/// ([QueueRecord]), the index of what waits ([QueueIndex], SQLite, derived), how urgent a message is ([Classifier]), and
/// [Drain], the paced worker that files what waits.
/// Promises: what was kept is on the disk with its own bytes and depends on no vault and no engine; each recipient gets
/// it once, however often filing is tried, because its arrival was chosen when it was queued; urgent mail goes first
/// and the rest always has its share.
/// Never: refuses because of the index; drops a message that can still be read; files by itself, that is a [Filing]'s
/// part.
/// Start reading at [LocalQueue]; the format page is docs/formats/queue.md.
@NullMarked
package casella.queue;

import org.jspecify.annotations.NullMarked;
