/// Deletion: how mail that ended is had back, and how it goes for good.
///
/// Lives here: [Restore], which places again what was there at an earlier moment; [Collector], which condemns
/// and removes ([Collection]) what ended longer ago than its [Terms] say, unless a [Brake] is pulled.
/// Promises: what ended can be had back for the plan's retention, byte for byte; nothing that lives goes;
/// nothing that went comes back.
/// An old journal goes too ([OldJournal]), a week apart as well; an account is erased everywhere by [Erasure].
/// Never: rewrites a journal; deletes from the last vault what left the first less than a week ago.
/// Start reading at [Restore] and [Collector#run]; the rows are rooms 39 to 3B of [casella.store.engine.Key].
@NullMarked
package casella.store.deletion;

import org.jspecify.annotations.NullMarked;
