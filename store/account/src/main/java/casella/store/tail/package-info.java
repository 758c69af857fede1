/// The tail: the node's synced file of the last changes of all accounts, of another technology than the engine.
///
/// Lives here: [Tail] and what it remembers of an account ([Held]); whether it has all it had ([Vouching]).
/// Promises: an answered entry is on the disk; memory does not grow with entries, only with accounts that have some
/// here; a file goes when nothing in it is held any more.
/// Never: is the archive. Entries leave for journal segments in the vaults and are then released.
/// Start reading at [Tail]; the format page is docs/formats/tail.md.
@NullMarked
package casella.store.tail;

import org.jspecify.annotations.NullMarked;
