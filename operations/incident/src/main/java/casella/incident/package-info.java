/// The incident desk: what people are told, what is recorded of it, what is owed.
///
/// Lives here: the desk's own database ([Desk]) and what stands on it.
/// Promises: works with every engine and vault down; what was said when is kept and never edited.
/// Never: reads mail; waits for the store.
/// Start reading at [Desk].
@NullMarked
package casella.incident;

import org.jspecify.annotations.NullMarked;
