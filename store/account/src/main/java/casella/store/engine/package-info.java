/// The engine: the transactional key-value store that holds the current view of accounts.
///
/// Lives here: the SPI ([Engine], [Rows], [Batch]) and the address of every row ([Key]).
/// Promises: an account is one ordered key space; a batch is atomic and conditional on the account's version and epoch.
/// Never: names a technology; holds the only copy of anything (the journal can rebuild it).
/// Start reading at [Engine]; the layout is the table in [Key].
@NullMarked
package casella.store.engine;

import org.jspecify.annotations.NullMarked;
