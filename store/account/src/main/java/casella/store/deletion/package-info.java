/// Deletion: how mail that ended is had back, and how it goes for good.
///
/// Lives here: [Restore], which places again what was there at an earlier moment.
/// Promises: what ended can be had back for the plan's retention, byte for byte.
/// Never: rewrites a journal; what is restored is ordinary new changes.
/// Start reading at [Restore]; the rows are rooms 39 to 3B of [casella.store.engine.Key].
@NullMarked
package casella.store.deletion;

import org.jspecify.annotations.NullMarked;
